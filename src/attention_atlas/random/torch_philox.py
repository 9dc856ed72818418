"""Numbers as PyTorch's generator draws them on a CUDA GPU, without PyTorch and without a GPU.

``torch.manual_seed(seed)`` sets the key of Philox4x32-10 to the seed and its counter to (block, 0, thread, 0). In the first
call of a program thread i makes element i, from the block 0:

``torch.rand(count, dtype=torch.float64)`` takes the first two of its four words a, b as
u = (a XOR b 2**21) 2**-53 + 2**-54, ``torch.randn`` (float32) the normals of ``philox``.

This holds for as many numbers as the GPU starts threads, ``THREADS`` on a GPU with 40 multiprocessors; beyond, the
layout depends on the GPU, and no numbers are given here.
"""

import math
from collections.abc import Sequence

import numpy as np
from numba import types

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled
from attention_atlas.random.philox import THREADS, philox4x32, seed_words, tensor_normals

__all__ = ["torch_cuda_normal", "torch_cuda_uniform"]


@compiled
def _fill_uniform(out, k0, k1):
    zero = types.uint64(0)
    for thread in range(out.size):
        a, b, _, _ = philox4x32(zero, zero, types.uint64(thread), zero, k0, k1)
        out[thread] = types.float64(a ^ (b << types.uint64(21))) * 2.0**-53 + 2.0**-54


def _checked_count(shape: Sequence[int]) -> int:
    count = math.prod(shape)
    if not 1 <= count <= THREADS:
        raise AtlasError(
            f"shape: {tuple(shape)} holds {count} numbers, the bounds are 1 and {THREADS} because the layout of more "
            "depends on the GPU; ask for fewer particles or use the counter-based start"
        )
    return count


def torch_cuda_uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """``torch.manual_seed(seed); torch.rand(shape, dtype=torch.float64, device="cuda")``: float64 in (0, 1].

    Raises
    ------
    AtlasError
        The seed is outside 0 <= seed < 2**64, or more than 40,960 numbers are asked for.
    """
    out = np.empty(_checked_count(shape))
    _fill_uniform(out, *seed_words(seed))
    return out.reshape(tuple(shape))


def torch_cuda_normal(seed: int, shape: Sequence[int]) -> np.ndarray:
    """``torch.manual_seed(seed); torch.randn(shape, device="cuda")`` as float32, to 1e-6.

    Raises
    ------
    AtlasError
        As in ``torch_cuda_uniform``.
    """
    return tensor_normals(seed, 0, 0, _checked_count(shape)).reshape(tuple(shape))
