"""Spectra and correlations of signals that are known."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.signals import (
    autocorrelation,
    averaged_spectrum,
    power_spectrum,
    running_exponents,
)


@pytest.mark.parametrize("steps", [1000, 1001])
def test_powers_add_up_to_the_variance(steps):
    signal = np.random.default_rng(1).normal(size=steps)
    frequency, power = power_spectrum(signal)
    assert frequency[0] == 0
    assert frequency[-1] <= 0.5
    # the window weighs the steps, so the sum is a weighted variance: equal within its sampling error
    assert power.sum() == pytest.approx(signal.var(), rel=0.2)


def test_power_of_a_sine_stands_at_its_frequency():
    t = np.arange(4096)
    frequency, power = power_spectrum(3 * np.sin(2 * np.pi * 0.125 * t) + 5)
    assert frequency[np.argmax(power)] == pytest.approx(0.125)
    assert power.sum() == pytest.approx(4.5, rel=1e-6)
    assert power[np.abs(frequency - 0.125) > 0.002].sum() < 1e-12


def test_averaging_segments_keeps_the_power_and_lowers_its_noise():
    signal = np.random.default_rng(3).normal(size=65_536)
    frequency, power = averaged_spectrum(signal, 1024)
    assert frequency.size == 513
    assert power.sum() == pytest.approx(signal.var(), rel=0.05)
    assert power[5:-5].std() / power[5:-5].mean() < 0.15  # 1 for a single segment
    with pytest.raises(AtlasError, match="segment"):
        averaged_spectrum(signal, 10**6)


def test_autocorrelation_equals_its_definition():
    signal = np.random.default_rng(2).normal(size=300)
    centred = signal - signal.mean()
    wanted = [np.sum(centred[: 300 - lag] * centred[lag:]) / np.sum(centred**2) for lag in range(50)]
    assert np.allclose(autocorrelation(signal, 49), wanted, atol=1e-12)
    assert np.array_equal(autocorrelation(np.full(100, 3.0), 5), np.zeros(6))


def test_running_exponents_end_at_the_average():
    logs, steps = np.array([[1.0, -1.0], [3.0, -2.0]]), np.array([10.0, 30.0])
    assert np.allclose(running_exponents(logs, steps), [[0.1, -0.1], [0.1, -0.075]])


def test_bad_input_is_one_clear_line():
    with pytest.raises(AtlasError, match="lags"):
        autocorrelation(np.zeros(10), 10)
    with pytest.raises(AtlasError, match="too few"):
        power_spectrum(np.zeros(3))
