"""Start densities and particles drawn from them."""

import numpy as np
import pytest

from attention_atlas.papers.metastability.circle_distance import distance_to_density
from attention_atlas.papers.metastability.starts import (
    noisy_uniform_density,
    quantile_angles,
    quiet_angles,
    sampled_angles,
    wavy_density,
)

CELL = 2 * np.pi / 256


def test_densities_have_integral_one():
    for density in (noisy_uniform_density(1, 256, 0.01), wavy_density(256, 0.4)):
        assert density.sum() * CELL == pytest.approx(1, abs=1e-13)
        assert density.min() > 0
    spread = noisy_uniform_density(1, 4096, 0.01) * 2 * np.pi
    assert spread.std() == pytest.approx(0.01, rel=0.1)


def test_draws_are_keyed_and_follow_the_density():
    density = wavy_density(256, 0.5)
    draws = sampled_angles(4, range(6), 4000, density)
    np.testing.assert_array_equal(draws[4:], sampled_angles(4, range(4, 6), 4000, density))
    # W1 of 4000 independent points: of order 1/sqrt(n) = 0.016
    for angles in draws:
        assert distance_to_density(angles, density) < 0.1


def test_quantiles_are_closer_than_pi_over_n():
    density = wavy_density(256, 0.5)
    assert distance_to_density(quantile_angles(500, density), density) <= np.pi / 500 * 1.01


def test_quiet_starts_have_the_modes_of_many_particles():
    size, modes = 1e-6, 10
    starts = quiet_angles(3, range(200), 512, modes, size)
    np.testing.assert_array_equal(quiet_angles(3, [7], 512, modes, size)[0], starts[7])
    coefficients = np.exp(1j * np.arange(1, modes + 1) * starts[..., None]).mean(axis=1)
    power = (np.abs(coefficients) ** 2).mean(axis=0) / size**2
    # 200 exponential numbers: a spread of 0.07
    np.testing.assert_allclose(power, 1, atol=0.35)
    # beyond, only products of the modes and rounding
    assert np.abs(np.exp(1j * 30 * starts).mean(axis=1)).max() < 1e-9
    assert np.diff(quiet_angles(3, range(20), 512, 40, 0.01), axis=1).min() > 0
