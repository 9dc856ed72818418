"""The map in plain NumPy against the definition by sums over spins, growth, and bad inputs."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import (
    Window,
    attention_step,
    entry_fields,
    grow_window,
    mean_field_model,
    observables,
    parameters,
    positional_patterns,
    token_fields,
)
from attention_atlas.dynamics.mean_field.weights import OUTPUT, correlations_of, segment_weights
from attention_atlas.errors import AtlasError


def fields_by_spins(weights, attention, beta, epsilon, pattern):
    """m^alpha from the definition: means tanh(beta W^o_i . A) of all N spins, positional bits as they are."""
    spins = np.tanh(beta * weights.semantic[OUTPUT].T.astype(float) @ attention)
    semantic = weights.semantic @ spins / spins.size
    return (1 - epsilon) * semantic + epsilon * weights.positional @ pattern / pattern.size


@pytest.mark.parametrize(("patterns", "bits"), [(1, 1), (2, 2), (3, 2), (3, 5)])
def test_fields_equal_the_sum_over_spins(patterns, bits):
    weights = segment_weights(7, patterns, bits, segments=5, segment_spins=3)
    model = mean_field_model(correlations_of(weights))
    rng = np.random.default_rng(1)
    attention = rng.normal(size=(1, model.context, patterns))
    params = parameters(model, 1.3, epsilon=0.1)
    fields = entry_fields(model, params, Window(attention, 1))
    for age in range(model.context):
        pattern = positional_patterns(bits)[(1 - age) % model.cycle]
        wanted = fields_by_spins(weights, attention[0, age], 1.3, 0.1, pattern)
        assert np.allclose(fields[:, 0, age], wanted, atol=1e-14)
    shown = observables(model, params, attention)[0, 0]
    spins = np.tanh(1.3 * weights.semantic[OUTPUT].T.astype(float) @ attention[0, 0])
    assert np.allclose(shown, 0.9 * weights.semantic[OUTPUT] @ spins / spins.size, atol=1e-14)


def test_positional_code_counts_with_the_most_significant_bit_first():
    assert positional_patterns(2).tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert positional_patterns(3)[4].tolist() == [1, -1, -1]


def test_window_grows_token_by_token():
    """Against a loop that keeps all tokens with their fields and looks at the last L."""
    weights = segment_weights(1)
    model = mean_field_model(correlations_of(weights))
    beta, epsilon = 1.5, 0.02
    params = parameters(model, beta, epsilon=epsilon)
    token = weights.semantic[OUTPUT, 1]
    patterns = positional_patterns(2)
    fields = [
        (1 - epsilon) * weights.semantic @ token.astype(float) / 99 + epsilon * weights.positional @ patterns[0] / 2
    ]
    attention = []
    for step in range(4):
        window = fields[-4:]
        logits = params.gamma[0] * np.array([window[-1][2] @ field[3] for field in window])
        shares = np.exp(logits - logits.max())
        attention.append(sum(s * field[1] for s, field in zip(shares, window, strict=True)) / shares.sum())
        fields.append(fields_by_spins(weights, attention[-1], beta, epsilon, patterns[(step + 1) % 4]))
    grown = grow_window(model, params, token_fields(weights, token))
    assert grown.phase == 0
    assert np.allclose(grown.attention[0], attention[::-1], atol=1e-13)


def test_a_shorter_window_keeps_the_positional_code():
    model = mean_field_model(correlations_of(segment_weights(1)), context=3)
    assert model.cycle == 4
    window = Window(np.full((1, 3, 3), 0.1), 3)
    after = attention_step(model, parameters(model, 1.0), window)
    assert after.attention.shape == (1, 3, 3)
    assert after.phase == 0


def test_parameters_broadcast():
    model = mean_field_model(correlations_of(segment_weights(1)))
    params = parameters(model, [1.0, 2.0], 2.2)
    assert params.gamma == pytest.approx([127.017, 127.017], abs=1e-3)
    assert params.epsilon.tolist() == [0.02, 0.02]


MODEL = mean_field_model(correlations_of(segment_weights(1)))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: mean_field_model(correlations_of(segment_weights(1)), context=5),
            ["context", "5", "4 tokens", "<= 4"],
        ),
        (lambda: mean_field_model(correlations_of(segment_weights(1)), context=0), ["context", "0"]),
        (lambda: parameters(MODEL, np.nan), ["beta", "nan"]),
        (lambda: parameters(MODEL, 1.0, np.inf), ["beta_att", "inf"]),
        (lambda: parameters(MODEL, 1.0, epsilon=1.5), ["epsilon", "1.5", "0 to 1"]),
        (lambda: token_fields(segment_weights(1), np.ones(5)), ["token", "99 spins"]),
        (lambda: token_fields(segment_weights(1), np.zeros(99)), ["token", "-1 or 1"]),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(AtlasError) as caught:
        call()
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)
