"""Growth rates against quadrature, numerical linearisation and limits."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import eval_gegenbauer, gamma, iv

from attention_atlas.dynamics.circle.flow import direct_circle_velocities
from attention_atlas.dynamics.circle.growth_rates import (
    growth_rates,
    large_beta_cluster_number,
    largest_growth_rate,
    log_funk_hecke_coefficient,
    log_growth_rates,
    most_unstable_degree,
    selfattention_growth_rates,
)
from attention_atlas.errors import AtlasError


def test_circle_is_the_published_formula():
    k = np.arange(1, 16)
    np.testing.assert_allclose(growth_rates(k, 5.0) * np.exp(5.0), k**2 * iv(k, 5.0) / 5.0, rtol=1e-13)


@pytest.mark.parametrize("dimension", [3, 4, 8])
@pytest.mark.parametrize("degree", [0, 1, 4])
def test_funk_hecke_against_quadrature_with_gegenbauer_polynomials(dimension, degree):
    beta, index = 6.0, dimension / 2 - 1

    def integrand(t):
        polynomial = eval_gegenbauer(degree, index, t) / eval_gegenbauer(degree, index, 1.0)
        return np.exp(beta * (t - 1)) * polynomial * (1 - t * t) ** ((dimension - 3) / 2)

    constant = gamma(dimension / 2) / (np.sqrt(np.pi) * gamma((dimension - 1) / 2))
    expected = constant * quad(integrand, -1, 1, epsabs=1e-12)[0]
    assert np.exp(log_funk_hecke_coefficient(degree, beta, dimension)[0]) == pytest.approx(expected, rel=1e-8)


def linearised_rate(beta, mode, normalised):
    """Growth rate from the velocities of displaced equally spaced particles: no formula but the particles' own.

    theta_i = phi_i - e sin(k phi_i) is the density (1 + e k cos(k phi))/2 pi to first order;
    the mode's growth rate is that of the displacement.
    """
    n, e = 512, 1e-6
    phi = 2 * np.pi * np.arange(n) / n
    wave = np.sin(mode * phi)
    up = direct_circle_velocities(phi + e * wave, beta, normalised=normalised)
    down = direct_circle_velocities(phi - e * wave, beta, normalised=normalised)
    return ((up - down) / (2 * e)) @ wave / (wave @ wave)


@pytest.mark.parametrize("beta", [0.5, 5.0, 20.0])
@pytest.mark.parametrize("mode", [1, 3, 7])
def test_linearisation_of_the_particles(beta, mode):
    # differences of size 1e-6: cubic terms 1e-12, rounding 1e-10, both relative to rates of 1e-5 and more
    assert linearised_rate(beta, mode, False) == pytest.approx(float(growth_rates(mode, beta)), rel=1e-4, abs=1e-9)
    expected = float(selfattention_growth_rates(mode, beta))
    assert linearised_rate(beta, mode, True) == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_no_overflow_at_beta_4000_and_in_high_dimension():
    for dimension in (2, 3, 64, 1000):
        logs = log_growth_rates(np.arange(1, 200), 4000.0, dimension)
        assert np.isfinite(logs).all()
        assert np.isfinite(selfattention_growth_rates(np.arange(1, 200), 4000.0, dimension)).all()
    assert (growth_rates(np.arange(1, 200), 4000.0) > 0).all()
    assert growth_rates(0, 4000.0) == 0


def test_series_and_bessel_function_agree_where_both_work(monkeypatch):
    bessel = log_funk_hecke_coefficient(np.arange(6), 300.0, 12)
    monkeypatch.setattr("attention_atlas.dynamics.circle.growth_rates.MIN_BESSEL", np.inf)
    np.testing.assert_allclose(log_funk_hecke_coefficient(np.arange(6), 300.0, 12), bessel, rtol=1e-12)


def test_high_dimension_is_finite_against_a_taylor_expansion():
    """For d much larger than beta^2, e^{beta t} has the degree-one coefficient beta / d to first order."""
    value = log_funk_hecke_coefficient(1, 1.0, 100_000)[0] + 1.0
    assert value == pytest.approx(np.log(1e-5), abs=1e-4)


def test_most_unstable_degree():
    assert most_unstable_degree(5.0) == 3
    assert [most_unstable_degree(beta) for beta in (1.0, 2.0, 20.0, 50.0)] == [1, 2, 6, 10]
    for dimension in (2, 3, 4, 8):
        assert most_unstable_degree(4000.0, dimension) == pytest.approx(
            large_beta_cluster_number(4000.0, dimension), abs=1
        )
    assert largest_growth_rate(5.0) == growth_rates(3, 5.0)


@pytest.mark.parametrize(
    ("beta", "dimension", "words"), [(0.0, 2, "beta: 0.0"), (np.nan, 2, "beta: nan"), (1.0, 1, "dimension: 1")]
)
def test_bad_values_are_named(beta, dimension, words):
    with pytest.raises(AtlasError, match=words):
        growth_rates(1, beta, dimension)
