"""Values that the configuration may write in more than one way."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["sweep_length", "sweep_matrices", "sweep_values"]


def sweep_values(sweep: Sequence[float] | Mapping[str, float]) -> np.ndarray:
    """The values of a sweep: a list as it is, or ``{first, last, count}`` equally spaced, both ends included."""
    if isinstance(sweep, Mapping):
        return np.linspace(sweep["first"], sweep["last"], int(sweep["count"]))
    return np.asarray(sweep, dtype=float)


def sweep_length(sweep: Sequence[float] | Mapping[str, float]) -> int:
    """The number of values of a sweep."""
    return int(sweep["count"]) if isinstance(sweep, Mapping) else len(sweep)


def sweep_matrices(matrix: ArrayLike, axis: int, values: np.ndarray) -> np.ndarray:
    """One copy of the matrix for each value, with the diagonal entry number ``axis`` replaced by it, (K, d, d)."""
    matrices = np.repeat(np.asarray(matrix, dtype=float)[None], len(values), axis=0)
    matrices[:, axis, axis] = values
    return matrices
