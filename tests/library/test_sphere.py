"""Flows on the sphere against sums written out, SciPy, and a closed form."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import attention_atlas as aa


def slow_velocity(points, beta, q, k, v, softmax):
    """The right side as it stands in the paper, one pair after the other."""
    n, d = points.shape
    result = np.zeros((n, d))
    for i in range(n):
        weights = [np.exp(beta * (q @ points[i]) @ (k @ points[j])) for j in range(n)]
        mass = sum(weights) if softmax else n
        pull = sum(weights[j] / mass * (v @ points[j]) for j in range(n))
        result[i] = pull - (pull @ points[i]) * points[i]
    return result


def matrices(dimension, rows, seed=7):
    generator = np.random.default_rng(seed)
    q, k = generator.standard_normal((2, rows, dimension)) / 2
    return q, k, generator.standard_normal((dimension, dimension))


@pytest.mark.parametrize("softmax", [True, False])
def test_velocity_is_the_sum_over_all_pairs(softmax):
    points = aa.uniform_points(6, 4, seed=1)
    q, k, v = matrices(4, 2)
    found = aa.sphere_velocity(points, beta=1.3, query=q, key=k, value=v, softmax=softmax)
    np.testing.assert_allclose(found, slow_velocity(points, 1.3, q, k, v, softmax), rtol=0, atol=1e-14)
    alone = aa.sphere_velocity(points, beta=1.3, key=v, softmax=softmax)
    np.testing.assert_allclose(
        alone, slow_velocity(points, 1.3, np.eye(4), v, np.eye(4), softmax), rtol=1e-13, atol=1e-14
    )


def test_velocity_does_not_depend_on_its_blocks(monkeypatch):
    from attention_atlas.library import sphere

    points = aa.uniform_points(50, 3, seed=1)
    whole = aa.sphere_velocity(points, beta=2.0)
    monkeypatch.setattr(sphere, "ROWS", 7)
    np.testing.assert_allclose(aa.sphere_velocity(points, beta=2.0), whole, rtol=0, atol=1e-15)


@pytest.mark.parametrize("softmax", [True, False])
def test_flow_is_the_solution_of_the_equation(softmax):
    starts = aa.uniform_points(5, 3, seed=2)
    q, k, v = matrices(3, 3)
    flow = aa.sphere_flow(starts, beta=0.8, query=q, key=k, value=v, softmax=softmax, last_time=3.0, records=4)
    exact = solve_ivp(
        lambda _, x: slow_velocity(x.reshape(5, 3), 0.8, q, k, v, softmax).ravel(),
        (0, 3), starts.ravel(), method="DOP853", t_eval=flow.times, rtol=1e-11, atol=1e-12,
    )  # fmt: skip
    assert flow.status == "ok"
    np.testing.assert_allclose(flow.positions, exact.y.T.reshape(4, 5, 3), rtol=0, atol=1e-6)


def test_two_particles_at_beta_zero_meet_as_a_hyperbolic_tangent():
    # <x, y> obeys dy/dt = 1 - y^2
    flow = aa.sphere_flow([[1.0, 0.0], [0.0, 1.0]], beta=0.0, last_time=4.0, records=9, tolerance=1e-11)
    products = (flow.positions[:, 0] * flow.positions[:, 1]).sum(axis=-1)
    np.testing.assert_allclose(products, np.tanh(flow.times), rtol=0, atol=1e-8)


def test_the_unnormalised_flow_with_d_lowers_the_energy():
    matrix = np.array([[1.0, 0.4, 0.0], [0.4, -0.5, 0.2], [0.0, 0.2, 0.3]])
    starts = aa.uniform_points(40, 3, seed=3)
    flow = aa.sphere_flow(starts, beta=1.0, key=matrix, value=-matrix, softmax=False, times=[0.0, 0.5, 1.0, 2.0])
    energies = aa.energy(flow.positions, matrix)
    assert (np.diff(energies) < 0).all()
    # explicit steps come nearer to it in proportion to their size
    errors = []
    for steps in (200, 400):
        end = aa.energy_flow(starts, matrix, step_size=2.0 / steps, steps=steps, records=2).positions[-1]
        errors.append(np.abs(end - flow.positions[-1]).max())
    assert errors[0] < 0.02
    assert 1.8 < errors[0] / errors[1] < 2.2


def test_runs_know_nothing_of_each_other_and_progress_is_told():
    starts, told = aa.uniform_points(9, 3, runs=50, seed=4), []
    flow = aa.sphere_flow(starts, beta=3.0, last_time=2.0, records=3, progress=lambda *now: told.append(now))
    alone = aa.sphere_flow(starts[33], beta=3.0, last_time=2.0, records=3)
    assert np.array_equal(flow.positions[33], alone.positions)
    assert flow.positions.shape == (50, 3, 9, 3)
    assert flow.status.shape == flow.converged.shape == flow.steps.shape == (50,)
    assert told == sorted(told)
    assert told[-1] == (50, 50)
    assert len(told) > 5


def test_converged_says_whether_the_particles_rest():
    early = aa.sphere_flow(aa.uniform_points(20, 3), beta=1.0, last_time=1.0, records=2)
    late = aa.sphere_flow(aa.uniform_points(20, 3), beta=1.0, last_time=40.0, records=2)
    assert (early.status, late.status) == ("ok", "ok")
    assert (early.converged, late.converged) == (False, True)


def test_a_run_without_steps_left_has_a_status_and_no_positions():
    flow = aa.sphere_flow(aa.uniform_points(5, 3), beta=1.0, last_time=9.0, records=3, max_steps=4)
    assert (flow.status, flow.converged) == ("too many steps", False)
    assert np.isnan(flow.positions[1:]).all()


def test_rounding_off_the_sphere_is_mended():
    start = np.eye(3) * (1 + 5e-8)
    assert np.array_equal(aa.sphere_flow(start, beta=1.0, times=[0.0]).positions[0], np.eye(3))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"starts": [[1.0, 1.0]]}, "starts"),
        ({"starts": [1.0, 0.0]}, "starts"),
        ({"starts": [[np.nan, 0.0]]}, "starts"),
        ({"starts": "points"}, "starts"),
        ({"starts": [[1.0, 0.0], [1.0]]}, "starts"),
        ({"beta": -1.0}, "beta"),
        ({"beta": np.inf}, "beta"),
        ({"beta": 1e4}, "beta"),
        ({"beta": "hot"}, "beta"),
        ({"beta": [1.0, 2.0]}, "beta"),
        ({"query": np.eye(3)}, "query"),
        ({"query": np.eye(2), "key": np.ones((3, 2))}, "query, key"),
        ({"value": [[1.0, np.nan], [0.0, 1.0]]}, "value"),
        ({"last_time": 0.0}, "last_time"),
        ({"records": 1}, "records"),
        ({"times": [1.0, 0.5]}, "times"),
        ({"times": []}, "times"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"merge_distance": -1.0}, "merge_distance"),
        ({"max_steps": 0.5}, "max_steps"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    good = {"starts": [[1.0, 0.0], [0.0, 1.0]], "beta": 1.0}
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.sphere_flow(**{**good, **change})
