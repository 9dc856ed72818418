"""The boundary between converged and other pixels: where it is, how rough it is, where to zoom in."""

from typing import NamedTuple

import numpy as np

__all__ = ["DimensionFit", "boundary_mask", "box_counts", "fit_dimension", "near_boundary", "richest_corner"]


class DimensionFit(NamedTuple):
    """Slope of log count against log(1/box), its standard error, and which boxes were used (bool)."""

    slope: float
    error: float
    used: np.ndarray


def boundary_mask(converged: np.ndarray) -> np.ndarray:
    """Pixels with one of the four neighbours in the other class, bool, same shape."""
    mask = np.zeros(converged.shape, bool)
    across, down = converged[:, 1:] != converged[:, :-1], converged[1:] != converged[:-1]
    mask[:, 1:] |= across
    mask[:, :-1] |= across
    mask[1:] |= down
    mask[:-1] |= down
    return mask


def near_boundary(converged: np.ndarray) -> np.ndarray:
    """Pixels at most one step (also diagonal) from a pixel of the other class, bool, same shape."""
    padded = np.pad(converged, 1, mode="edge")
    rows, columns = converged.shape
    near = np.zeros(converged.shape, bool)
    for i in range(3):
        for j in range(3):
            near |= padded[i : i + rows, j : j + columns] != converged
    return near


def box_counts(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Boxes that hold a marked pixel, for boxes of 1, 2, 4, ... pixels up to a quarter of the side.

    The mask is square with a power of two along each side, so that boxes tile it.
    Returns the box sides in pixels and the counts.
    """
    boxes, counts = [], []
    side, largest = 1, len(mask) // 4
    while side <= largest:
        boxes.append(side)
        counts.append(int(np.count_nonzero(mask)))
        mask = mask[::2] | mask[1::2]
        mask = mask[:, ::2] | mask[:, 1::2]
        side *= 2
    return np.array(boxes), np.array(counts)


def fit_dimension(boxes: np.ndarray, counts: np.ndarray, smallest: int, largest: int) -> DimensionFit:
    """Least squares of log count against log(1/box) over smallest <= box <= largest.

    The error is the standard error of the slope from the residuals; NaN for both
    where fewer than two boxes or no boundary is left.
    """
    used = (boxes >= smallest) & (boxes <= largest) & (counts > 0)
    if used.sum() < 2:
        return DimensionFit(float("nan"), float("nan"), used)
    x, y = -np.log(boxes[used]), np.log(counts[used])
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    residuals = y - y.mean() - slope * x
    freedom = used.sum() - 2
    error = float(np.sqrt(residuals @ residuals / freedom / (x @ x))) if freedom > 0 else float("nan")
    return DimensionFit(slope, error, used)


def richest_corner(mask: np.ndarray, side: int) -> tuple[int, int]:
    """Lower corner (row, column) of the ``side`` x ``side`` window with most marked pixels; the first if several."""
    sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), int)
    sums[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    inside = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    return int(row), int(column)
