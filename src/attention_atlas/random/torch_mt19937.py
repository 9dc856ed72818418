"""Normal and uniform numbers as PyTorch's CPU generator draws them, without PyTorch.

``torch.manual_seed(seed); torch.randn(shape)`` takes the low 24 bits of one
word of the Mersenne Twister per number and turns blocks of sixteen uniform
numbers into normal ones by Box and Muller's formula, all in single precision. ``torch.rand`` in
double precision takes the low 53 bits of two words.
"""

import math
from collections.abc import Sequence

import numpy as np

from attention_atlas.errors import AtlasError

__all__ = ["MIN_NUMBERS", "torch_normal", "torch_uniform"]

BLOCK = 16
# PyTorch draws fewer numbers than one block by another rule (in double precision).
MIN_NUMBERS = BLOCK
TWO_PI = np.float32(2 * math.pi)


def _uniform(generator: np.random.RandomState, count: int) -> np.ndarray:
    words = generator.randint(0, 2**32, size=count, dtype=np.uint32)
    return (words & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)


def _single(function: np.ufunc, values: np.ndarray) -> np.ndarray:
    """``function`` in double precision, rounded once: the same float32 on every machine."""
    return function(values.astype(np.float64)).astype(np.float32)


def _normal_blocks(uniform: np.ndarray) -> np.ndarray:
    """Box-Muller transform of rows of sixteen: eight radii, eight angles.

    Every intermediate result is a float32. The rounding of 2 pi u2 to single
    precision matters: with the exact angle the numbers are off by 9e-7.
    """
    radius = _single(np.sqrt, np.float32(-2) * _single(np.log, np.float32(1) - uniform[:, :8]))
    angle = TWO_PI * uniform[:, 8:]
    return np.concatenate([radius * _single(np.cos, angle), radius * _single(np.sin, angle)], axis=1)


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise AtlasError(f"seed: {seed} is outside the bounds 0 to {2**32 - 1}; choose a seed between them")


def torch_uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """``torch.manual_seed(seed); torch.rand(shape, dtype=torch.float64)`` on the CPU, to the last bit: float64 in [0, 1).

    Raises
    ------
    AtlasError
        The seed is outside 0 to 2**32 - 1.
    """
    _check_seed(seed)
    words = np.random.RandomState(seed).randint(0, 2**32, size=(math.prod(shape), 2), dtype=np.uint32).astype(np.uint64)
    bits = (words[:, 0] << np.uint64(32) | words[:, 1]) & np.uint64(2**53 - 1)
    return (bits * 2.0**-53).reshape(tuple(shape))


def torch_normal(seed: int, shape: Sequence[int]) -> np.ndarray:
    """``torch.manual_seed(seed); torch.randn(shape)`` on the CPU, to 3e-7.

    Parameters
    ----------
    seed
        Integer from 0 to 2**32 - 1.
    shape
        Shape of the result, with sixteen numbers or more in all.

    Returns
    -------
    numpy.ndarray
        float32 of the shape asked for.

    Raises
    ------
    AtlasError
        The seed is out of its range, or fewer than sixteen numbers are asked for.
    """
    count = math.prod(shape)
    _check_seed(seed)
    if count < MIN_NUMBERS:
        raise AtlasError(
            f"shape: {tuple(shape)} holds {count} numbers, the bound is {MIN_NUMBERS} because PyTorch "
            "draws fewer by another rule; ask for more particles or use the counter-based start"
        )
    # The legacy generator is the one that seeds the twister as PyTorch does.
    generator = np.random.RandomState(seed)
    numbers = _uniform(generator, count)
    whole = count - count % BLOCK
    numbers[:whole] = _normal_blocks(numbers[:whole].reshape(-1, BLOCK)).ravel()
    if whole < count:
        numbers[-BLOCK:] = _normal_blocks(_uniform(generator, BLOCK).reshape(1, BLOCK)).ravel()
    return numbers.reshape(shape)
