"""The sigma model against closed forms, drawn spins and the base model, and the sequences it is known to hold."""

import itertools

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import (
    attention_step,
    grow_window,
    mean_field_model,
    observables,
    parameters,
)
from attention_atlas.dynamics.mean_field.weights import manual_correlations
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.sequence_claims import sequence_claims
from attention_atlas.papers.mean_field.sequence_names import SEQUENCES
from attention_atlas.papers.mean_field.sigma import (
    CONFIGURATIONS,
    SigmaModel,
    manual_model,
    manual_results,
    pattern_fields,
    positional_part,
    run_sigma,
    sequence_codes,
    sigma_results,
    winners,
)

LOOP4 = CONFIGURATIONS["loop 4"]
ORDERS = {"output": [0, 1, 2], "value": [1, 2, 0], "query": [0, 1, 2], "key": [0, 1, 2]}
MAIN = {"weights": {"orders": ORDERS}, "beta_att": 2.2, "scaling": 100.0}


def test_one_pattern_and_one_hot_attention_are_a_hyperbolic_tangent():
    one = SigmaModel(np.zeros((4, 1), int), np.array([0]), np.zeros((4, 1), int), 1)
    attention = np.array([[[0.3], [-0.2]]])
    np.testing.assert_allclose(pattern_fields(one, np.array([2.0]), attention), np.tanh(2 * attention), atol=1e-15)
    hot = pattern_fields(LOOP4, np.array([1.5]), np.array([[0.0, 0.0, 0.7, 0.0]]))
    np.testing.assert_allclose(hot, [[0, 0, np.tanh(1.05)]], atol=1e-15)


def test_pattern_fields_are_averages_over_drawn_spins():
    model, beta = CONFIGURATIONS["no positions"], 1.3
    attention = np.array([0.4, -0.3, 0.6, 0.2])
    rows = np.random.default_rng(1).choice([-1, 1], (3, 400_000))
    mean = np.tanh(beta * sum(rows[model.patterns[k]] * attention[model.orders[0][k]] for k in range(4)))
    wanted = rows @ mean / rows.shape[1]
    np.testing.assert_allclose(pattern_fields(model, np.array([beta]), attention[None])[0], wanted, atol=5e-3)


def test_positional_part_is_rectified():
    found = positional_part(LOOP4, np.array([0, 3]))
    # rows of q: codes 3, 0, 1, 2 of two bits; p = (-1, -1), then (1, 1)
    assert found[0, 2].tolist() == [0, 1, 0, 0]
    assert found[1, 2].tolist() == [1, 0, 0, 0]


def test_manual_memory_is_the_base_model_without_positions():
    """The sign sum of the base class with manual correlations is the sigma sum with a slot a pattern."""
    orders = list(ORDERS.values())
    model = mean_field_model(manual_correlations(orders))
    params = parameters(model, 1.7, epsilon=0.0)
    fields = (np.array(orders) == 1).astype(float)
    grown = grow_window(model, params, fields)
    base = [*grown.attention[0, ::-1]]
    window = grown
    for _ in range(6):
        window = attention_step(model, params, window)
        base.append(window.attention[0, 0])
    # the first token of the base model gives the value field that the sigma model begins with
    found = run_sigma(manual_model(orders, 2), 1.7, params.gamma[0], 0.0, 1, 10)
    np.testing.assert_allclose(pattern_fields(manual_model(orders, 2), np.array([1.7]), np.array(base)[None])[0],
                               observables(model, params, np.array(base)[None])[0], atol=1e-13)  # fmt: skip
    np.testing.assert_allclose(found.attention[0, 0], base[0], atol=1e-15)
    # the base model's window holds the first token beside it for L - 1 steps more; the winners are the same
    assert winners(found.patterns)[0].tolist() == np.argmax(found.patterns[0], axis=1).tolist() == [0, 2, 1] * 3 + [0]


def test_a_large_gain_is_a_hard_maximum():
    soft = run_sigma(LOOP4, 100.0, 1e6, 0.3, 0, 12).attention
    np.testing.assert_allclose(soft, run_sigma(LOOP4, 100.0, 1e8, 0.3, 0, 12).attention, atol=1e-9)


def test_loop_4_is_the_known_cycle():
    run = run_sigma(LOOP4, 100.0, 100.0, 0.5, 0, 40)
    assert winners(run.patterns)[0].tolist() == [1, 2, 1, 0] * 10
    np.testing.assert_allclose(run.patterns[0].max(axis=1), 1.0, atol=1e-5)
    cycle = [[0, 0.5, 0, 0.5], [1, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0.5, 0, 1, 0]]
    np.testing.assert_allclose(run.attention[0, 2:], list(itertools.islice(itertools.cycle(cycle), 38)), atol=1e-9)
    for first in range(4):
        won = winners(run_sigma(LOOP4, 100.0, 100.0, 0.5, first, 23).patterns)[0, 3:]
        assert SEQUENCES[sequence_codes(won[None])[0]] == "1, 2, 1, 0"


@pytest.mark.parametrize(
    ("name", "epsilon", "word"),
    [
        ("loop 2", 0.1, [1, 2, 1, 2]),
        ("loop 2", 0.9, [1, 2, 1, 0]),
        ("loop 1", 0.3, [1, 2, 1, 2]),
        ("loop 3", 0.7, [2, 1, 1, 0]),
        ("no positions", 0.0, [1, 2, 0]),
        ("no duplicate", 0.5, [1, 2, 3, 0]),
    ],
)
def test_other_configurations_hold_other_sequences(name, epsilon, word):
    won = winners(run_sigma(CONFIGURATIONS[name], 100.0, 100.0, epsilon, 0, 60).patterns)[0, 12:].tolist()
    turned = [np.roll(word, turn).tolist() * (48 // len(word)) for turn in range(len(word))]
    assert won in turned


def test_codes_of_sequences_and_ties():
    rows = np.array([[2, 1, 0, 1] * 2, [1, 2] * 4, [0, 1, 2, 3] * 2, [1, 2, 1, -1] * 2])
    assert [SEQUENCES[code] for code in sequence_codes(rows)] == [
        "1, 2, 1, 0",
        "1, 2, 1, 2",
        "another sequence",
        "patterns tie",
    ]
    assert winners(np.array([[[0.5, 0.5, 0.0], [0.1, 0.2, 0.9]]])).tolist() == [[-1, 2]]
    with pytest.raises(AtlasError, match="start with one of"):
        run_sigma(CONFIGURATIONS["loop 1"], 1.0, 1.0, 0.5, 3, 4)


def test_results_and_claims():
    settings = {
        "configuration": "loop 4", "beta": 100.0, "gamma": 100.0, "epsilon": 0.5, "first": 0,
        "steps": 10, "shown": 24, "epsilons": [0.0, 0.5],
        "phase": {"epsilons": [0.0, 0.5, 1.0], "gammas": [0.0, 20.0], "steps": 33},
    }  # fmt: skip
    arrays, sigma = sigma_results(settings)
    assert arrays["codes"].tolist() == [[3, 3], [3, 0], [2, 0]]
    assert arrays["fields"].shape == (10, 4, 4)
    memory = {"first": 1, "positional_bits": 3, "beta": 10.0, "epsilon": 0.02, "steps": 60, "transient": 4000}
    arrays, manual = manual_results(memory | {"betas": [0.8, 1.1, 1.2, 1.3, 1.5, 2.0], "epsilons": [0.0]}, MAIN)
    assert (
        np.argmax(arrays["observables"], axis=1).tolist()
        == [0, 2, 1] * (len(arrays["observables"]) // 3) + [0, 2][: len(arrays["observables"]) % 3]
    )
    np.testing.assert_allclose(manual["root"][1:], [0.5029, 0.6586, 0.7521, 0.8586, 0.9575], atol=1e-4)
    assert [claim.holds for claim in sequence_claims({"sigma": sigma, "manual": manual})] == ["yes"] * 5
    broken = {"sigma": sigma.assign(pattern=0), "manual": manual.assign(amplitude=0.5)}
    assert [claim.holds for claim in sequence_claims(broken)] == ["no"] * 5
