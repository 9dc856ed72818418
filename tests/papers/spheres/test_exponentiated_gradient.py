"""Minimising weights against the plain update, an invariant and the published weights."""

import numba
import numpy as np
import pandas as pd
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import circle_points, equal_angles
from attention_atlas.papers.spheres.exponentiated_gradient import minimising_weights


def plain_weights(matrix, points, rate, steps, beta):
    x = circle_points(equal_angles(points))
    kernel = np.exp(beta * x @ matrix @ x.T)
    weights = np.full(points, 1 / points)
    for _ in range(steps):
        weights = weights * np.exp(-rate * 2 * kernel @ weights)
        weights = weights / weights.sum()
    return weights, weights @ kernel @ weights, 2 * (weights @ kernel @ weights - (kernel @ weights).min())


@pytest.mark.parametrize("points", [40, 41])
@pytest.mark.parametrize("beta", [1.0, 2.0])
def test_against_the_plain_update(points, beta):
    matrices = np.array([np.diag([1, 1.3]), [[1.0, 0.4], [0.4, 0.7]], np.eye(2)])
    flow = minimising_weights(matrices, points=points, rate=0.3, steps=300, beta=beta)
    for row, matrix in enumerate(matrices):
        weights, energy, gap = plain_weights(matrix, points, 0.3, 300, beta)
        np.testing.assert_allclose(flow.weights[row], weights, rtol=1e-11)
        assert flow.energies[row] == pytest.approx(energy, rel=1e-13)
        assert flow.gaps[row] == pytest.approx(gap, abs=1e-12)
    np.testing.assert_allclose(flow.weights.sum(axis=1), 1, rtol=1e-13)
    np.testing.assert_allclose(flow.weights[2], 1 / points, rtol=1e-11)
    assert (flow.status == "ok").all()


def test_optimality_gap_closes():
    matrices = np.diag([1, 1.2])[None]
    gaps = [minimising_weights(matrices, points=64, rate=0.5, steps=steps).gaps[0] for steps in (100, 1000, 10_000)]
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] < 1e-7


def test_threads_splits_and_calls_change_no_bit(monkeypatch):
    matrices = np.array([np.diag([1, 1 + e]) for e in (-0.1, 0.1, 0.3)])
    options = {"points": 50, "rate": 0.1, "steps": 60}
    threads = numba.get_num_threads()
    seen = []
    try:
        numba.set_num_threads(1)
        whole = minimising_weights(matrices, **options)
        numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
        monkeypatch.setattr("attention_atlas.papers.spheres.exponentiated_gradient.STEPS_PER_CALL", 7)
        parts = [
            minimising_weights(matrices[k : k + 1], **options, progress=lambda *a: seen.append(a)) for k in range(3)
        ]
    finally:
        numba.set_num_threads(threads)
    np.testing.assert_array_equal(np.concatenate([part.weights for part in parts]), whole.weights)
    assert seen[:2] == [(7, 60), (14, 60)]
    assert seen[-1] == (60, 60)


def test_overflow_is_a_status_and_no_nan():
    flow = minimising_weights(np.array([np.eye(2) * 2000, np.eye(2)]), points=10, rate=0.1, steps=5)
    assert flow.status.tolist() == ["blew_up", "ok"]
    assert np.isfinite(flow.weights).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matrices": np.ones((1, 3, 3))}, "D: has shape"),
        ({"matrices": np.array([[[1.0, 2.0], [0.0, 1.0]]])}, "not symmetric"),
        ({"points": 1}, "points, steps, rate: 1, 5, 0.1"),
        ({"rate": 0.0}, "points, steps, rate: 10, 5, 0.0"),
    ],
)
def test_bad_values_are_named(change, message):
    with pytest.raises(AtlasError, match=message):
        minimising_weights(**({"matrices": np.eye(2)[None], "points": 10, "rate": 0.1, "steps": 5} | change))


def test_published_weights(published):
    table = pd.read_csv(published / "spheres" / "densities.csv")
    chosen = ["d2=0.90", "d2=1.30"]
    matrices = np.array([np.diag([1, float(name[3:])]) for name in chosen])
    flow = minimising_weights(matrices, points=1000, rate=0.1, steps=1500)
    # the source is single precision: 1e-4 of 1/N
    np.testing.assert_allclose(flow.weights, table[chosen].to_numpy().T, rtol=0, atol=1e-4 / 1000)
