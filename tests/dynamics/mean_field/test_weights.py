"""Weights, correlations and their bad inputs."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.weights import (
    KEY,
    OUTPUT,
    QUERY,
    VALUE,
    correlations_of,
    explicit_weights,
    gaussian_correlations,
    manual_correlations,
    mean_correlations,
    random_weights,
    segment_weights,
)
from attention_atlas.errors import AtlasError


def test_seed_1_gives_the_published_positional_weights():
    positional = segment_weights(1).positional
    assert positional[OUTPUT].tolist() == [[-1, -1], [1, -1], [1, 1]]
    assert positional[VALUE].tolist() == [[-1, -1], [1, -1], [-1, 1]]
    assert positional[QUERY].tolist() == [[1, -1], [1, 1], [-1, -1]]
    assert positional[KEY].tolist() == [[-1, -1], [-1, -1], [-1, 1]]


def test_correlations_of_three_segments_are_thirds():
    correlations = correlations_of(segment_weights(1))
    for values in (correlations.pair, correlations.quad):
        assert np.allclose(3 * values, np.rint(3 * values), atol=1e-12)
        assert np.abs(values).max() <= 1


@pytest.mark.parametrize("patterns", [1, 2, 3])
def test_correlations_are_averages_over_spins(patterns):
    weights = segment_weights(5, patterns=patterns, bits=3, segments=4, segment_spins=7)
    correlations = correlations_of(weights)
    spins = weights.semantic.shape[2]
    for field in range(4):
        for a in range(patterns):
            w = weights.semantic[field, a].astype(int)
            for b in range(patterns):
                assert correlations.pair[field, b, a] == (weights.semantic[OUTPUT, b].astype(int) * w).sum() / spins
            product = weights.semantic[OUTPUT].astype(int).prod(axis=0)
            assert correlations.quad[field, a] == ((product * w).sum() / spins if patterns == 3 else 0)


def test_longer_segments_leave_correlations_and_positional_weights():
    short, long = segment_weights(1), segment_weights(1, segment_spins=330)
    assert long.semantic.shape == (4, 3, 990)
    assert np.array_equal(short.positional, long.positional)
    for a, b in zip(correlations_of(short), correlations_of(long), strict=True):
        assert np.allclose(a, b, atol=1e-15)


def test_gaussian_correlations_depend_on_the_seed_alone_and_are_consistent():
    one, again, other = gaussian_correlations(3), gaussian_correlations(3), gaussian_correlations(4)
    assert np.array_equal(one.pair, again.pair)
    assert not np.array_equal(one.pair, other.pair)
    output = one.pair[OUTPUT]
    assert np.array_equal(output, output.T)
    assert np.array_equal(np.diag(output), np.ones(3))
    assert one.quad[OUTPUT].tolist() == [output[1, 2], output[0, 2], output[0, 1]]
    assert np.abs(one.pair).max() <= 1
    small = gaussian_correlations(3, deviation=0.1).pair[VALUE:]
    assert 0.06 < small.std() < 0.15  # 27 numbers of standard deviation 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: segment_weights(1, patterns=4), ["patterns", "M = 4", "1 to 3"]),
        (lambda: segment_weights(1, patterns=0), ["patterns", "M = 0", "1 to 3"]),
        (lambda: gaussian_correlations(1, patterns=4), ["patterns", "M = 4"]),
        (lambda: segment_weights(1, bits=0), ["positional_bits", "B = 0"]),
        (lambda: segment_weights(-1), ["seed", "-1"]),
        (lambda: segment_weights(1, segments=0), ["segments", "at least 1"]),
        (lambda: gaussian_correlations(1, deviation=0.0), ["deviation", "0.0"]),
        (lambda: explicit_weights(np.ones((4, 3, 9)), np.ones((4, 2, 2))), ["weights", "shapes"]),
        (lambda: explicit_weights(np.ones((4, 4, 9)), np.ones((4, 4, 2))), ["patterns", "M = 4"]),
        (lambda: explicit_weights(np.zeros((4, 3, 9)), np.ones((4, 3, 2))), ["weights", "-1 or 1"]),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(AtlasError) as caught:
        call()
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_explicit_weights_give_the_same_correlations():
    weights = segment_weights(2, patterns=2, bits=1)
    again = explicit_weights(weights.semantic.tolist(), weights.positional.tolist())
    assert np.array_equal(correlations_of(weights).pair, correlations_of(again).pair)


def test_random_weights_have_small_correlations():
    weights = random_weights(3, bits=4, spins=40_000)
    assert weights.semantic.shape == (4, 3, 40_000)
    assert weights.positional.shape == (4, 3, 4)
    pair = correlations_of(weights).pair
    assert np.abs(pair - np.stack([np.eye(3), *np.zeros((3, 3, 3))])).max() < 0.03  # 6 standard deviations


def test_mean_correlations_are_those_of_independent_spins_with_these_means():
    found = mean_correlations(2)
    # the means themselves: C^o_ba / C^o_ca is mu_b / mu_c, and mu_0^2 = C_01 C_02 / C_12
    own = found.pair[OUTPUT]
    output = np.sqrt(
        [own[0, 1] * own[0, 2] / own[1, 2], own[0, 1] * own[1, 2] / own[0, 2], own[0, 2] * own[1, 2] / own[0, 1]]
    )
    means = np.stack([output, *(found.pair[f][0] / output[0] for f in (VALUE, QUERY, KEY))])
    assert ((means >= 0) & (means < 1)).all()
    spins = np.where(np.random.default_rng(1).random((4, 3, 400_000)) < 0.5 * (1 + means[:, :, None]), 1, -1)
    drawn = correlations_of(explicit_weights(spins, np.ones((4, 3, 2))))
    np.testing.assert_allclose(found.pair, drawn.pair, atol=0.01)
    np.testing.assert_allclose(found.quad, drawn.quad, atol=0.01)
    assert np.array_equal(found.pair, mean_correlations(2).pair)


def test_manual_correlations_are_those_of_the_same_random_patterns_in_other_orders():
    orders = [[0, 1, 2], [1, 2, 0], [2, 1, 0], [0, 2, 1]]
    rows = np.random.default_rng(1).choice([-1, 1], (3, 200_000))
    drawn = correlations_of(explicit_weights(np.stack([rows[order] for order in orders]), np.ones((4, 3, 2))))
    found = manual_correlations(orders)
    np.testing.assert_allclose(found.pair, drawn.pair, atol=0.015)
    np.testing.assert_allclose(found.quad, drawn.quad, atol=0.015)
    assert not found.positional.any()
    with pytest.raises(AtlasError, match="do not hold each pattern once"):
        manual_correlations([[0, 1, 2], [1, 1, 0], [0, 1, 2], [0, 1, 2]])
