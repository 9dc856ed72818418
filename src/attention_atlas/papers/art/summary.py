"""What the pictures of a landscape show, in numbers, counted a few rows at a time."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from attention_atlas.papers.art.boundary import boundary_mask, box_counts, fit_dimension
from attention_atlas.papers.art.window import Window

__all__ = ["class_shares", "count_table", "summary_row", "window_table"]

ROWS_AT_ONCE = 256


def _histogram(array: np.ndarray, shift: int = 0) -> np.ndarray:
    """How often each value occurs; ``shift`` is added first, so that -1 can be counted."""
    total = np.zeros(0, int)
    for first in range(0, len(array), ROWS_AT_ONCE):
        counts = np.bincount(array[first : first + ROWS_AT_ONCE].ravel() + shift)
        if counts.size > total.size:
            total = np.pad(total, (0, counts.size - total.size))
        total[: counts.size] += counts
    return total


def class_shares(seed: int, name: str, array: np.ndarray) -> pd.DataFrame:
    """Share of the pixels in each class: columns seed, quantity, value, share.

    ``name`` is clusters, period (value 0: none found) or time (value -1: not converged).
    """
    shift = 1 if name == "time" else 0
    counts = _histogram(array, shift)
    values = np.flatnonzero(counts)
    return pd.DataFrame({"seed": seed, "quantity": name, "value": values - shift, "share": counts[values] / array.size})


def summary_row(
    seed: int, converged: np.ndarray, clusters: np.ndarray, shares: pd.DataFrame, matrices: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """One row of the table of images, from the class shares of one seed.

    share_one is the share of the converged pixels that have one cluster left;
    ``matrices`` (wq, wv) are written out entry by entry.
    """
    one = sum(
        np.count_nonzero(clusters[first : first + ROWS_AT_ONCE][converged[first : first + ROWS_AT_ONCE]] == 1)
        for first in range(0, len(converged), ROWS_AT_ONCE)
    )
    count = int(np.count_nonzero(converged))
    times = shares[(shares["quantity"] == "time") & (shares["value"] >= 0)]
    below = times["share"].cumsum()
    return {
        "seed": seed,
        "rows": converged.shape[0],
        "columns": converged.shape[1],
        "share_converged": count / converged.size,
        "share_one": one / count if count else float("nan"),
        "median_time": int(times["value"][below >= below.iloc[-1] / 2].iloc[0]) if count else -1,
        "longest_time": int(times["value"].max()) if count else -1,
        "most_clusters": int(shares["value"][shares["quantity"] == "clusters"].max()),
        **{f"{name}{i}{j}": float(matrix[i, j]) for name, matrix in matrices.items() for i in (0, 1) for j in (0, 1)},
    }


def count_table(seed: int, converged: np.ndarray, smallest_box: int, largest_box: int) -> pd.DataFrame:
    """Box counts of the boundary of ``converged`` (size, size) and the fitted power law, a row a box.

    Columns seed, box (side in pixels), count, slope, error (standard error of the slope), fitted (used in the fit).
    """
    boxes, counts = box_counts(boundary_mask(converged))
    fit = fit_dimension(boxes, counts, smallest_box, largest_box)
    return pd.DataFrame(
        {"seed": seed, "box": boxes, "count": counts, "slope": fit.slope, "error": fit.error, "fitted": fit.used}
    )


def window_table(seed: int, windows: Sequence[Window], times: np.ndarray) -> pd.DataFrame:
    """Windows of a zoom in numbers, a row each; ``times`` (windows, pixels, pixels) is -1 where a pixel never converges.

    Columns seed, magnification, the bounds of the window, share_converged, share_boundary.
    """
    across = windows[0].a_high - windows[0].a_low
    rows = [
        {
            "seed": seed,
            "magnification": across / (window.a_high - window.a_low),
            **window._asdict(),
            "share_converged": (time >= 0).mean(),
            "share_boundary": boundary_mask(time >= 0).mean(),
        }
        for window, time in zip(windows, times, strict=True)
    ]
    return pd.DataFrame(rows)
