"""Generators whose streams starts may come from: the numbers that a program of others drew, by their names in the configuration.

* ``torch_cpu``: PyTorch on the CPU (``torch_mt19937``),
* ``torch_cuda``: PyTorch on a CUDA GPU (``torch_philox``), at most 40,960 numbers,
* ``numpy``: ``numpy.random.default_rng``,
* ``numpy_legacy``: ``numpy.random.RandomState``, which ``numpy.random.seed`` seeds.

One stream, seeded once, gives all numbers; more numbers begin with the same ones.
"""

from collections.abc import Sequence

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.random.torch_mt19937 import torch_normal, torch_uniform

__all__ = ["GENERATORS", "stream_normals", "stream_uniforms"]

GENERATORS = ("torch_cpu", "torch_cuda", "numpy", "numpy_legacy")


def _refuse(generator: str) -> AtlasError:
    return AtlasError(f"generator: {generator!r} is not known; give one of {', '.join(GENERATORS)}")


def stream_normals(generator: str, seed: int, shape: Sequence[int]) -> np.ndarray:
    """Standard normal numbers of this shape, float64 (those of PyTorch hold single precision).

    Raises
    ------
    AtlasError
        A generator that is not known, or a seed or shape out of the generator's bounds.
    """
    if generator == "torch_cpu":
        return torch_normal(seed, shape).astype(np.float64)
    if generator == "torch_cuda":
        # loaded here: it is compiled by Numba, which nothing else needs
        from attention_atlas.random.torch_philox import torch_cuda_normal

        return torch_cuda_normal(seed, shape).astype(np.float64)
    if generator == "numpy":
        return np.random.default_rng(seed).standard_normal(tuple(shape))
    if generator == "numpy_legacy":
        return np.random.RandomState(seed).standard_normal(tuple(shape))
    raise _refuse(generator)


def stream_uniforms(generator: str, seed: int, shape: Sequence[int]) -> np.ndarray:
    """Numbers uniform in [0, 1], double precision, of this shape.

    Raises
    ------
    AtlasError
        As in ``stream_normals``.
    """
    if generator == "torch_cpu":
        return torch_uniform(seed, shape)
    if generator == "torch_cuda":
        from attention_atlas.random.torch_philox import torch_cuda_uniform

        return torch_cuda_uniform(seed, shape)
    if generator == "numpy":
        return np.random.default_rng(seed).random(tuple(shape))
    if generator == "numpy_legacy":
        return np.random.RandomState(seed).random_sample(tuple(shape))
    raise _refuse(generator)
