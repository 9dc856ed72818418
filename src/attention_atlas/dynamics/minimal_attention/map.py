"""Convergence landscapes of a minimal attention map: which parameters (a, b) lead to consensus.

Source: "Attention Dynamics Art" (2025): W_K = diag(a, b), W_Q and W_V are one pair
of 2 x 2 normal matrices an image, n unit vectors start from normals drawn
afresh for every pixel. ``definition`` is the same map in a
page of NumPy; here it is fast.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import prange

from attention_atlas.dynamics.minimal_attention.crowd import (
    MAX_N,
    START_BLOCK,
    STRIDE,
    WEIGHT,
    X,
    Y,
    iterate_crowd,
    scratch,
    start_points,
)
from attention_atlas.dynamics.minimal_attention.definition import Labels
from attention_atlas.dynamics.minimal_attention.pairs import PAIR_COLUMNS, finish_pairs, period_of_one
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.separate import Separate
from attention_atlas.random.philox import fill_normals, seed_words, tensor_normals, thread_normals

__all__ = ["AttentionMap", "image_matrices", "iterate_rows", "map_from_settings", "parameter_grid", "start_points_of"]

# Without the shift by the maximum, exp of a logit must not overflow, nor its square
MAX_LOGIT = 300.0
ROWS_A_CALL = 32


@dataclass(frozen=True)
class AttentionMap:
    """Everything that an image depends on, but the grid.

    seed : key of the random numbers.
    wq, wv : W_Q and W_V, shape (2, 2).
    n : points a pixel, 2 <= n <= 255.
    iterations : T >= 1.
    tolerance : a pixel converged if max_i |x_i,1 - x_1,1| is below it.
    shared_start : one start (that of pixel 0) for all pixels instead of one a pixel.
    longest_period : periods are looked for up to this one.
    period_tolerance : two states are equal if no coordinate differs by more.
    """

    seed: int
    wq: np.ndarray
    wv: np.ndarray
    n: int = 20
    iterations: int = 100
    tolerance: float = 1e-5
    shared_start: bool = False
    longest_period: int = 12
    period_tolerance: float = 1e-9

    def __post_init__(self) -> None:
        _check_range("n", self.n, 2, MAX_N)
        _check_range("iterations", self.iterations, 1, 32_000)
        _check_range("tolerance", self.tolerance, 1e-14, 1.0)
        _check_range("longest_period", self.longest_period, 2, 255)
        _check_range("period_tolerance", self.period_tolerance, 1e-14, 1.0)
        for name in ("wq", "wv"):
            matrix = np.array(getattr(self, name), dtype=float)
            if matrix.shape != (2, 2) or not np.isfinite(matrix).all():
                raise AtlasError(f"{name}: shape {matrix.shape} is not a finite 2 x 2 matrix; give two rows of two")
            object.__setattr__(self, name, matrix)
        if abs(np.linalg.det(self.wv)) < 1e-12:
            raise AtlasError("wv: the matrix is singular and can map a point to zero; give an invertible W_V")


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise AtlasError(f"{name}: {value} is outside {low} <= {name} <= {high}; choose a value in this range")


Matrix = str | Sequence[Sequence[float]]


def image_matrices(seed: int, query: Matrix = "normal", value: Matrix = "normal") -> tuple[np.ndarray, np.ndarray]:
    """W_Q and W_V of an image, (2, 2) each; ``query`` and ``value`` are 'normal', 'identity' or a matrix.

    'normal': entry e (row-major) is the first normal of thread e at block 0 (W_Q) or 1 (W_V).
    """
    return _matrix("query", query, seed, 0), _matrix("value", value, seed, 1)


def _matrix(name: str, choice: Matrix, seed: int, block: int) -> np.ndarray:
    if choice == "normal":
        return thread_normals(seed, block, 4).astype(float).reshape(2, 2)
    if choice == "identity":
        return np.eye(2)
    if isinstance(choice, str):
        raise AtlasError(f"{name}: {choice!r} is not known; choose 'normal', 'identity' or a 2 x 2 matrix")
    return np.array(choice, dtype=float)


def map_from_settings(settings: Mapping[str, Any], seed: int, shared_start: bool) -> AttentionMap:
    """The map of one seed from a group of settings with the names of ``AttentionMap``, query and value."""
    return AttentionMap(
        seed,
        *image_matrices(seed, settings["query"], settings["value"]),
        n=settings["n"],
        iterations=settings["iterations"],
        tolerance=settings["tolerance"],
        shared_start=shared_start,
        longest_period=settings["longest_period"],
        period_tolerance=settings["period_tolerance"],
    )


def parameter_grid(window: Mapping[str, Mapping[str, float]], rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """``rows`` values of a and ``columns`` values of b between first and last of a window, both included."""
    return (
        np.linspace(window["a"]["first"], window["a"]["last"], rows),
        np.linspace(window["b"]["first"], window["b"]["last"], columns),
    )


def start_points_of(seed: int, pixel: int, n: int) -> np.ndarray:
    """Start of pixel number ``pixel`` (b index times the size of the a grid, plus a index): unit vectors (n, 2)."""
    normals = tensor_normals(seed, START_BLOCK, 2 * n * pixel, 2 * n).astype(float).reshape(n, 2)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


@inner
def _list_pair(entry, s, a, b, t, entered, pixel):
    """Write a pixel with two points left as an entry of the list of ``finish_pairs``."""
    for i in range(2):
        entry[2 * i] = s[X * STRIDE + i]
        entry[2 * i + 1] = s[Y * STRIDE + i]
        entry[4 + i] = s[WEIGHT * STRIDE + i]
    entry[6], entry[7], entry[8], entry[9] = a, b, t, entered
    entry[10] = 1.0 if entered >= 0 else 0.0
    entry[11] = pixel


def _iterate_row(
    i, clusters, time, period, a, b, first, size_a, shared_start, n, wq, wv, powers, low, high,
    iterations, tolerance, period_tolerance, longest, shift_logits,
):  # fmt: skip
    """Row i of ``_iterate_rows``."""
    s = scratch()
    history = np.empty((longest, 2, STRIDE))
    normals = np.empty(2 * n)
    logits = np.zeros(n * n + 32)
    pairs = np.empty((b.size, PAIR_COLUMNS))
    # np.int64: what a plain 0 is passed to would be compiled for that number too
    count = np.int64(0)
    for j in range(b.size):
        if j == 0 or not shared_start:
            pixel = 0 if shared_start else j * size_a + first + i
            fill_normals(normals, pixel * 2 * n, START_BLOCK, low, high)
        start_points(s, n, normals)
        m, t, entered, repeats, found = iterate_crowd(
            s, logits, n, history, a[first + i], b[j], wq, wv, iterations, tolerance, period_tolerance, shift_logits
        )
        clusters[i, j], time[i, j], period[i, j] = found, entered, repeats
        if m == 1:
            x, y = s[X * STRIDE], s[Y * STRIDE]
            clusters[i, j] = 1
            period[i, j] = period_of_one(x, y, powers, iterations - t, longest, period_tolerance)
        elif t < iterations:
            _list_pair(pairs[count], s, a[first + i], b[j], t, entered, j)
            count += 1
    finish_pairs(
        pairs, count, wq, wv, powers, iterations, tolerance, period_tolerance, longest,
        clusters[i], time[i], period[i],
    )  # fmt: skip


ROW = Separate("art_row", _iterate_row)
iterate_row = ROW.call


@compiled(parallel=True)
def _iterate_rows(
    clusters, time, period, a, b, first, size_a, shared_start, n, wq, wv, powers, low, high,
    iterations, tolerance, period_tolerance, longest, shift_logits,
):  # fmt: skip
    """Fill ``clusters``, ``time``, ``period`` (rows, len(b)); row i has a[first + i]."""
    for i in prange(clusters.shape[0]):
        iterate_row(
            i, clusters, time, period, a, b, first, size_a, shared_start, n, wq, wv, powers, low, high,
            iterations, tolerance, period_tolerance, longest, shift_logits,
        )  # fmt: skip


def _powers(matrix: np.ndarray, count: int) -> np.ndarray:
    """matrix**k for k = 0 .. count, each divided by its norm, shape (count + 1, 2, 2)."""
    powers = np.empty((count + 1, 2, 2))
    powers[0] = np.eye(2)
    for k in range(count):
        power = matrix @ powers[k]
        powers[k + 1] = power / np.linalg.norm(power)
    return powers


def iterate_rows(
    image: AttentionMap,
    a: np.ndarray,
    b: np.ndarray,
    first: int = 0,
    last: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Labels:
    """Labels of the pixels (a[i], b[j]) for first <= i < last and all j.

    Parameters
    ----------
    image : the map.
    a, b : the whole grid, shapes (size_a,), (size_b,): the random numbers of a pixel
        are numbered by its place in it, so rows come out the same whatever the slab.
    first, last : rows of a, all by default.
    progress : called as progress(rows done, rows), every few rows.

    Returns
    -------
    Labels with arrays of shape (last - first, size_b): bool, uint8, int16, uint8.
    """
    last = a.size if last is None else last
    if not 0 <= first < last <= a.size:
        raise AtlasError(f"rows: {first} to {last} are not rows of this grid; keep 0 <= first < last <= {a.size}")
    shape = (last - first, b.size)
    clusters, time, period = np.zeros(shape, np.uint8), np.zeros(shape, np.int16), np.zeros(shape, np.uint8)
    steepest = max(np.abs(a).max(), np.abs(b).max()) * np.linalg.norm(image.wq, 2)
    if not np.isfinite(steepest):
        raise AtlasError("a, b: the grid has values that are not finite; give finite numbers")
    arguments = (
        np.ascontiguousarray(a, dtype=float), np.ascontiguousarray(b, dtype=float), a.size, image.shared_start, image.n,
        image.wq, image.wv, _powers(image.wv, image.iterations), *seed_words(image.seed), image.iterations,
        image.tolerance, image.period_tolerance, image.longest_period, bool(steepest > MAX_LOGIT),
    )  # fmt: skip
    for begin in range(0, last - first, ROWS_A_CALL):
        rows = slice(begin, min(begin + ROWS_A_CALL, last - first))
        _call(clusters[rows], time[rows], period[rows], first + begin, *arguments)
        if progress is not None:
            progress(rows.stop, last - first)
    return Labels(time >= 0, clusters, time, period)


def _call(clusters, time, period, first, a, b, *others):
    ROW.prepare_for(0, clusters, time, period, a, b, first, *others)
    _iterate_rows(clusters, time, period, a, b, first, *others)
