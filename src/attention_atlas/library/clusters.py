"""How many clusters there are."""

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import cluster_labels
from attention_atlas.library.checks import checked_array, checked_number, checked_numbers

__all__ = ["circle_cluster_counts", "cluster_counts"]


def cluster_counts(points: ArrayLike, *, distance: float = 1e-2) -> np.ndarray:
    """Number of clusters: chains of points no more than ``distance`` apart (single linkage, Euclidean distance).

    Memory is that of n² numbers.

    Parameters
    ----------
    points
        (..., n, d), for example the positions of a flow.
    distance
        Largest distance between neighbours in one cluster, > 0.

    Returns
    -------
    numpy.ndarray
        (...) whole numbers, one for points (n, d); 0 where a point is NaN, as those of a run that has failed.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> flow = aa.sphere_flow(aa.uniform_points(60, 3, seed=4), beta=9.0, last_time=20.0, records=3)
    >>> aa.cluster_counts(flow.positions, distance=0.1).tolist()
    [58, 5, 5]
    """
    array = checked_array("points", points)
    if array.ndim < 2 or array.size == 0:
        raise AtlasError(f"points: has shape {array.shape}; give points (..., n, d)")
    reach = checked_number("distance", distance, 0.0)
    flat = array.reshape(-1, *array.shape[-2:])
    counts = [cluster_labels(one, reach).max() + 1 if np.isfinite(one).all() else 0 for one in flat]
    return np.array(counts, dtype=np.int64).reshape(array.shape[:-2])[()]


def circle_cluster_counts(angles: ArrayLike, beta: float, *, weights: ArrayLike | None = None) -> np.ndarray:
    """Number of clusters on the circle, as a count that is the same over a range of scales; -1 where it is not.

    A cluster holds at least 1 % of the mass and is no wider than 1/√β, the width of the kernel. The number is decided if
    it is the same for chains of gaps of 0.1 to 1 times 1/√β, and the clusters hold all but 2 % of the mass; otherwise,
    as in a crowd that has not condensed or during a merge, it is -1. The definition is this project's,
    ``docs/metastability.md``.

    Parameters
    ----------
    angles
        (..., n) radians, in any order.
    beta
        β > 0.
    weights
        (n,) masses that sum to 1; equal by default.

    Returns
    -------
    numpy.ndarray
        (...) whole numbers, one for angles (n,); -1 also where an angle is NaN.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import numpy as np, attention_atlas as aa
    >>> aa.circle_cluster_counts(np.repeat([0.0, 2.0, 4.0], 10), 7.0).tolist()
    3
    """
    from attention_atlas.geometry.cluster_counting import UNDECIDED, cluster_numbers

    array = checked_array("angles", angles)
    if array.ndim < 1 or array.size == 0:
        raise AtlasError(f"angles: has shape {array.shape}; give angles (..., n)")
    strength = checked_number("beta", beta, 1e-9, 1e9)
    masses = None if weights is None else checked_numbers("weights", weights, 0.0)[0]
    if masses is not None and (len(masses) != array.shape[-1] or abs(masses.sum() - 1) > 1e-6):
        raise AtlasError(f"weights: {len(masses)} masses of sum {masses.sum():.6g}; give one a particle, of sum 1")
    flat = np.mod(array.reshape(-1, array.shape[-1]), 2 * np.pi)
    counts = np.full(len(flat), UNDECIDED)
    for place in np.flatnonzero(np.isfinite(flat).all(axis=1)):
        order = np.argsort(flat[place])
        ordered = None if masses is None else masses[order]
        counts[place] = cluster_numbers(flat[place, order][None], strength, ordered)[0]
    return counts.reshape(array.shape[:-1])[()]
