"""The oracle itself against a loop over points, and against cases known in closed form."""

import numpy as np

from attention_atlas.dynamics.minimal_attention.definition import iterate_definition, step

WQ = np.array([[0.3, -1.2], [0.8, 0.5]])
WV = np.array([[0.9, 0.2], [-0.4, 1.1]])


def _circle(n, seed=0):
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, n)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def test_step_against_loops():
    x, a, b = _circle(5), 1.7, -2.3
    expected = np.empty_like(x)
    for i in range(5):
        weights = np.array([np.exp((WQ @ x[i]) @ (np.diag([a, b]) @ x[j])) for j in range(5)])
        y = WV @ (weights / weights.sum() @ x)
        expected[i] = y / (np.linalg.norm(y) + 1e-8)
    assert np.allclose(step(x[None], np.array([a]), np.array([b]), WQ, WV)[0], expected, atol=1e-15)


def test_equal_points_stay_one_cluster():
    x = np.tile(_circle(1), (6, 1))
    labels = iterate_definition(x[None], np.array([3.0]), np.array([-1.0]), WQ, np.eye(2), iterations=10)
    assert labels.converged[0]
    assert labels.clusters[0] == 1
    assert labels.time[0] == 0
    assert labels.period[0] == 1


def test_value_matrix_of_minus_one_gives_period_two():
    x = np.tile(_circle(1), (4, 1))
    labels = iterate_definition(x[None], np.array([3.0]), np.array([-1.0]), WQ, -np.eye(2), iterations=10)
    assert labels.period[0] == 2


def test_hard_attention_to_oneself_keeps_all_apart():
    # q . k = 1600 x_i . x_j: every point sees itself only
    angle = np.arange(4) + 0.3
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    forty = np.array([40.0])
    labels = iterate_definition(x[None], forty, forty, 40 * np.eye(2), np.eye(2), iterations=10)
    assert not labels.converged[0]
    assert labels.clusters[0] == 4
    assert labels.time[0] == -1
    assert labels.period[0] == 1


def test_criterion_looks_at_the_first_coordinate_only():
    mirror = np.array([[0.6, 0.8], [0.6, -0.8]])
    forty = np.array([40.0])
    labels = iterate_definition(mirror[None], forty, forty, 40 * np.eye(2), np.eye(2), iterations=5)
    assert labels.converged[0]
    assert labels.clusters[0] == 2
