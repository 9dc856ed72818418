"""The seminar's diagrams: which step is recorded, which points belong together, and the verdicts."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.perspective.seminar import first_step_past, nearest_step, seminar_claims
from attention_atlas.published_settings import SEMINAR
from attention_atlas.published_tables import seminar_points

SETTINGS = {**SEMINAR, "dimensions": [2], "betas": {"first": 0.1, "last": 8.8, "count": 25}}


def test_steps():
    times = np.array([0.0, 0.1508, 0.2, 0.3015, 3 * 0.1])
    assert first_step_past(times, 0.1).tolist() == [1, 2, 3, 4, 4]
    assert nearest_step(times, 0.1).tolist() == [0, 2, 2, 3, 3]


@pytest.fixture
def both():
    beta, time = np.array([0.1, 0.1 + 8.9 * 2 / 49]), np.array([0.0, 30 / 199])
    ours = pd.DataFrame({"beta": np.repeat(beta, 2), "time": np.tile(time, 2), "past": [0.1, 0.2, 0.3, 0.4]})
    ours = ours.assign(nearest=ours["past"] - 0.05, standard_error=0.01)
    theirs = pd.DataFrame([[0.1, 0.11, 0.19], [0.463265, 0.3, 0.4]], columns=["beta", "t=0.0000", "t=0.1508"])
    return theirs, ours


def test_rounded_rows_and_columns_are_found(both):
    points = seminar_points(*both)
    assert points["theirs"].tolist() == [0.11, 0.19, 0.3, 0.4]
    assert points["past"].tolist() == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(("shift", "holds"), [(0.0, "yes"), (0.2, "no")])
def test_verdict_in_standard_errors(both, shift, holds):
    theirs, ours = both
    theirs["t=0.1508"] += shift
    (claim,) = seminar_claims({"seminar_sa_d2": ours}, {"seminar_sa_d2": theirs}, SETTINGS)
    assert claim.holds == holds
    assert float(claim.computed) == pytest.approx((0.2 if shift else 0.01) / (np.sqrt(2) * 0.01), rel=1e-3)


@pytest.mark.parametrize("change", [{"published": {}}, {"runs": 16}])
def test_not_judged_without_numbers_or_with_other_parameters(both, change):
    theirs, ours = both
    published = change.pop("published", {"seminar_sa_d2": theirs})
    (claim,) = seminar_claims({"seminar_sa_d2": ours}, published, SETTINGS | change)
    assert claim.holds == "not judged"
