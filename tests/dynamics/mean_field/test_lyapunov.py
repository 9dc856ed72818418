"""Spectra: what is known of them exactly, and their statuses."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.lyapunov import (
    COLLAPSED,
    NOT_CONVERGED,
    OK,
    Growth,
    complete_split,
    spectrum_from_growth,
)
from attention_atlas.dynamics.mean_field.map import Window, mean_field_model, parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun, jacobian_blocks, lyapunov_spectrum
from attention_atlas.dynamics.mean_field.weights import correlations_of, gaussian_correlations, segment_weights
from attention_atlas.errors import AtlasError

CORRELATIONS = correlations_of(segment_weights(1))
MODEL = mean_field_model(CORRELATIONS)


@pytest.fixture(scope="module")
def start():
    return published_start(MODEL, CORRELATIONS, tokens=5000)


def settled(betas, start, transient, leading=6, trailing=6, model=MODEL):
    params = parameters(model, betas)
    run = MeanFieldRun(model, params, start)
    run.advance(transient)
    return TangentRun(model, params, run.window(), leading, trailing)


def test_complete_spectrum_adds_up_to_the_determinant(start):
    """The two are computed in different ways: QR of both ends against det of the oldest block."""
    spectrum = lyapunov_spectrum(settled(np.linspace(0.2, 1.26, 17), start, 4000), 3200)
    assert (spectrum.status == OK).all()
    assert np.abs(spectrum.exponents.sum(axis=1) - spectrum.log_det).max() < 1e-9
    # steps of one run may meet an ordering by chance; on average the exponents fall
    assert (np.diff(spectrum.exponents, axis=1) < 1e-2).all()


def test_exponents_of_a_periodic_orbit_are_eigenvalues_of_the_product(start):
    """At beta = 0.8 the orbit has the period of the positional code: eigenvalues of the product of four Jacobians."""
    run = settled([0.8], start, 4000)
    product = np.eye(12)
    plain = MeanFieldRun(MODEL, run.params, run.window())
    for _ in range(4):
        blocks = jacobian_blocks(MODEL, run.params, plain.window())[0]
        matrix = np.zeros((12, 12))
        matrix[:3] = blocks.transpose(1, 0, 2).reshape(3, -1)
        matrix[3:, :-3] = np.eye(9)
        product = matrix @ product
        plain.advance(1)
    wanted = np.sort(np.log(np.abs(np.linalg.eigvals(product))) / 4)[::-1]
    # the averages approach the limit as 1/steps, with complex pairs turning in between
    found = lyapunov_spectrum(run, 16_000).exponents[0]
    assert np.abs(found - wanted).max() < 1e-3


def test_leading_exponents_for_five_positional_bits():
    model = mean_field_model(correlations_of(segment_weights(1, bits=5)))
    window = Window(0.2 * np.random.default_rng(1).normal(size=(32, 3)), 0)
    found = lyapunov_spectrum(settled([0.6, 1.0], window, 500, 4, 0, model), 320, alignment=100)
    assert found.exponents.shape == (2, 4)
    assert (found.exponents[:, 0] < 0).all()
    assert (np.diff(found.exponents, axis=1) < 1e-2).all()


def test_an_exact_zero_is_flagged(start):
    spectrum = lyapunov_spectrum(settled([0.0, 1.0], start, 100), 160, alignment=40)
    assert (spectrum.status[0] == COLLAPSED).all()
    assert np.isneginf(spectrum.exponents[0]).all()
    assert np.isneginf(spectrum.log_det[0])
    assert spectrum.singular.tolist() == [1.0, 0.0]
    assert (spectrum.status[1] == OK).all()


def test_rounding_noise_is_flagged_and_the_leading_exponents_are_not(start):
    spectrum = lyapunov_spectrum(settled([2.0], start, 2000), 1600)
    assert (spectrum.status[0, :3] != COLLAPSED).all()
    assert (spectrum.status[0, 6:9] == COLLAPSED).all()


def growth(rate, collapsed=0.0):
    logs = np.full((1, 2), 100.0) * np.array([rate, -1.0])
    return Growth(100, logs, np.array([[0.0, collapsed]]), logs.sum(axis=1), np.zeros(1))


def test_drift_between_the_halves_is_flagged():
    spectrum = spectrum_from_growth([growth(0.1)] * 8 + [growth(0.2)] * 8, 2)
    assert spectrum.exponents[0].tolist() == pytest.approx([0.15, -1.0])
    assert spectrum.drift[0].tolist() == pytest.approx([0.1, 0.0])
    assert spectrum.status[0].tolist() == [NOT_CONVERGED, OK]
    assert spectrum_from_growth([growth(0.1, collapsed=1.0)] * 16, 2).status[0].tolist() == [OK, COLLAPSED]


def test_gaussian_correlations_with_two_patterns():
    model = mean_field_model(gaussian_correlations(3, patterns=2))
    window = Window(np.full((4, 2), 0.1), 0)
    params = parameters(model, [0.5, 0.9])
    run = MeanFieldRun(model, params, window)
    run.advance(1000)
    spectrum = lyapunov_spectrum(TangentRun(model, params, run.window(), *complete_split(8)), 1600)
    assert np.abs(spectrum.exponents.sum(axis=1) - spectrum.log_det).max() < 1e-9


def test_bad_input_is_one_clear_line(start):
    with pytest.raises(AtlasError, match="multiple of the 16 batches"):
        lyapunov_spectrum(settled([1.0], start, 1), 100)
    with pytest.raises(AtlasError, match="halved"):
        spectrum_from_growth([growth(0.1)] * 3, 2)
