"""Merges of clusters along a trajectory and the plateaus between them."""

import numpy as np
import pandas as pd

from attention_atlas.geometry.sphere import cluster_labels

__all__ = ["cluster_counts", "merge_events", "plateaus"]


def cluster_counts(positions: np.ndarray, threshold: float) -> np.ndarray:
    """Number of clusters at each record of positions (records, n, d): chains of pairs with inner product above ``threshold``."""
    distance = np.sqrt(2 - 2 * threshold)
    return np.array([cluster_labels(points, distance).max() + 1 for points in positions])


def merge_events(times: np.ndarray, clusters: np.ndarray) -> pd.DataFrame:
    """Records at which the number of clusters falls: columns time, before, after.

    The time is that of the first record with fewer clusters. A count that rises
    again (a chain that tore) is not an event; the next fall is measured from the lowest count so far.
    """
    lowest = np.minimum.accumulate(clusters)
    falls = np.flatnonzero(np.diff(lowest) < 0) + 1
    return pd.DataFrame({"time": times[falls], "before": lowest[falls - 1], "after": lowest[falls]})


def plateaus(times: np.ndarray, clusters: np.ndarray) -> pd.DataFrame:
    """Stretches between merges: columns clusters, start, end, length and the ratio end / start (NaN for the first).

    The last one ends with the records, so its length is a lower bound (column ``open``).
    """
    events = merge_events(times, clusters)
    starts = np.concatenate([[times[0]], events["time"]])
    ends = np.concatenate([events["time"], [times[-1]]])
    numbers = np.concatenate([[clusters[0]], events["after"]])
    return pd.DataFrame(
        {
            "clusters": numbers.astype(int),
            "start": starts,
            "end": ends,
            "length": ends - starts,
            "open": np.arange(len(starts)) == len(starts) - 1,
        }
    )
