"""Random starts on the sphere and the circle."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.errors import AtlasError
from attention_atlas.geometry import sphere
from attention_atlas.library.checks import checked_array, checked_count

__all__ = ["circle_angles", "circle_points", "uniform_angles", "uniform_points"]


def uniform_points(particles: int, dimension: int, *, runs: int | None = None, seed: int = 0) -> np.ndarray:
    """Independent uniform points on the sphere S^(d-1).

    A run's points depend on ``seed`` and the number of the run alone, so the first runs of many are those of few.

    Parameters
    ----------
    particles, dimension
        n points in R^d, d ≥ 2.
    runs
        R sets of points; None gives one without an axis for runs.
    seed
        Key of the random numbers, ≥ 0 (NumPy's counter-based Philox generator).

    Returns
    -------
    numpy.ndarray
        (n, d), or (R, n, d) with ``runs``; rows of length 1.

    Raises
    ------
    AtlasError
        A number outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> aa.uniform_points(1000, 3).shape
    (1000, 3)
    >>> aa.uniform_points(1000, 3, runs=8, seed=1).shape
    (8, 1000, 3)
    """
    n, d = checked_count("particles", particles, 1), checked_count("dimension", dimension, 2)
    return _runs(lambda chosen, key: sphere.random_points(key, chosen, n, d), runs, seed)


def uniform_angles(particles: int, *, runs: int | None = None, seed: int = 0) -> np.ndarray:
    """Independent uniform angles on the circle, ascending.

    Parameters
    ----------
    particles
        n angles.
    runs, seed
        As in ``uniform_points``.

    Returns
    -------
    numpy.ndarray
        (n,), or (R, n) with ``runs``; radians in [0, 2π), ascending in each run.

    Raises
    ------
    AtlasError
        A number outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> angles = aa.uniform_angles(100, seed=3)
    >>> aa.circle_points(angles).shape
    (100, 2)
    """
    # here and not above: drawing points loads no kernels
    from attention_atlas.dynamics.circle.flow import uniform_angles as sorted_angles

    n = checked_count("particles", particles, 1)
    return _runs(lambda chosen, key: sorted_angles(key, chosen, n), runs, seed)


def circle_points(angles: ArrayLike) -> np.ndarray:
    """Points of the circle from their angles.

    Parameters
    ----------
    angles
        (...) radians.

    Returns
    -------
    numpy.ndarray
        (..., 2) cosine and sine.

    Raises
    ------
    AtlasError
        Something else than real numbers.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> aa.circle_points([0.0]).tolist()
    [[1.0, 0.0]]
    """
    return sphere.circle_points(checked_array("angles", angles))


def circle_angles(points: ArrayLike) -> np.ndarray:
    """Angles of points of the plane, the inverse of ``circle_points``.

    Parameters
    ----------
    points
        (..., 2).

    Returns
    -------
    numpy.ndarray
        (...) radians in (-π, π].

    Raises
    ------
    AtlasError
        An array whose last axis is not 2.

    Examples
    --------
    >>> import numpy as np, attention_atlas as aa
    >>> aa.circle_angles([[0.0, 1.0]]).tolist() == [np.pi / 2]
    True
    """
    array = checked_array("points", points)
    if array.ndim < 1 or array.shape[-1] != 2:
        raise AtlasError(f"points: has shape {array.shape}; give points (..., 2)")
    return sphere.circle_angles(array)


def _runs(draw: Callable[[range, int], np.ndarray], runs: int | None, seed: int) -> np.ndarray:
    key = checked_count("seed", seed, 0, 2**63 - 1)
    drawn = draw(range(1 if runs is None else checked_count("runs", runs, 1)), key)
    return drawn[0] if runs is None else drawn
