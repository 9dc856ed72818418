"""Points of two tables side by side: the ones that belong together, their differences, their error bars."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

__all__ = ["POINT_COLUMNS", "Tables", "binomial_bars", "differences", "side_by_side"]

Tables = Mapping[str, pd.DataFrame]
Floats = NDArray[np.float64]
POINT_COLUMNS = [
    "series",
    "x",
    "theirs",
    "ours",
    "difference",
    "relative_difference",
    "uncertainty",
    "theirs_low",
    "theirs_high",
    "ours_low",
    "ours_high",
    "p_value",
    "note",
    "parameters",
]
# The published values of a sweep are written in single precision.
SAME = 1e-6


def side_by_side(theirs: pd.DataFrame, ours: pd.DataFrame, x: str) -> pd.DataFrame:
    """All rows of both with equal ``x`` beside each other; columns of theirs end in ``_published``.

    A row that only one side has keeps the other side empty. ``x`` is ours where there is one.
    """
    theirs = theirs.add_suffix("_published").sort_values(f"{x}_published").reset_index(drop=True)
    ours = ours.sort_values(x).reset_index(drop=True)
    distance = np.abs(ours[x].to_numpy(dtype=float)[:, None] - theirs[f"{x}_published"].to_numpy(dtype=float))
    mine, other = np.nonzero(distance <= SAME)
    together = ours.iloc[mine].reset_index(drop=True).join(theirs.iloc[other].reset_index(drop=True))
    parts = [together, ours.drop(index=mine), theirs.drop(index=other)]
    both = pd.concat([part for part in parts if len(part)], ignore_index=True)
    both = both.reindex(columns=[*ours.columns, *theirs.columns])
    both[x] = both[x].fillna(both[f"{x}_published"])
    return both.sort_values(x).reset_index(drop=True)


def differences(series: str, x: ArrayLike, theirs: ArrayLike, ours: ArrayLike, **more: ArrayLike) -> pd.DataFrame:
    """A table of points from equally long columns; ``more`` are further columns of POINT_COLUMNS."""
    points = pd.DataFrame({"series": series, "x": x, "theirs": theirs, "ours": ours, **more})
    points["difference"] = points["ours"] - points["theirs"]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = points["difference"] / points["theirs"].abs()
    points["relative_difference"] = relative.where(points["theirs"] != 0)
    return points.reindex(columns=POINT_COLUMNS[:-1])


def binomial_bars(counts: ArrayLike, runs: ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of a share, NaN where there are no runs."""
    low, high = [], []
    for count, total in zip(np.asarray(counts, dtype=float), np.asarray(runs, dtype=float), strict=True):
        if not total > 0:
            low.append(np.nan)
            high.append(np.nan)
            continue
        interval = binomtest(int(count), int(total)).proportion_ci(0.95, method="wilson")
        low.append(interval.low)
        high.append(interval.high)
    return np.array(low), np.array(high)
