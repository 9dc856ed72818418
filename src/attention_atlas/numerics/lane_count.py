"""How many systems run side by side; apart from the kernels, so that what only counts needs no Numba."""

__all__ = ["LANES"]

LANES = 16
