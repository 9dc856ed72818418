"""W1 on the circle against closed forms, linear programming and invariances."""

import numpy as np
import pytest
from scipy.optimize import linprog

from attention_atlas.errors import AtlasError
from attention_atlas.papers.metastability.circle_distance import distance_to_density, distance_to_uniform


def test_one_particle_and_a_lattice_from_uniform():
    assert distance_to_uniform(np.array([0.3])) == pytest.approx(np.pi / 2)
    assert distance_to_uniform(2 * np.pi * np.arange(7) / 7 + 1) == pytest.approx(np.pi / 2 / 7)


def test_against_linear_programming():
    """A density of 24 equal cells as 24 * 20 point masses: transport cost within half a sub-cell."""
    rng = np.random.default_rng(0)
    angles, density = rng.uniform(0, 2 * np.pi, 6), rng.uniform(0, 1, 12)
    fine = 20
    targets = 2 * np.pi * (np.arange(12 * fine) + 0.5) / (12 * fine)
    masses = np.repeat(density, fine) / density.sum() / fine
    gap = np.abs(angles[:, None] - targets[None, :])
    cost = np.minimum(gap, 2 * np.pi - gap)
    rows = np.kron(np.eye(6), np.ones(len(targets)))
    columns = np.kron(np.ones(6), np.eye(len(targets)))
    answer = linprog(cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([np.full(6, 1 / 6), masses]))
    assert distance_to_density(angles, density) == pytest.approx(answer.fun, abs=2 * np.pi / (12 * fine) / 2)


def test_turning_both_changes_nothing():
    rng = np.random.default_rng(1)
    angles, density = rng.uniform(0, 2 * np.pi, 50), rng.uniform(0, 1, 16)
    turned = distance_to_density(angles + 2 * np.pi * 5 / 16, np.roll(density, 5))
    assert turned == pytest.approx(distance_to_density(angles, density), rel=1e-10)


def test_many_samples_of_the_uniform_measure():
    """sqrt(n) W1 tends to the mean of min_c int |bridge - c|: about 0.6 to 2.5 in a single draw."""
    n = 100_000
    distance = distance_to_uniform(np.random.default_rng(2).uniform(0, 2 * np.pi, n))
    assert 0.3 < np.sqrt(n) * distance < 4


def test_bad_density():
    with pytest.raises(AtlasError, match="densities"):
        distance_to_density(np.array([1.0]), np.array([1.0, -1.0]))
