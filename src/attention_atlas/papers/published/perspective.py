"""Comparisons with the SA diagrams that a seminar computed with the program of arXiv 2312.10794: their points."""

import numpy as np
import pandas as pd

from attention_atlas.papers.published.points import Tables, differences
from attention_atlas.published_tables import seminar_points

__all__ = ["close_pairs"]


def close_pairs(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Probability of a close pair at each time, a series a beta; both sides are averages over as many starts."""
    (ours,) = tables.values()
    both = seminar_points(published, ours)
    # where a share is 0 or 1 in all runs there is no noise to compare with
    error = np.sqrt(2) * both["standard_error"].where(both["standard_error"] > 0)
    series = [rf"$\beta = {beta:.3g}$" for beta in both["beta"]]
    points = differences("", both["time"], both["theirs"], both["past"], uncertainty=error)
    return points.assign(series=series)
