"""Weights on equally spaced points of the circle that minimise the attention energy.

Exponentiated gradient on the simplex for E(w) = w . K w with
K_ij = exp(beta <x_i, D x_j>):

    w <- w exp(-rate grad E) / sum,   grad E = 2 K w,   from equal weights.

Since K(-x, -y) = K(x, y), equal weights stay equal at x and -x. With an even
number of points only one half circle is kept, with the kernel
K(x, y) + K(x, -y): a quarter of the work, for any D.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import prange

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import circle_points, equal_angles
from attention_atlas.numerics.inner import compiled
from attention_atlas.numerics.vector_math import exp

__all__ = ["SimplexFlow", "minimising_weights"]

STEPS_PER_CALL = 250


class SimplexFlow(NamedTuple):
    """Weights after the descent, one row a matrix D.

    Attributes
    ----------
    angles
        (N,) -pi + 2 pi k / N.
    weights
        (E, N), each row with sum 1.
    energies
        (E,) w . K w.
    gaps
        (E,) 2 (w . K w - min_i (K w)_i) >= 0, a bound of the energy above the minimum (K positive semi-definite):
        how far the descent is from its end.
    status
        (E,) 'ok' or 'blew_up': the kernel overflows. Such a row keeps equal weights and has no energy.
    """

    angles: np.ndarray
    weights: np.ndarray
    energies: np.ndarray
    gaps: np.ndarray
    status: np.ndarray


@compiled(parallel=True, fastmath={"contract"})
def _descend(kernels, weights, potentials, mass, rate, steps):
    """``steps`` updates of every row of weights (E, M) in place, one row a thread.

    ``mass`` is the sum that the rows keep, potentials (E, M) is scratch.

    Nothing is reassociated: a sum whose order the compiler may choose comes out of a freshly compiled
    kernel with other last bits than out of a cached one. The product K w is therefore a sum of rows of the
    symmetric K, elementwise.
    """
    rows, m = weights.shape
    for row in prange(rows):
        for _ in range(steps):
            for i in range(m):
                potentials[row, i] = 0.0
            for j in range(m):
                weight = weights[row, j]
                for i in range(m):
                    potentials[row, i] += kernels[row, j, i] * weight
            # taken from the exponent, the lowest potential cancels in the division by the sum
            lowest = potentials[row].min()
            total = 0.0
            for i in range(m):
                weights[row, i] *= exp(-2.0 * rate * (potentials[row, i] - lowest))
                total += weights[row, i]
            for i in range(m):
                weights[row, i] *= mass / total


def minimising_weights(
    matrices: np.ndarray,
    *,
    points: int,
    rate: float,
    steps: int,
    beta: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> SimplexFlow:
    """Descend for each D of (E, 2, 2) matrices; see the module's docstring.

    Parameters
    ----------
    matrices
        (E, 2, 2), symmetric.
    points
        Number N of equally spaced angles.
    rate, steps
        Step of the exponentiated gradient, per unit of energy, and their number.
    beta
        Inverse temperature.
    progress
        Called as progress(steps done, steps).

    Raises
    ------
    AtlasError
        A value is outside its bounds.
    """
    matrices = np.asarray(matrices, dtype=float)
    if matrices.ndim != 3 or matrices.shape[1:] != (2, 2) or (matrices != np.swapaxes(matrices, 1, 2)).any():
        raise AtlasError(f"D: has shape {matrices.shape[1:]} or is not symmetric; give symmetric 2 × 2 matrices")
    if points < 2 or steps < 0 or not rate > 0:
        raise AtlasError(
            f"points, steps, rate: {points}, {steps}, {rate} leave the bounds ≥ 2, ≥ 0, > 0; choose others"
        )
    x = circle_points(equal_angles(points))
    fold = 2 if points % 2 == 0 else 1
    half = points // fold
    exponents = beta * (x[:half] @ matrices @ x.T)
    with np.errstate(over="ignore"):
        kernels = np.ascontiguousarray(np.exp(exponents).reshape(len(matrices), half, fold, half).sum(axis=2))
    fine = np.isfinite(kernels).all(axis=(1, 2))
    kernels[~fine] = 0.0
    weights = np.full((len(matrices), half), 1.0 / points)
    scratch = np.empty_like(weights)
    for first in range(0, steps, STEPS_PER_CALL):
        done = min(first + STEPS_PER_CALL, steps)
        _descend(kernels, weights, scratch, 1.0 / fold, rate, done - first)
        if progress is not None:
            progress(done, steps)
    potentials = np.einsum("eij,ej->ei", kernels, weights)
    energies = fold * (weights * potentials).sum(axis=1)
    return SimplexFlow(
        equal_angles(points),
        np.tile(weights, fold),
        np.where(fine, energies, np.nan),
        np.where(fine, 2 * (energies - potentials.min(axis=1)), np.nan),
        np.where(fine, "ok", "blew_up"),
    )
