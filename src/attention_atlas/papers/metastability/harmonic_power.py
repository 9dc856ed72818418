"""Power of particles on the sphere in each degree of the spherical harmonics.

p_l = (1/n^2) sum_ij R_l(<x_i, x_j>) with R_l the Gegenbauer polynomial of index d/2 - 1 (Legendre's for d = 3,
Chebyshev's for d = 2) divided by its value at 1. By the addition theorem it is the mean square of the
empirical coefficients of all harmonics of degree l, so it knows no axes: 0 ≤ p_l ≤ 1, 1/n on average for independent
uniform points, 1 for a single cluster. A mode that grows like e^{lambda_l s} has power e^{2 lambda_l s}.
"""

import numpy as np
from numba import prange

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled
from attention_atlas.numerics.lane_extras import lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, load, store

__all__ = ["harmonic_power"]


@compiled(parallel=True)
def _row_powers(points, others, width, weights, dimension, lanes, rows):
    """rows[i, l] = sum_j w_j R_l(<x_i, y_j>); x and y (d * width,) with zeros behind the particles."""
    particles, degrees = rows.shape
    for i in prange(particles):
        sums = lanes[i]
        sums[:] = 0.0
        for block in range(0, width, LANES):
            inner = broadcast(0.0)
            for c in range(dimension):
                inner = inner + load(others, c * width + block) * points[c * width + i]
            mass = load(weights, block)
            # R_0 = 1 and R_1 = t, each times the mass
            before, here = mass, inner * mass
            for degree in range(degrees):
                store(sums, LANES * degree, load(sums, LANES * degree) + before)
                # (l + d - 2) R_{l+1} = (2 l + d - 2) t R_l - l R_{l-1}, here for l = degree + 1
                a = (2.0 * (degree + 1) + dimension - 2.0) / (degree + dimension - 1.0)
                b = (degree + 1.0) / (degree + dimension - 1.0)
                before, here = here, inner * here * a - before * b
        for degree in range(degrees):
            rows[i, degree] = lane_sum(load(sums, LANES * degree))


def harmonic_power(points: np.ndarray, degrees: int, reference: np.ndarray | None = None) -> np.ndarray:
    """p_0 ... p_{degrees - 1} of points (..., n, d) on the sphere, as (..., degrees).

    With ``reference`` (n, d) the products of the coefficients of ``points`` and of ``reference`` take the place of the
    squares: (1/n^2) sum_ij R_l(<x_i, y_j>). A mode that grows like e^{lambda_l s} from the reference has
    e^{lambda_l s} p_l(0), and what other modes feed into it averages out over independent starts.

    Raises
    ------
    AtlasError
        The points are not unit vectors.
    """
    points = np.asarray(points, dtype=float)
    if np.abs((points**2).sum(axis=-1) - 1).max() > 1e-6:
        raise AtlasError("points: a point is not on the unit sphere, the bound is 1e-6; normalise the points")
    *batch, particles, dimension = points.shape
    width = -(-particles // LANES) * LANES
    weights = np.zeros(width)
    weights[:particles] = 1 / particles
    lanes, rows = np.empty((particles, LANES * degrees)), np.empty((particles, degrees))
    powers = []
    fixed = None if reference is None else _columns(reference, width)
    for frame in points.reshape(-1, particles, dimension):
        columns = _columns(frame, width)
        _row_powers(columns, columns if fixed is None else fixed, width, weights, dimension, lanes, rows)
        powers.append(rows.mean(axis=0))
    return np.array(powers).reshape(*batch, degrees)


def _columns(points: np.ndarray, width: int) -> np.ndarray:
    """Coordinates one after the other, each padded with zeros to ``width``."""
    columns = np.zeros((points.shape[1], width))
    columns[:, : len(points)] = points.T
    return columns.ravel()
