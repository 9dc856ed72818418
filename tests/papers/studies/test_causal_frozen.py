"""Tokens beside frozen ones: closed forms, the engine with repeated first tokens, limits by root finding, the theorem's conditions."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.geometry.sphere import circle_points
from attention_atlas.papers.studies.causal import kernel_pull
from attention_atlas.papers.studies.causal_frozen import (
    _jacobian,
    allowed_distance,
    frozen_claims,
    frozen_distances,
    frozen_flow,
    frozen_speeds,
    pull_slope,
)
from attention_atlas.papers.studies.drawing.causal_frozen import frozen_figure
from attention_atlas.papers.studies.tables.causal_frozen import frozen_places, tables

SETTINGS = {
    "tokens": 8, "beta": 64.0, "cars": [4.0, 6.0], "shown_cars": 4.0, "largest_weight": 4.0, "runs": 2, "seed": 5,
    "last_time": 1e9, "records": 12, "epsilons": [0.1],
}  # fmt: skip


def test_one_token_at_beta_0_follows_the_closed_form():
    """dphi/dt = -a sin(phi)/(a + 1): tan(phi/2) falls as exp(-a t/(a + 1))."""
    times = np.array([0.0, 0.7, 3.0])
    found = frozen_flow(np.array([2.0]), np.array([0.0]), np.array([2.5]), 0.0, times)[:, 0]
    np.testing.assert_allclose(np.tan(found / 2), math.tan(1.0) * np.exp(-2.5 / 3.5 * times), rtol=1e-7)


def test_frozen_token_is_a_first_token_of_the_engine_that_comes_several_times():
    """With V = I the first token never moves, and its copies stay with it: an integer weight is a number of copies."""
    angles, beta, time = np.array([0.5, 0.9, 5.8, 1.4]), 16.0, 6.0
    starts = circle_points(np.concatenate([np.full(3, 0.3), angles]))
    engine = attention_flow(starts, beta=beta, mask="causal", times=[time], tolerance=1e-11, observe=["positions"])
    found = frozen_flow(angles, np.array([0.3]), np.array([3.0]), beta, np.array([0.0, time]))[-1]
    np.testing.assert_allclose(circle_points(found), engine.positions[0, 0, 3:], atol=1e-7)


def test_speeds_and_jacobian_against_loops_and_differences():
    generator = np.random.Generator(np.random.Philox(3))
    angles, frozen, weights = generator.uniform(0, 6, 5), np.array([0.2, 2.0]), np.array([1.0, 2.0])
    slow = []
    for k, angle in enumerate(angles):
        others = [*zip(frozen, weights, strict=True), *((other, 1.0) for other in angles[: k + 1])]
        pull = sum(a * float(kernel_pull(other - angle, 3.0)) for other, a in others)
        slow.append(pull / sum(a * math.exp(3 * (math.cos(other - angle) - 1)) for other, a in others))
    np.testing.assert_allclose(frozen_speeds(angles, frozen, weights, 3.0), slow, rtol=1e-12)
    step = 1e-6 * np.eye(5)
    slopes = [
        (frozen_speeds(angles + h, frozen, weights, 3.0) - frozen_speeds(angles - h, frozen, weights, 3.0)) / 2e-6
        for h in step
    ]
    np.testing.assert_allclose(_jacobian(angles, frozen, weights, 3.0), np.transpose(slopes), atol=1e-8)
    x = np.linspace(-1, 1, 7)
    np.testing.assert_allclose(
        pull_slope(x, 9.0), (kernel_pull(x + 1e-6, 9.0) - kernel_pull(x - 1e-6, 9.0)) / 2e-6, atol=1e-8
    )


def test_a_single_token_ends_at_the_root_of_the_pull():
    frozen, weights, beta = np.array([0.0, 0.6]), np.array([1.0, 3.0]), 64.0
    end = frozen_flow(np.array([0.2]), frozen, weights, beta, np.array([0.0, 1e6]))[-1, 0]
    root = brentq(lambda x: float((weights * kernel_pull(frozen - x, beta)).sum()), -0.1, 0.1, xtol=1e-15)
    assert end == pytest.approx(root, abs=1e-9)
    assert root > 1e-5  # the other frozen token draws it away


def test_condition_of_the_theorem():
    """The smallest epsilon of the printed conditions, by scanning in plain Python; none for a short separation."""

    def h(x):
        return math.exp(64 * (math.cos(x / 8) - 1)) * math.sin(x / 8)

    def g(x):
        return math.exp(64 * (math.cos(x / 8) - 1)) * (math.cos(x / 8) - 64 * math.sin(x / 8) ** 2)

    fits = [
        e / 1e5
        for e in range(1, 50_000)
        if 55 * h(6 - 1 - 2 * e / 1e5) < h(e / 1e5) and -55 * g(6 - 2 * e / 1e5) < g(e / 1e5)
    ]
    assert allowed_distance(6.0, 64.0, 55.0) == pytest.approx(fits[0], rel=2e-2)
    assert math.isnan(allowed_distance(4.0, 64.0, 55.0))
    # both printed conditions hold for c = 1.2, epsilon = 0.1 (0 < h, and g > 0 at the distance 1), yet the token rests at 0.6
    assert 3 * h(0.0) < h(0.1) and -3 * g(0.999) < g(0.1)
    assert math.isnan(allowed_distance(1.2, 64.0, 3.0))


def test_places_and_distances():
    places, weights = frozen_places(np.random.Generator(np.random.Philox(1)), SETTINGS, 6.0)
    gaps = np.diff(np.sort(np.concatenate([places, [places.min() + 2 * np.pi]])))
    assert (gaps >= 0.75).all() and ((weights >= 1) & (weights <= 4)).all()
    np.testing.assert_allclose(frozen_distances(np.array([6.2, 1.0]), np.array([0.0, 1.5])), [2 * np.pi - 6.2, 0.5])


def test_claims_and_figure(tmp_path):
    found = tables(SETTINGS)
    judged = {claim.id: claim.holds for claim in frozen_claims(found, {})}
    assert judged == {"causal-frozen": "yes", "causal-frozen-rest": "yes", "causal-frozen-close": "yes"}
    assert found["causal_frozen_close"]["distance"].to_numpy() == pytest.approx(0.6, abs=1e-6)
    bad = found["causal_frozen"].assign(farthest=0.4)
    assert next(frozen_claims(found | {"causal_frozen": bad}, {})).holds == "no"
    none = found["causal_frozen"].assign(allowed=math.nan)
    assert next(frozen_claims(found | {"causal_frozen": none}, {})).holds == "not judged"
    paths = {}
    for name, table in found.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        pd.DataFrame(table).to_csv(paths[name], index=False)
    left, right = frozen_figure(paths["causal_frozen"], paths["causal_frozen_paths"]).axes
    assert len(left.lines) >= SETTINGS["tokens"] and len(right.lines) == 2
