"""The energy and its flow against sums written out."""

import numpy as np
import pytest

import attention_atlas as aa

MATRIX = np.array([[1.0, 0.3, 0.0], [0.3, 0.5, -0.2], [0.0, -0.2, -0.4]])


def slow_energy(points, matrix, beta):
    return np.mean([[np.exp(beta * x @ matrix @ y) for y in points] for x in points])


def slow_steps(points, matrix, beta, step_size, steps, sign):
    n = len(points)
    for _ in range(steps):
        pushes = [sum(np.exp(beta * x @ matrix @ y) * (matrix @ y) for y in points) / n for x in points]
        moved = points - sign * step_size * np.array(pushes)
        points = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return points


def test_energy_is_the_mean_over_all_pairs():
    points = aa.uniform_points(7, 3, runs=2)
    found = aa.energy(points, MATRIX, beta=1.7)
    np.testing.assert_allclose(found, [slow_energy(run, MATRIX, 1.7) for run in points], rtol=1e-14)
    assert aa.energy([[0.0, 1.0]]) == pytest.approx(np.e, rel=1e-15)


@pytest.mark.parametrize(("direction", "sign"), [("descent", 1), ("ascent", -1)])
def test_steps_are_those_of_the_paper(direction, sign):
    starts = aa.uniform_points(6, 3, seed=8)
    flow = aa.energy_flow(starts, MATRIX, direction=direction, beta=1.4, step_size=0.2, steps=12, records=4)
    assert flow.record_steps.tolist() == [0, 4, 8, 12]
    for step, positions, energy in zip(flow.record_steps, flow.positions, flow.energies, strict=True):
        expected = slow_steps(starts, MATRIX, 1.4, 0.2, step, sign)
        np.testing.assert_allclose(positions, expected, rtol=0, atol=1e-13)
        assert energy == pytest.approx(slow_energy(expected, MATRIX, 1.4), rel=1e-13)
    assert (sign * np.diff(flow.energies) < 0).all()
    assert flow.worst_change < 0


def test_runs_have_matrices_and_numbers_of_their_own():
    starts = aa.uniform_points(5, 2, runs=2, seed=1)
    matrices, betas, sizes = np.array([np.eye(2), np.diag([1.0, 0.2])]), [1.0, 2.0], [0.1, 0.3]
    together = aa.energy_flow(starts, matrices, beta=betas, step_size=sizes, steps=20)
    for run in range(2):
        alone = aa.energy_flow(starts[run], matrices[run], beta=betas[run], step_size=sizes[run], steps=20)
        assert np.array_equal(together.positions[run], alone.positions)


def test_a_single_particle_climbs_to_the_largest_eigenvector():
    flow = aa.energy_flow(aa.uniform_points(1, 3, seed=2), np.diag([2.0, 1.0, 0.5]), direction="ascent", steps=300)
    assert abs(flow.positions[-1, 0, 0]) == pytest.approx(1.0, abs=1e-12)
    assert bool(flow.converged)
    assert not aa.energy_flow(aa.uniform_points(9, 3, seed=2), np.diag([2.0, 1.0, 0.5]), steps=3).converged


def test_a_step_that_cancels_a_particle_is_a_status():
    # one particle on e1: x - τ exp(1) x = 0 for τ = 1/e
    flow = aa.energy_flow([[1.0, 0.0]], step_size=np.exp(-1.0), steps=5, records=6)
    assert (flow.status, flow.converged) == ("vanished", False)
    assert np.isnan(flow.positions[1:]).all()
    assert np.array_equal(flow.positions[0], [[1.0, 0.0]])


def test_progress_is_told():
    told = []
    aa.energy_flow(aa.uniform_points(5, 3), steps=40, records=5, progress=lambda *now: told.append(now))
    assert told == [(10, 40), (20, 40), (30, 40), (40, 40)]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"starts": [[2.0, 0.0]]}, "starts"),
        ({"D": [[1.0, 2.0], [0.0, 1.0]]}, "D"),
        ({"D": np.eye(3)}, "D"),
        ({"D": "identity"}, "D"),
        ({"direction": "down"}, "direction"),
        ({"beta": -1.0}, "beta"),
        ({"beta": [1.0, 2.0, 3.0]}, "beta"),
        ({"step_size": np.nan}, "step_size"),
        ({"steps": 0}, "steps"),
        ({"steps": 10.0}, "steps"),
        ({"noise": -0.1}, "noise"),
        ({"records": 1}, "records"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    good = {"starts": [[1.0, 0.0], [0.0, 1.0]]}
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.energy_flow(**{**good, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"points": [1.0, 0.0]}, "points"),
        ({"D": np.eye(3)}, "D"),
        ({"beta": None}, "beta"),
        ({"points": "x"}, "points"),
    ],
)
def test_bad_values_of_the_energy_are_named(change, name):
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.energy(**{"points": [[1.0, 0.0]], **change})
