"""Runs from tokens against plain NumPy, slopes of known growth, a network's distance from the map."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.mean_field.map import (
    Window,
    attention_step,
    mean_field_model,
    observables,
    parameters,
    token_fields,
)
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.weights import FIELDS, correlations_of, segment_weights
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.finite_network import CountNetwork
from attention_atlas.papers.mean_field.portrait_claims import portrait_claims
from attention_atlas.papers.mean_field.portraits import (
    distance_from,
    divergence,
    follow_neighbours,
    grown_windows,
    largest_exponent,
    network_run,
    summary,
    token_runs,
)
from attention_atlas.papers.mean_field.setup import build_token

WEIGHTS = segment_weights(1)
MODEL = mean_field_model(correlations_of(WEIGHTS))


def test_tokens_are_rows_of_the_weights_or_random():
    for number, source in enumerate(("definition", "value", "query", "key")):
        token = build_token(WEIGHTS, source, pattern=2)
        # the row has itself as its own mean field: (1/N) sum_i W_i^2 = 1
        assert token_fields(WEIGHTS, token)[number, 1] == 1.0, FIELDS[number]
    one, same, other = (build_token(WEIGHTS, "random", seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert set(one) == {-1, 1}
    with pytest.raises(AtlasError, match="pattern: 4 is outside 1 to 3"):
        build_token(WEIGHTS, "query", pattern=4)


def test_runs_from_tokens_are_steps_of_the_map_from_the_first_on():
    params = parameters(MODEL, [1.2, 1.3])
    fields = [token_fields(WEIGHTS, build_token(WEIGHTS, source)) for source in ("value", "random")]
    m, a = token_runs(MODEL, params, grown_windows(MODEL, params, fields), 12)
    assert m.shape == a.shape == (2, 12, 3)
    np.testing.assert_allclose(m, observables(MODEL, params, a), atol=1e-12)
    # one token in the window: the softmax has nothing to choose
    positional = MODEL.positional[1, 0]
    np.testing.assert_allclose(a[0, 0], 0.98 * fields[0][1] + 0.02 * positional, atol=1e-14)
    window = Window(a[:, 7:3:-1], 0)  # the newest is that of step 8, whose positional pattern is 0 again
    np.testing.assert_allclose(attention_step(MODEL, params, window).attention[:, 0], a[:, 8], atol=1e-12)


def test_network_from_a_token_is_the_map_up_to_its_noise():
    factor = 40_000
    large = segment_weights(1, segment_spins=33 * factor)
    params = parameters(MODEL, 1.25)
    token = build_token(WEIGHTS, "definition")
    m, a = token_runs(MODEL, params, grown_windows(MODEL, params, [token_fields(WEIGHTS, token)]), 6)
    network = CountNetwork.from_token(MODEL, large, params, np.repeat(token, factor), np.random.default_rng(1))
    fields, attention = network_run(network, 6)
    np.testing.assert_allclose(fields, m[0], atol=0.02)
    np.testing.assert_allclose(attention, a[0], atol=0.02)
    # the first attention comes from the token alone and has no noise yet
    np.testing.assert_allclose(attention[0], a[0, 0], atol=1e-13)
    assert network.fields.shape == (4, 1, 4, 3)


def test_distance_from_a_curve():
    curve = np.stack([np.linspace(0, 1, 1001), np.zeros(1001)], axis=1)
    assert distance_from(np.array([[0.25, 0.3], [0.5, -0.4]]), curve) == pytest.approx(np.sqrt((0.09 + 0.16) / 2))


def test_divergence_finds_the_rate_of_exponential_growth():
    rates = np.random.default_rng(1).normal(0.1, 0.01, 400)
    distances = np.minimum(1e-12 * np.exp(rates[:, None] * np.arange(500)), 1.0)
    found = divergence(distances)
    assert found.slope == pytest.approx(rates.mean(), rel=1e-9)
    assert found.error == pytest.approx(rates.std(ddof=1) / 20, rel=1e-9)
    assert (distances[:, found.last - 1] > 1e-3).mean() <= 0.05
    assert found.first == found.last // 2
    with pytest.raises(AtlasError, match="difference: the pairs come apart"):
        divergence(np.ones((4, 100)))


def test_neighbours_follow_the_map_and_part_at_its_exponent():
    params = parameters(MODEL, np.full(64, 1.28))
    generator = np.random.default_rng(2)
    run = MeanFieldRun(MODEL, params, Window(generator.uniform(-0.1, 0.1, (64, 4, 3)), 0))
    run.advance(3000)
    points = run.window()
    distances, tracks = follow_neighbours(MODEL, params, points, 1e-9, 120, generator)
    assert distances.shape == (64, 120)
    assert np.array_equal(tracks[0], run.record(120).observables()[0, :, 0])
    assert distances[:, 0].max() < 1e-7
    exponents = largest_exponent(MODEL, params, points, 2000, 200)
    table = summary(np.array([1.28]), 64, [divergence(distances)], exponents)
    assert table["lyapunov_1"].iloc[0] == pytest.approx(0.14, abs=0.02)
    assert table["slope"].iloc[0] == pytest.approx(table["lyapunov_1"].iloc[0], abs=4 * table["slope_error"].iloc[0])


def claim_tables():
    zoom = pd.DataFrame(
        {"beta": [1.24, 1.243, 1.2432, 1.25], "class": ["fixed", "2-torus", "quasi-periodic", "chaotic"]}
    )
    zoom["lyapunov_2"] = [-0.1, 0.0, -1e-3, -0.02]
    near = {"beta": [1.28], "slope": [0.141], "slope_error": [0.002], "lyapunov_1": [0.144], "error_1": [1e-4]}
    tokens = pd.DataFrame({"class": "quasi-periodic", "period": 0, "lyapunov_2": [-0.0105, -0.0009]})
    tokens["network_distance"], tokens["step_noise"] = 0.0035, 0.001
    return {"lyapunov_zoom": zoom, "neighbours": pd.DataFrame(near), "tokens": tokens}


def test_claims_hold_and_fail_by_their_numbers():
    tables = claim_tables()
    verdicts = {claim.id: claim.holds for claim in portrait_claims(tables, ["lyapunov_zoom"])}
    assert set(verdicts.values()) == {"yes"}
    assert len(verdicts) == 5
    tables["lyapunov_zoom"].loc[3, ["class", "lyapunov_2"]] = ["2-torus", 0.01]
    tables["neighbours"]["lyapunov_1"] = 0.2
    tables["tokens"]["lyapunov_2"] = -0.3
    assert {claim.holds for claim in portrait_claims(tables, ["lyapunov_zoom"])} == {"no"}
    del tables["tokens"]
    assert [claim.holds for claim in portrait_claims(tables, ["lyapunov_zoom"])][-1] == "not judged"
