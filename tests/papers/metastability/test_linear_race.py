"""The race of the modes against a simulation of it."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.growth_rates import growth_rates, largest_growth_rate
from attention_atlas.papers.metastability.linear_race import exit_time, winning_probabilities


def test_against_random_draws():
    beta, n, size, modes, draws = 9.0, 1e4, 0.3, 12, 40_000
    rates = growth_rates(np.arange(1, modes + 1), beta)
    power = np.random.default_rng(5).exponential(1 / n, (draws, modes))
    arrivals = np.log(size / np.sqrt(power)) / rates
    shares = np.bincount(arrivals.argmin(axis=1), minlength=modes) / draws
    # four standard errors of a share
    np.testing.assert_allclose(winning_probabilities(beta, n, size, modes), shares, atol=4 * 0.5 / np.sqrt(draws))
    first = arrivals.min(axis=1)
    assert exit_time(beta, n, size, modes) == pytest.approx(first.mean(), abs=4 * first.std() / np.sqrt(draws))


def test_probabilities_sum_to_one_and_the_fastest_mode_gains_with_n():
    for beta in (1.0, 5.0, 50.0):
        shares = [winning_probabilities(beta, n) for n in (1e2, 1e4, 1e8)]
        assert [share.sum() for share in shares] == pytest.approx([1, 1, 1], abs=1e-5)
        best = [share.max() for share in shares]
        assert best == sorted(best)


def test_exit_slope_tends_to_half_the_inverse_rate():
    slope = (exit_time(5.0, 1e40, 0.1) - exit_time(5.0, 1e38, 0.1)) / np.log(100)
    assert slope == pytest.approx(0.5 / largest_growth_rate(5.0), rel=1e-3)
