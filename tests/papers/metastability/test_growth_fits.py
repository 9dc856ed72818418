"""Fitted rates of amplitudes whose growth is known."""

import numpy as np
import pytest

from attention_atlas.papers.metastability.growth_fits import crossing_times, fit_growth, fit_product_growth
from attention_atlas.papers.metastability.line_fits import fit_line

TIMES = np.linspace(0, 3, 7)
RATES = np.array([0.2, 0.9, -0.3])


def amplitudes(runs, forcing=0.0, seed=0):
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=(2, runs, 1, 3)) + 1j * rng.normal(size=(2, runs, 1, 3))
    return normal[0] * np.exp(RATES * TIMES[:, None]) + forcing * normal[1] * TIMES[:, None] ** 2


def test_exact_growth_is_found_exactly():
    fit = fit_growth(TIMES, amplitudes(5))
    np.testing.assert_allclose(fit.rates, RATES, rtol=1e-12)
    np.testing.assert_allclose(fit.errors, 0, atol=1e-12)
    np.testing.assert_allclose(fit.gains, np.exp(RATES * TIMES[:, None]))


def test_what_others_feed_in_averages_out_and_shows_in_the_error():
    fit = fit_growth(TIMES, amplitudes(4000, forcing=0.05))
    assert (np.abs(fit.rates - RATES) < 4 * fit.errors).all()
    assert (fit.errors > 0).all()
    few = fit_growth(TIMES, amplitudes(400, forcing=0.05))
    # errors fall like one over the square root of the runs
    np.testing.assert_allclose(few.errors / fit.errors, np.sqrt(10), rtol=0.4)


def test_products_of_amplitudes_with_their_start():
    start = np.random.default_rng(1).uniform(1, 2, (6, 1, 3))
    fit = fit_product_growth(TIMES, start * np.exp(RATES * TIMES[:, None]))
    np.testing.assert_allclose(fit.rates, RATES, rtol=1e-12)


def test_crossings_are_log_linear():
    sizes = np.array([0.01 * np.exp(TIMES), np.full(7, 0.01), np.full(7, 0.9)])
    found = crossing_times(TIMES, sizes, 0.05)
    assert found[0] == pytest.approx(np.log(5))
    assert np.isnan(found[1])
    assert found[2] == 0


def test_line_through_noisy_points():
    rng = np.random.default_rng(3)
    x, errors = np.linspace(0, 10, 400), np.full(400, 0.3)
    fit = fit_line(x, 2 - 0.5 * x + rng.normal(0, 0.3, 400), errors)
    assert abs(fit.slope + 0.5) < 4 * fit.slope_error
    assert fit.intercept == pytest.approx(2, abs=0.15)
    assert fit.reduced_chi_squared == pytest.approx(1, abs=0.3)
