"""Statements of the talk: closed forms for the energy, the uniform measure and consensus."""

import numpy as np
import pytest
from scipy.special import iv

from attention_atlas.papers.metastability.statements import (
    circle_energy,
    consensus_gaps,
    dirac_rates,
    gradient_errors,
    uniform_rates,
)


def test_energy_of_consensus_and_of_a_pair():
    assert circle_energy(np.full(7, 0.3), 4.0) == pytest.approx(1 / 8)
    pair = circle_energy(np.array([[0.0, np.pi]]), 2.0)
    assert pair == pytest.approx((1 + np.exp(-4.0)) / 2 / 4)


def test_rates_at_the_uniform_measure_and_at_consensus():
    degrees = np.arange(1, 6)
    np.testing.assert_allclose(uniform_rates(3.0, 5), np.exp(-3.0) * degrees**2 * iv(degrees, 3.0) / 3.0, rtol=1e-10)
    np.testing.assert_allclose(dirac_rates(5.0, 9), -1.0, atol=1e-8)


def test_velocities_are_the_gradient_and_runs_end_below_the_maximum():
    assert gradient_errors(4.0, 10, 5, 1).max() < 1e-7
    gaps = consensus_gaps(1.0, 8, 10, 1, 200.0)
    assert gaps["least gap of starts"] > 0
    assert gaps["least gap of ends"] > -1e-12
    assert gaps["share in consensus"] == 1.0
