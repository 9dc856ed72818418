"""Outcomes of the ascent."""

import numpy as np
import pytest

from attention_atlas.geometry.sphere import circle_points
from attention_atlas.papers.spheres.split_outcomes import min_abs_inner, outcome, outcome_table, sweep_row

SINGLE = circle_points(np.array([0.0, 0.05, 0.02, 0.01]))
ANTIPODAL = circle_points(np.array([0.0, 0.01, np.pi, np.pi + 0.02]))
OPEN_PAIR = circle_points(np.array([0.0, 0.01, 2.5, 2.51]))
THREE = circle_points(np.array([0.0, 2.0, 4.0, 4.01]))


@pytest.mark.parametrize(
    ("points", "expected"), [(SINGLE, "single"), (ANTIPODAL, "antipodal"), (OPEN_PAIR, "other"), (THREE, "other")]
)
def test_outcome(points, expected):
    assert outcome(points, 0.1) == expected


def test_min_abs_inner_is_that_of_the_widest_angle_from_a_line():
    np.testing.assert_allclose(min_abs_inner(np.stack([SINGLE, ANTIPODAL])), np.cos([0.05, 0.02]), rtol=1e-14)


def test_rows_of_the_sweep_leave_out_what_failed():
    positions = np.stack([SINGLE, ANTIPODAL, THREE, SINGLE])
    table = outcome_table(positions, 0.1, np.array(["ok", "ok", "ok", "blew_up"]))
    assert table["outcome"].tolist() == ["single", "antipodal", "other", "blew_up"]
    assert np.isnan(table["min_abs_inner"][3])
    row = sweep_row(0.5, table, np.array([1.0, 2.0, 3.0, np.nan]), np.diag([0.5, 1.0]), 1.0)
    assert [row[name] for name in ("single", "antipodal", "other", "blew_up")] == [1, 1, 1, 1]
    assert row["mean_energy"] == 2.0
    assert row["top_dirac_energy"] == pytest.approx(np.e)
    assert row["min_min_abs_inner"] == pytest.approx(np.abs(np.cos([2.0, 2.01, 4.0, 4.01])).min())


def test_row_without_a_good_run_is_empty():
    table = outcome_table(SINGLE[None], 0.1, np.array(["vanished"]))
    row = sweep_row(0.5, table, np.array([np.nan]), np.eye(2), 1.0)
    assert row["blew_up"] == 1
    assert np.isnan([row["mean_energy"], row["mean_min_abs_inner"], row["min_min_abs_inner"]]).all()
