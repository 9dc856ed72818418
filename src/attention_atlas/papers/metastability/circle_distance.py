"""Exact Wasserstein-1 distance between measures on the circle.

With D the difference of the two distribution functions from any origin, W1 = min_c int |D - c| dtheta;
the best c is a median of D (Delon, Salomon, Sobolevski 2010, SIAM J. Appl. Math. 70, section 6). Here D is
piecewise linear, one measure being particles and the other a density that is constant in each cell,
so both the median and the integral are computed in closed form, segment by segment.
"""

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner

__all__ = ["distance_to_density", "distance_to_uniform", "linear_segments_distance"]

TURN = 2 * np.pi


@inner
def _share_below(lengths, low, slope, c):
    """Length of the part of the circle where D ≤ c; slope is 1/(high - low), or 0 where D is constant."""
    total = 0.0
    for i in range(len(lengths)):
        if slope[i] > 0.0:
            total += lengths[i] * min(max((c - low[i]) * slope[i], 0.0), 1.0)
        elif low[i] <= c:
            total += lengths[i]
    return total


@compiled
def _median(lengths, low, slope, below, above):
    """Bisection down to neighbouring floats or a relative width of 1e-13."""
    half = lengths.sum() / 2.0
    while above - below > 1e-13 * max(abs(below), abs(above)):
        c = 0.5 * (below + above)
        if c in (below, above):
            break
        if _share_below(lengths, low, slope, c) < half:
            below = c
        else:
            above = c
    return 0.5 * (below + above)


def linear_segments_distance(lengths: np.ndarray, first: np.ndarray, last: np.ndarray) -> float:
    """min_c int |D - c| for D that is linear from ``first`` to ``last`` on segments of the given lengths.

    The integral is stationary at the median c, so that an error e of c changes it by e^2 only.
    """
    low, high = np.minimum(first, last), np.maximum(first, last)
    spread = high - low
    safe = np.where(spread > 1e-300, spread, 1.0)
    slope = np.where(spread > 1e-300, 1.0 / safe, 0.0)
    c = _median(lengths, low, slope, low.min(), high.max())
    a, b = low - c, high - c
    crossing = (a < 0) & (b > 0)
    mean = np.where(crossing, 0.5 * (a**2 + b**2) / safe, 0.5 * np.abs(a + b))
    return float(lengths @ mean)


def distance_to_density(angles: np.ndarray, densities: np.ndarray) -> float:
    """W1 between equal point masses at ``angles`` (n,) and cell averages ``densities`` (N,) of [0, 2 pi).

    Raises
    ------
    AtlasError
        The density is negative or has no mass.
    """
    total = densities.sum()
    if not (total > 0 and (densities >= 0).all()):
        raise AtlasError("densities: a density must be ≥ 0 with some mass; give cell averages")
    points = np.sort(np.mod(angles, TURN))
    edges = np.linspace(0, TURN, len(densities) + 1)
    cumulated = np.concatenate([[0.0], np.cumsum(densities)]) / total
    breaks = np.sort(np.concatenate([points, edges]), kind="stable")
    density_part = np.interp(breaks, edges, cumulated)
    # particles at or left of a break belong to the segment that starts there
    steps = np.searchsorted(points, breaks[:-1], side="right") / len(points)
    return linear_segments_distance(np.diff(breaks), steps - density_part[:-1], steps - density_part[1:])


def distance_to_uniform(angles: np.ndarray) -> float:
    """W1 between equal point masses and the uniform measure; at most pi/2."""
    return distance_to_density(angles, np.ones(1))
