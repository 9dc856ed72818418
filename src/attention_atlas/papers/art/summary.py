"""What the pictures of a landscape show, in numbers, counted a few rows at a time."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["class_shares", "summary_row"]

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
