"""Periods, distinct values, histograms and classes of orbits that are known."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.periods import periods
from attention_atlas.dynamics.mean_field.run import Recording, pack
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.attractors import count_distinct, histograms, pair_channels, ranges
from attention_atlas.papers.mean_field.classes import CHAOTIC, CLASSES, FIXED, PERIODIC, QUASI_PERIODIC, classify

STEPS = 2000


def recording(signals, patterns=1):
    """A recording of R orbits (R, steps) or (R, steps, M)."""
    signals = np.asarray(signals, dtype=float)
    if signals.ndim == 2:
        signals = signals[:, :, None]
    padded = np.zeros((*signals.shape[:2], 3))
    padded[:, :, : signals.shape[2]] = signals
    return Recording(pack(padded), len(signals), signals.shape[2])


def orbits():
    t = np.arange(STEPS)
    return np.array(
        [
            np.full(STEPS, 0.25),
            0.3 * np.cos(2 * np.pi * t / 7),
            0.3 * np.cos(2 * np.pi * t / 24) + 0.1 * np.sin(2 * np.pi * t / 8),
            0.3 * np.cos(t),  # 355 steps nearly return, to 3e-5 of a turn
            np.where(t < 500, 0.1, 0.2),  # settles late
        ]
        + [np.random.default_rng(k).uniform(-1, 1, STEPS) for k in range(14)]
    )


def test_periods():
    found, arrival = periods(recording(orbits()), longest=1000)
    assert found.tolist() == [1, 7, 24, 0, 1] + [0] * 14
    assert arrival.tolist() == [0, 0, 0, STEPS, 500] + [STEPS] * 14


def test_all_observables_must_repeat():
    t = np.arange(STEPS)
    both = np.stack([np.cos(2 * np.pi * t / 6), np.cos(2 * np.pi * t / 4)], axis=-1)
    assert periods(recording(both[None]))[0].tolist() == [12]


def test_a_nan_has_no_period():
    assert periods(recording(np.full((1, STEPS), np.nan)))[0].tolist() == [0]


def test_distinct_values_equal_numpys():
    counts = count_distinct(recording(orbits()))
    assert counts.tolist() == [np.unique(np.rint(orbit * 1e7)).size for orbit in orbits()]
    assert counts[0] == 1
    assert counts[1] == 4  # the cosine is even


def test_histograms_equal_numpys_and_the_slice_is_a_part():
    rng = np.random.default_rng(1)
    m = rng.uniform(-0.9, 0.9, (3, STEPS, 2))
    counts = histograms(recording(m), bins=50, low=-0.5, high=0.5, half_width=0.1)
    for run in range(3):
        assert np.array_equal(counts.all[run], np.histogram(m[run, :, 0], bins=50, range=(-0.5, 0.5))[0])
        inside = m[run, np.abs(m[run, :, 1]) <= 0.1, 0]
        assert np.array_equal(counts.sliced[run], np.histogram(inside, bins=50, range=(-0.5, 0.5))[0])
        assert counts.outside[run] == np.sum(np.abs(m[run, :, 0]) > 0.5)
    again = histograms(recording(m), 50, -0.5, 0.5, 0.1, into=counts)
    assert again.all.sum() == 2 * np.sum(np.abs(m[:, :, 0]) <= 0.5)


def test_ranges():
    signals = np.random.default_rng(2).normal(size=(20, STEPS, 3))
    found = ranges(recording(signals))
    assert np.array_equal(found[:, :, 0], signals.min(axis=1))
    assert np.array_equal(found[:, :, 1], signals.max(axis=1))


@pytest.mark.parametrize(
    ("period", "largest", "error", "wanted"),
    [
        (1, -0.5, 0.0, FIXED),
        (4, -0.5, 0.0, FIXED),  # a fixed point of the map over one cycle of the positional bits
        (8, -0.5, 0.0, PERIODIC),
        (24, 2e-3, 0.0, PERIODIC),  # a period is a period
        (0, 1e-4, 1e-5, QUASI_PERIODIC),
        (0, -4e-4, 1e-5, QUASI_PERIODIC),
        (0, 0.06, 0.004, CHAOTIC),
        (0, 0.003, 0.001, QUASI_PERIODIC),  # not positive beyond its error
        (0, 0.05, 0.02, CHAOTIC),  # a run that changed its attractor
        (0, -0.2, 0.001, PERIODIC),  # longer than searched
        (1, -np.inf, np.nan, FIXED),
    ],
)
def test_classes(period, largest, error, wanted):
    code = classify(np.array([period]), np.array([[largest]]), np.array([[error]]), cycle=4)
    assert code.tolist() == [wanted]


def test_bad_input_is_one_clear_line():
    with pytest.raises(AtlasError, match="bins"):
        histograms(recording(orbits()), bins=0, low=-1, high=1)
    with pytest.raises(AtlasError, match="low < high"):
        histograms(recording(orbits()), bins=10, low=1, high=1)
    with pytest.raises(AtlasError, match="too few"):
        periods(recording(np.zeros((1, 1))))


def test_any_quantity_on_the_slice_of_any_other():
    draws = np.random.default_rng(5).uniform(-1, 1, (6, 400, 1))
    record = Recording(draws.transpose(2, 1, 0)[..., None].copy(), 1, 3)
    counts = histograms(record, 20, -1.0, 1.0, 0.2, channels=pair_channels("A2_m3", 3))
    assert pair_channels("A2_m3", 3) == (4, 2)
    assert pair_channels("m3_A1", 2) == (1, 3)
    chosen = draws[4, :, 0][np.abs(draws[2, :, 0]) <= 0.2]
    np.testing.assert_array_equal(counts.all[0], np.histogram(draws[4, :, 0], 20, (-1, 1))[0])
    np.testing.assert_array_equal(counts.sliced[0], np.histogram(chosen, 20, (-1, 1))[0])


def orbit_exponents(step, jacobian, state, steps=16_000, transient=500, batches=8):
    """The two largest exponents of a map and their errors, by QR in plain NumPy."""
    tangents = np.eye(len(state), 2)
    logs = np.zeros((steps, 2))
    for t in range(transient + steps):
        tangents, upper = np.linalg.qr(jacobian(state) @ tangents)
        state = step(state)
        if t >= transient:
            logs[t - transient] = np.log(np.abs(np.diag(upper)))
    means = logs.reshape(batches, -1, 2).mean(axis=1)
    return logs.mean(axis=0), means.std(axis=0, ddof=1) / np.sqrt(batches)


def two_logistic_maps(first, second):
    gains = np.array([first, second])
    return lambda x: gains * x * (1 - x), lambda x: np.diag(gains * (1 - 2 * x))


def two_circle_maps(kick):
    """Angles that turn by two golden numbers, kicked by their own sines: for small kicks two zero exponents."""
    turns = np.array([0.6180339887498949, 0.7548776662466927])
    rule = lambda x: x + turns + kick / (2 * np.pi) * np.sin(2 * np.pi * x)  # noqa: E731
    return rule, lambda x: np.diag(1 + kick * np.cos(2 * np.pi * x))


@pytest.mark.parametrize(
    ("rule", "wanted", "closed_form"),
    [
        (two_logistic_maps(4.0, 4.0), "hyperchaotic", [np.log(2), np.log(2)]),
        (two_logistic_maps(4.0, 2.5), "chaotic", [np.log(2), np.log(0.5)]),
        (two_circle_maps(0.3), "2-torus", [0.0, 0.0]),
    ],
)
def test_classes_of_product_maps_whose_exponents_are_known(rule, wanted, closed_form):
    found, error = orbit_exponents(*rule, np.array([0.3217, 0.1234]))
    np.testing.assert_allclose(np.sort(found)[::-1], closed_form, atol=5e-3)
    order = np.argsort(found)[::-1]
    code = classify(np.array([0]), found[None, order], error[None, order], cycle=1)
    assert CLASSES[code[0]] == wanted


@pytest.mark.parametrize(
    ("exponents", "errors", "wanted"),
    [
        ([0.1, 0.02], [0.001, 0.001], "hyperchaotic"),
        ([0.1, 0.002], [0.001, 0.001], "chaotic"),  # the second is not positive beyond its error
        ([2e-5, -3e-5], [1e-5, 1e-5], "2-torus"),
        ([2e-5, -8e-4], [1e-5, 2e-3], "quasi-periodic"),  # a closed curve close to a bifurcation
        ([2e-5, -np.inf], [1e-5, np.nan], "quasi-periodic"),
    ],
)
def test_the_second_exponent_tells_more(exponents, errors, wanted):
    code = classify(np.array([0]), np.array([exponents]), np.array([errors]), cycle=4)
    assert CLASSES[code[0]] == wanted
