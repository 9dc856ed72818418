"""Tables of published numbers whose layout differs from ours, as rows of both sides."""

import numpy as np
import pandas as pd

__all__ = ["seminar_points"]


def seminar_points(published: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """Both sides of every point: columns beta, time, theirs, past, nearest, standard_error.

    Parameters
    ----------
    published : columns beta and ``t=<time>``, a row a beta, rounded to six decimals
    ours : columns beta, time, past, nearest, standard_error
    """
    long = published.melt("beta", var_name="time", value_name="theirs")
    long["time"] = long["time"].str.removeprefix("t=").astype(float)
    for name, tolerance in (("beta", 2e-6), ("time", 2e-4)):
        long[name] = _same_values(long[name], ours[name].unique(), tolerance)
    return ours.merge(long, on=["beta", "time"])


def _same_values(rounded: pd.Series, exact: np.ndarray, tolerance: float) -> np.ndarray:
    """Each value replaced by the nearest of ``exact``, NaN where none is near: the published ones are rounded."""
    distance = np.abs(rounded.to_numpy()[:, None] - exact)
    return np.where(distance.min(axis=1) <= tolerance, exact[distance.argmin(axis=1)], np.nan)
