"""The finite network: bits against plain sums, spins against counts, and its limit."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import Window, mean_field_model, observables, parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.weights import OUTPUT, correlations_of, explicit_weights, segment_weights
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.finite_network import (
    CountNetwork,
    SpinNetwork,
    column_classes,
    one_step_deviation,
    pack_bits,
)

START = np.array([[0.2, -0.1, 0.3], [0.1, 0.2, -0.3], [-0.2, 0.1, 0.1], [0.05, 0.3, -0.1]])


def random_weights(patterns=3, spins=150, bits=2, seed=1):
    rng = np.random.default_rng(seed)
    return explicit_weights(rng.choice([-1, 1], (4, patterns, spins)), rng.choice([-1, 1], (4, patterns, bits)))


def test_pack_bits_puts_spin_i_in_bit_i():
    signs = np.where(np.random.default_rng(1).random(130) < 0.5, -1, 1)
    words = pack_bits(signs)
    assert words.shape == (3,)
    unpacked = [(int(words[i // 64]) >> (i % 64)) & 1 for i in range(192)]
    assert unpacked[:130] == (signs > 0).astype(int).tolist()
    assert not any(unpacked[130:])


def test_classes_hold_all_spins():
    columns, counts = column_classes(segment_weights(1, segment_spins=40))
    assert counts.sum() == 120
    assert columns.shape[:2] == (4, 3)
    assert len(counts) <= 3


def test_classes_equal_numpys_unique_columns():
    weights = random_weights(spins=20_000)
    columns, counts = column_classes(weights)
    wanted, wanted_counts = np.unique(weights.semantic.reshape(12, -1), axis=1, return_counts=True)
    order = np.lexsort(columns.reshape(12, -1)[::-1])
    assert np.array_equal(columns.reshape(12, -1)[:, order], wanted)
    assert np.array_equal(counts[order], wanted_counts)


@pytest.mark.parametrize("patterns", [1, 2, 3])
def test_bits_give_the_mean_fields_of_the_token(patterns):
    weights = random_weights(patterns)
    model = mean_field_model(correlations_of(weights))
    token = np.random.default_rng(2).choice([-1, 1], 150)
    network = SpinNetwork(model, weights, parameters(model, 1.0, epsilon=0.1), token, seed=1)
    semantic = weights.semantic @ token / 150
    positional = weights.positional @ np.full(2, -1) / 2
    assert np.allclose(network.fields[:, 0], 0.9 * semantic + 0.1 * positional, atol=1e-14)


def test_spins_come_up_with_their_probability():
    """Every class of spins over many replicas: frequency of +1 within five standard errors, and spins independent."""
    weights = random_weights()
    model = mean_field_model(correlations_of(weights))
    params = parameters(model, 1.3)
    token = np.random.default_rng(2).choice([-1, 1], 150)
    bits = []
    for replica in range(2000):
        network = SpinNetwork(model, weights, params, token, seed=5, replica=replica)
        # with one token in the window A is its value field
        chance = 0.5 * (1 + np.tanh(1.3 * network.fields[1, 0] @ weights.semantic[OUTPUT]))
        network.step()
        bits.append([(int(network.token[i // 64]) >> (i % 64)) & 1 for i in range(150)])
    bits = np.array(bits)
    assert np.all(np.abs(bits.mean(axis=0) - chance) < 5 * np.sqrt(chance * (1 - chance) / 2000))
    centred = (bits - chance) / np.sqrt(chance * (1 - chance))
    products = centred.T @ centred / 2000
    assert np.abs(products - np.diag(np.diag(products))).max() < 6 / np.sqrt(2000)


def test_a_replica_depends_on_seed_and_number_alone():
    weights = random_weights()
    model = mean_field_model(correlations_of(weights))

    def run(seed, replica):
        network = SpinNetwork(model, weights, parameters(model, 1.3), np.ones(150), seed, replica)
        return np.array([network.step() for _ in range(6)])

    assert np.array_equal(run(1, 3), run(1, 3))
    assert not np.array_equal(run(1, 3), run(1, 4))
    assert not np.array_equal(run(1, 3), run(2, 3))


def test_counts_and_spins_have_the_same_law():
    """Means and variances of m after two steps from the same token, both ways."""
    weights = segment_weights(1, segment_spins=40)
    model = mean_field_model(correlations_of(weights), context=1)
    params = parameters(model, 1.2)
    token = weights.semantic[OUTPUT, 0]
    runs = 3000
    spins = np.empty((runs, 3))
    for replica in range(runs):
        network = SpinNetwork(model, weights, params, token, seed=1, replica=replica)
        for _ in range(2):
            spins[replica] = network.step()
    # One token in the window: A is its value field, so the map's window [v(x0)] after one token says the same.
    many = parameters(model, np.full(runs, 1.2))
    first = SpinNetwork(model, weights, params, token, seed=1).fields
    counts = CountNetwork(model, weights, many, Window(np.zeros((1, 3)), 0), np.random.default_rng(3))
    counts.fields = np.repeat(first[:, None], runs, axis=1)
    counts.phase = 0
    drawn = counts.trajectory(2)[:, 1]
    error = np.sqrt((spins.var(axis=0) + drawn.var(axis=0)) / runs)
    assert np.all(np.abs(spins.mean(axis=0) - drawn.mean(axis=0)) < 4.5 * error)
    assert np.allclose(spins.var(axis=0), drawn.var(axis=0), rtol=0.15)


def test_one_step_strays_as_the_binomial_law_says():
    runs = 4000
    for spins in (33, 3300):
        weights = segment_weights(1, segment_spins=spins)
        model = mean_field_model(correlations_of(weights))
        params = parameters(model, np.full(runs, 1.3))
        network = CountNetwork(model, weights, params, Window(START, 1), np.random.default_rng(1))
        drawn = network.step()[OUTPUT]
        run = MeanFieldRun(model, params, Window(START, 1))
        exact = run.record(1).observables()[:, 0]
        wanted = one_step_deviation(weights, params, run.window().attention[:, 0])[0]
        # relative error of a standard deviation from 4000 samples: 1 / sqrt(8000)
        assert np.sqrt(((drawn - exact) ** 2).mean(axis=0)) == pytest.approx(np.full(3, wanted), rel=0.06)


def test_a_large_network_follows_the_map():
    weights = segment_weights(1)
    model = mean_field_model(correlations_of(weights))
    params = parameters(model, 1.1)
    network = CountNetwork(model, weights, params, Window(START, 0), np.random.default_rng(1))
    network.counts = network.counts * 10**10
    network.spins = int(network.counts.sum())
    run = MeanFieldRun(model, params, Window(START, 0))
    assert np.abs(network.trajectory(40) - run.record(40).observables()).max() < 1e-3


def test_map_values_are_means_of_the_spin_network():
    weights = segment_weights(1, segment_spins=20_000)
    model = mean_field_model(correlations_of(weights))
    params = parameters(model, 0.9)
    network = SpinNetwork(model, weights, params, weights.semantic[OUTPUT, 0], seed=2)
    attention = network.fields[1, 0]
    m = network.step()
    wanted = observables(model, params, attention[None])[0]
    assert np.abs(m - wanted).max() < 5 / np.sqrt(60_000)


def test_bad_input_is_one_clear_line():
    weights = segment_weights(1)
    model = mean_field_model(correlations_of(weights))
    with pytest.raises(AtlasError, match="99 spins"):
        SpinNetwork(model, weights, parameters(model, 1.0), np.ones(98), seed=1)
    with pytest.raises(AtlasError, match="2 patterns do not fit"):
        CountNetwork(model, segment_weights(1, 2), parameters(model, 1.0), Window(START, 0), np.random.default_rng(1))
