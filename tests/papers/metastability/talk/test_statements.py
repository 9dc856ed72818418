"""Numbers of the talk's statements: closed forms, derivatives, slow twins."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.flow import direct_circle_velocities
from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.geometry.sphere import circle_points, sunflower_points
from attention_atlas.papers.metastability.talk.circle import pair_velocities, runge_kutta
from attention_atlas.papers.metastability.talk.classes import Weights, best_line, half_circles, loss_and_gradient
from attention_atlas.papers.metastability.talk.exits import exits_table, plane_velocities
from attention_atlas.papers.metastability.talk.feed_forward import cluster_counts, random_layer
from attention_atlas.papers.metastability.talk.harmonics import Harmonic, first_clusters, maxima
from attention_atlas.papers.metastability.talk.layers import layer_velocities, mean_velocities
from attention_atlas.papers.metastability.talk.normalisation import free_velocities
from attention_atlas.papers.metastability.talk.partition import equilibria, jacobian
from attention_atlas.papers.metastability.talk.unfolding import unfolded_velocities

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("normalised", [False, True])
def test_pair_velocities_are_those_of_the_kernel(normalised):
    angles = RNG.uniform(0, 6, (3, 11))
    expected = [direct_circle_velocities(row, 3.0, normalised=normalised) for row in angles]
    np.testing.assert_allclose(pair_velocities(angles, 3.0, normalised), expected, rtol=0, atol=1e-13)


def test_runge_kutta_has_order_four():
    errors = [abs(runge_kutta(lambda x: x, np.array([1.0]), 1 / n, n)[-1, 0] - np.e) for n in (10, 20)]
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.1)


def test_mean_of_varying_layers():
    angles = RNG.uniform(0, 6, 9)
    # heads on a fine regular grid of the law
    betas, turns = (
        grid.ravel() for grid in np.meshgrid(1 + 6 * (np.arange(60) + 0.5) / 60, -1 + 2 * (np.arange(60) + 0.5) / 60)
    )
    mean = layer_velocities(np.tile(angles, (3600, 1)), betas, turns).mean(axis=0)
    np.testing.assert_allclose(mean_velocities(angles, (1.0, 7.0), 1.0), mean, rtol=0, atol=1e-4)
    one = layer_velocities(angles[None], np.array([3.0]), np.array([0.0]))[0]
    np.testing.assert_allclose(one, pair_velocities(angles, 3.0), atol=1e-14)


def test_gradient_of_the_residual_network():
    points, classes = half_circles(np.random.default_rng(3), 12, 0.1)
    weights = Weights(RNG.standard_normal((3, 2, 4)), RNG.standard_normal((3, 4, 2)), RNG.standard_normal((3, 4)))
    _, gradient = loss_and_gradient(points, classes, weights)
    for part, slope in zip(weights, gradient, strict=True):
        place = tuple(RNG.integers(0, part.shape))
        losses = []
        for change in (1e-6, -1e-6):
            part[place] += change
            losses.append(loss_and_gradient(points, classes, weights)[0])
            part[place] -= change
        assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5, abs=1e-9)


def test_best_line():
    square = np.array([[0.0, 0], [1, 1], [0, 1], [1, 0]])
    assert best_line(square, np.array([1.0, 1, -1, -1])) == 0.75
    assert best_line(square, np.array([1.0, -1, 1, -1])) == 1.0


def test_free_tokens_over_their_growth():
    x, time = RNG.standard_normal((6, 2)), 0.7
    z = np.exp(-time) * x
    pull = attention_field(x, "sa", 1.3, project=False)
    state = np.concatenate([z, [[time, 0.0]]])
    np.testing.assert_allclose(free_velocities(state, 1.3)[:-1], np.exp(-time) * pull - z, atol=1e-13)


def test_equilibria_of_two_tokens():
    starts = np.concatenate([np.zeros((1, 2)), RNG.uniform(0, 6, (30, 2))])
    gaps = sorted(round(abs(np.cos(x[0] - x[1]) - 1), 6) for x in equilibria(2.0, starts))
    assert gaps == [0.0, 2.0]
    # the difference of two tokens at consensus decays at the rate 1 in rescaled time, with and without Z
    for normalised in (False, True):
        np.testing.assert_allclose(
            np.sort(np.linalg.eigvals(jacobian(np.zeros(2), 2.0, normalised)).real), [-1, 0], atol=1e-8
        )


def test_feed_forward_layer():
    assert np.sqrt((random_layer(np.random.default_rng(1), 16) ** 2).mean()) == pytest.approx(1.0)
    assert cluster_counts(np.array([[0.0, 0.01, 6.28], [0.0, 2.0, 2.01], [0.0, 2.0, 4.0]])).tolist() == [1, 2, 3]


def test_exit_from_the_saddle():
    rates, place, step = (1.0, 0.6), np.array([0.3, -0.2]), 1e-6
    height = lambda p: (p**2 @ rates) / 2 - (p @ p) ** 2 / 4  # noqa: E731
    slope = [(height(place + step * e) - height(place - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(plane_velocities(place, rates), slope, atol=1e-9)
    table = exits_table({"rates": list(rates), "radii": [1e-5, 1e-6], "paths": 8, "exit": 0.3})
    gone = table[table["part"] == "exit"]
    np.testing.assert_allclose(np.hypot(gone["x"], gone["y"]), 0.3, rtol=1e-4)
    by_radius = gone.assign(ratio=np.abs(gone["y"] / gone["x"])).pivot_table(
        index="number", columns="epsilon", values="ratio"
    )
    np.testing.assert_allclose(by_radius[1e-5] / by_radius[1e-6], 10**0.4, rtol=1e-3)


def test_a_period_moves_alone():
    fold, phi = 4, RNG.uniform(0, 6, 7)
    theta = (phi / fold + 2 * np.pi * np.arange(fold)[:, None] / fold).ravel()
    np.testing.assert_allclose(unfolded_velocities(phi, 6.0, fold), fold * pair_velocities(theta, 6.0)[:7], atol=1e-13)


def test_harmonic_its_gradient_and_its_maxima():
    harmonic = Harmonic(4, np.random.default_rng(2))
    point = np.array([[0.6, 0.0, 0.8]])
    for direction in (np.array([0.8, 0.0, -0.6]), np.array([0.0, 1.0, 0.0])):
        ends = [harmonic.value(np.cos(s) * point + np.sin(s) * direction)[0] for s in (1e-5, -1e-5)]
        assert harmonic.gradient(point)[0] @ direction == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)
    tops = maxima(harmonic)
    np.testing.assert_allclose(harmonic.gradient(tops), 0, atol=1e-6)
    # of even degree: with a maximum its antipode is one
    assert np.abs(tops @ tops.T + 1).min(axis=1).max() < 1e-6
    # of degree 1 there is one maximum, along the sum of the poles
    linear = Harmonic(1, np.random.default_rng(2))
    (top,) = maxima(linear)
    axis = linear.weights @ linear.poles
    assert top @ axis == pytest.approx(np.linalg.norm(axis), rel=1e-9)


def test_first_clusters():
    spread = sunflower_points(200)
    near = circle_points(np.concatenate([np.full(120, 0.0) + 1e-3 * np.arange(120) / 120, np.full(80, 2.0)]))
    tight = np.concatenate([near, np.zeros((200, 1))], axis=1)
    frame, centres, shares = first_clusters(np.array([spread, tight]), 10.0)
    assert frame == 1
    np.testing.assert_allclose(sorted(shares), [0.4, 0.6])
    assert centres.shape == (2, 3)
    assert first_clusters(spread[None], 10.0)[0] == -1
