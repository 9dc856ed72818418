"""Landscapes of a minimal attention map: which parameters (a, b) lead to consensus."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.minimal_attention.crowd import MAX_N
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, Matrix, image_matrices, iterate_rows
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import Progress, checked_count, checked_matrix, checked_number

__all__ = ["AttentionLandscape", "minimal_attention_landscape"]

MIN_DETERMINANT = 1e-12


class AttentionLandscape(NamedTuple):
    """What is known of every pixel (a[i], b[j]) of a grid of A × B.

    Attributes
    ----------
    a, b : (A,), (B,)
    consensus : (A, B) bool, the first coordinates of all points agree to the tolerance after the last iteration
    clusters : (A, B) groups of points within the tolerance of their first member
    time : (A, B) first iteration since which there is consensus, -1 where there is none at the end
    period : (A, B) smallest period of the points at the end, 0 if there is none up to the longest looked for
    """

    a: np.ndarray
    b: np.ndarray
    consensus: np.ndarray
    clusters: np.ndarray
    time: np.ndarray
    period: np.ndarray

    @property
    def converged(self) -> np.ndarray:
        """(A, B) whether the points repeat at the end, so that more iterations change nothing."""
        return self.period > 0

    @property
    def status(self) -> np.ndarray:
        """(A, B) 'ok', or 'no period' where the points do not repeat yet."""
        return np.where(self.converged, "ok", "no period")


def minimal_attention_landscape(
    seed: int,
    *,
    a: tuple[float, float] = (-8.0, 8.0),
    b: tuple[float, float] = (-8.0, 8.0),
    size: int | tuple[int, int] = 300,
    particles: int = 20,
    iterations: int = 100,
    tolerance: float = 1e-5,
    query: str | ArrayLike = "normal",
    value: str | ArrayLike = "normal",
    shared_start: bool = False,
    longest_period: int = 12,
    period_tolerance: float = 1e-9,
    progress: Progress | None = None,
) -> AttentionLandscape:
    """Twenty points on the circle under one attention map, for every pixel of a plane of parameters.

    X ← softmax(X W_Qᵀ diag(a, b) Xᵀ) X W_Vᵀ, each row divided by its length, from a random start for each pixel.
    "Attention Dynamics Art" (2025): the published images are those of the seeds 1, 1679700, 5227590, 6306593, 6549664 and
    8012376. The map in a page of NumPy is ``attention_atlas.dynamics.minimal_attention.definition.step``.

    Parameters
    ----------
    seed
        Key of W_Q, W_V and the starts, 0 to 2^64 - 1; the numbers are those of PyTorch's generator on a GPU.
    a, b
        First and last value of each parameter, both included; also from high to low.
    size
        Pixels along both sides, or (along a, along b).
    particles, iterations
        Points of a pixel, 2 to 255, and how often the map is applied, 1 to 32000.
    tolerance
        Two points agree if no coordinate differs by more.
    query, value
        W_Q and W_V: 'normal' draws them, 'identity', or a matrix (2, 2).
    shared_start
        One start for all pixels instead of one for each.
    longest_period, period_tolerance
        Periods are looked for up to this one; two states are equal if no coordinate differs by more.
    progress
        Called as progress(rows done, rows).

    Returns
    -------
    AttentionLandscape
        a, b, consensus, clusters, time, period, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> landscape = aa.minimal_attention_landscape(6549664, size=60)
    >>> landscape.consensus.shape, float(landscape.consensus.mean().round(1))
    ((60, 60), 0.2)
    """
    key = checked_count("seed", seed, 0, 2**64 - 1)
    try:
        rows, columns = (size, size) if isinstance(size, int | np.integer) else size
    except (TypeError, ValueError):
        raise AtlasError("size: give one whole number or two, pixels along a and along b") from None
    grid_a, grid_b = _ticks("a", a, checked_count("size", rows, 1)), _ticks("b", b, checked_count("size", columns, 1))
    wq, wv = image_matrices(key, _matrix("query", query), _matrix("value", value))
    if abs(np.linalg.det(wv)) < MIN_DETERMINANT:
        raise AtlasError("value: the matrix is singular and can map a point to zero; give an invertible one")
    image = AttentionMap(
        key,
        wq,
        wv,
        n=checked_count("particles", particles, 2, MAX_N),
        iterations=checked_count("iterations", iterations, 1),
        tolerance=checked_number("tolerance", tolerance),
        shared_start=bool(shared_start),
        longest_period=checked_count("longest_period", longest_period, 2),
        period_tolerance=checked_number("period_tolerance", period_tolerance),
    )
    labels = iterate_rows(image, grid_a, grid_b, progress=progress)
    return AttentionLandscape(grid_a, grid_b, labels.converged, labels.clusters, labels.time, labels.period)


def _matrix(name: str, choice: str | ArrayLike) -> Matrix:
    """A word as it is; an array as two rows of two finite numbers."""
    if isinstance(choice, str):
        return choice
    matrix = checked_matrix(name, choice, (2, 2))
    return "identity" if matrix is None else matrix.tolist()


def _ticks(name: str, ends: tuple[float, float], count: int) -> np.ndarray:
    try:
        first, last = ends
    except (TypeError, ValueError):
        raise AtlasError(f"{name}: give its first and its last value") from None
    return np.linspace(checked_number(name, first), checked_number(name, last), count)
