"""The SA diagrams that a seminar computed with the authors' program: when it records, and how far its numbers lie from ours."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_most, not_judged
from attention_atlas.published_settings import SEMINAR, are_published
from attention_atlas.published_tables import seminar_points

__all__ = ["first_step_past", "nearest_step", "seminar_claims"]

# largest distance of two averages over random starts, in standard errors of their difference: 20,000 points are looked at
MAX_DEVIATION = 5.0
# shares outside are made by a few pairs, and their noise is not normal
RANGE = (0.01, 0.99)


def first_step_past(times: np.ndarray, step_size: float) -> np.ndarray:
    """Number of the first step that ends later than each time: step 1 for time 0. A time that is a step but for rounding counts as it."""
    return np.floor(times / step_size + 1e-9).astype(int) + 1


def nearest_step(times: np.ndarray, step_size: float) -> np.ndarray:
    """Number of the step that ends nearest to each time."""
    return np.round(times / step_size).astype(int)


def seminar_claims(
    tables: Mapping[str, pd.DataFrame], published: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]
) -> Iterator[Claim]:
    """One claim a dimension: the probabilities are those of the seminar, within the noise of their starts."""
    dimensions: Sequence[int] = settings["dimensions"]
    for dimension in dimensions:
        id, name = f"seminar_d{dimension}", f"seminar_sa_d{dimension}"
        source = f"published {name}.csv"
        statement = (
            f"SA, d = {dimension}: the probability of a close pair is that of the seminar's program, recorded at the first step past "
            "each time (largest distance in standard errors, shares from 0.01 to 0.99)"
        )
        reason = ""
        if name not in published:
            reason = "no published numbers: `published` is not set in the configuration"
        elif not are_published(settings, SEMINAR):
            reason = "the parameters are not those of the published numbers"
        both = pd.DataFrame() if reason else seminar_points(published[name], tables[name])
        if not reason:
            both = both[both["past"].between(*RANGE) & (both["standard_error"] > 0)]
            reason = "" if len(both) else "no point in common with the published numbers"
        if reason:
            yield not_judged(id, "seminar", statement, expected=f"≤ {MAX_DEVIATION:g}", reason=reason, source=source)
            continue
        # as many starts on both sides
        distance = (both["past"] - both["theirs"]).abs() / (np.sqrt(2) * both["standard_error"])
        yield judge_at_most(
            id, "seminar", statement, computed=float(distance.max()), bound=MAX_DEVIATION, source=source
        )
