"""Recorded times and crossings of phase diagrams."""

import numpy as np
import pytest

from attention_atlas.papers.perspective.phase_diagram import crossing_time, phase_records, record_times


def test_both_grids_stand_in_the_recorded_times():
    records = record_times(1.0, 11, 1e-3)
    assert np.allclose(records.times[records.linear], np.linspace(0, 1, 11))
    assert np.allclose(records.times[records.logarithmic], np.geomspace(1e-3, 1, 11))
    assert (np.diff(records.times) > 0).all()


def test_times_are_rounded_to_steps():
    records = record_times(30.0, 200, 1e-4, 0.1)
    steps = records.times / 0.1
    assert np.abs(steps - np.round(steps)).max() < 1e-9
    assert len(records.linear) == 200
    assert records.times[records.logarithmic][0] == pytest.approx(0.1)


@pytest.mark.parametrize(("kind", "rounded"), [("sa", True), ("usa", False)])
def test_only_steps_common_to_all_beta_round(kind, rounded):
    flow = {"last_time": 1.0, "step_size": 0.3, "integrator": "published"}
    times = phase_records({"flows": {kind: flow}, "records": 5, "log_first_share": 0.1}, kind).times
    assert (np.abs(times / 0.3 - np.round(times / 0.3)).max() < 1e-9) == rounded


def test_crossing_is_interpolated():
    assert crossing_time(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.25, 0.75]), 0.5) == pytest.approx(1.5)
    assert crossing_time(np.array([3.0, 4.0]), np.array([0.9, 1.0]), 0.5) == 3.0
    assert np.isnan(crossing_time(np.array([0.0, 1.0]), np.array([0.0, 0.4]), 0.5))
