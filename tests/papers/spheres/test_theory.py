"""Closed forms against sums and against their own definitions."""

import numpy as np
import pytest
from scipy.integrate import quad

from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.geometry.sphere import circle_points, equal_angles
from attention_atlas.papers.spheres import theory as spheres


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0])
def test_uniform_energy_is_the_mean_over_the_sphere(beta):
    # S^2: <x, y> is uniform on [-1, 1]; S^1: angles; S^3: density 2/pi sin^2
    assert spheres.uniform_energy(3, beta) == pytest.approx(np.sinh(beta) / beta, rel=1e-14)
    circle = quad(lambda t: np.exp(beta * np.cos(t)), 0, np.pi)[0] / np.pi
    assert spheres.uniform_energy(2, beta) == pytest.approx(circle, rel=1e-12)
    three_sphere = quad(lambda t: np.exp(beta * np.cos(t)) * np.sin(t) ** 2, 0, np.pi)[0] * 2 / np.pi
    assert spheres.uniform_energy(4, beta) == pytest.approx(three_sphere, rel=1e-12)
    assert spheres.uniform_energy(5, 0.0) == 1.0


@pytest.mark.parametrize("beta", [0.7, 1.0])
def test_first_order_response_makes_the_potential_constant(beta):
    """The defining property: with the density's first order the potential is constant up to epsilon^2."""
    angles = equal_angles(400)
    x = circle_points(angles)

    def spread(epsilon):
        weights = (1 + epsilon * spheres.first_order_coefficient(beta) * np.cos(2 * angles)) / 400
        potential = np.exp(beta * (x * [1, 1 + epsilon]) @ x.T) @ weights
        return np.ptp(potential)

    assert spread(1e-3) / spread(5e-4) == pytest.approx(4, rel=0.02)
    assert spread(1e-3) < 2e-6


def test_first_order_constants_of_the_paper():
    assert spheres.first_order_coefficient() == pytest.approx(2.0817, abs=5e-5)
    assert -2 * spheres.printed_first_order_coefficient() == pytest.approx(-1.7058, abs=5e-5)
    # more points: the exact integrals of the printed formula
    assert -2 * spheres.printed_first_order_coefficient(2_000_001) == pytest.approx(-1.72525, abs=2e-5)


def test_printed_upsilon():
    np.testing.assert_allclose(spheres.printed_upsilon([0.0, 0.1]), [0.0, 0.002 + 0.05 * np.e], rtol=1e-15)


def test_indefinite_energies_are_those_of_the_configurations():
    table = spheres.indefinite_energies(np.array([-0.7, 0.2, 0.9]), first_entry=-1.3, beta=0.8)
    single, on_e1, on_e2 = np.array([[0.0, 1.0]]), np.array([[1.0, 0], [-1, 0]]), np.array([[0.0, 1], [0, -1]])
    for row in table.itertuples():
        matrix = np.diag([-1.3, row.delta])
        assert row.single_at_e2 == pytest.approx(float(interaction_energy(single, matrix, 0.8)), rel=1e-14)
        assert row.pair_on_e1 == pytest.approx(float(interaction_energy(on_e1, matrix, 0.8)), rel=1e-14)
        assert row.pair_on_e2 == pytest.approx(float(interaction_energy(on_e2, matrix, 0.8)), rel=1e-14)


def test_top_dirac_energy_has_the_largest_eigenvalue():
    matrix = np.array([[0.0, 2.0], [2.0, 0.0]])
    assert spheres.top_dirac_energy(matrix, 0.5) == pytest.approx(np.e, rel=1e-14)


def test_reduction_of_four_particles_is_the_flow():
    corners = circle_points(np.pi * np.array([-0.75, -0.25, 0.25, 0.75]))
    for delta, step_size, steps in [(3.0, 0.05, 7), (0.5, 0.1, 20), (9.0, 0.005, 3)]:
        end = energy_flow(
            corners, np.diag([1, delta]), step_size=step_size, steps=steps, direction="descent"
        ).positions[0]
        ratio = (np.tanh(end[:, 0] ** 2) / np.tanh(delta * end[:, 1] ** 2)).mean()
        assert spheres.four_particle_reduction(delta, step_size, steps) == pytest.approx(ratio, rel=1e-9)
    assert spheres.four_particle_reduction(4.0, 0.05, 2000) == pytest.approx(4.0, rel=1e-12)
