"""Tables of published numbers whose layout differs from ours, as rows of both sides."""

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
    # as the published tables are rounded
    parts = [table.assign(row=table["beta"].round(6), column=table["time"].round(4)) for table in (ours, long)]
    return parts[0].merge(parts[1][["row", "column", "theirs"]], on=["row", "column"]).drop(columns=["row", "column"])
