"""Pushforward, few Diracs, halved steps, and the regular starts."""

import numpy as np
import pytest
from scipy.integrate import quad

from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import circle_points, grid_points, sunflower_points
from attention_atlas.papers.spheres.diracs import _energy, dirac_claims, dirac_tables, least_energy
from attention_atlas.papers.spheres.drawing.side_studies import dirac_figure, halving_figure, pushforward_figure
from attention_atlas.papers.spheres.halving import halved_descent, halving_claims, halving_table
from attention_atlas.papers.spheres.pushforward import (
    exact_density,
    pushforward_claims,
    pushforward_table,
)

FOUR = {
    "D": [[1.0, 0.0], [0.0, 0.0]],
    "delta_axis": 1,
    "deltas": [0.5, 8.0],
    "beta": 1.0,
    "start_angles": [-0.75, -0.25, 0.25, 0.75],
}


def test_density_has_mass_one_and_is_uniform_for_the_identity():
    matrix = np.array([[1.0, 0.5], [0.5, 3.0]])
    mass, _ = quad(lambda angle: float(exact_density(np.array([angle]), matrix)[0]), -np.pi, np.pi, limit=200)
    assert mass == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(exact_density(np.linspace(0, 6, 7), 2 * np.eye(2)), 1 / (2 * np.pi))


def test_samples_follow_the_density_and_a_wrong_one_is_noticed(tmp_path):
    settings = {"second_entries": [0.5, 3.0], "samples": 50_000, "bins": 40, "seed": 3}
    table = pushforward_table(settings)
    (claim,) = pushforward_claims(table, settings)
    assert claim.holds == "yes"
    (wrong,) = pushforward_claims(table.assign(exact=1 / (2 * np.pi)), settings)
    assert wrong.holds == "no"
    table.to_csv(tmp_path / "t.csv", index=False)
    assert len(pushforward_figure(str(tmp_path / "t.csv")).axes[0].lines) == 4


def test_gradient_of_the_diracs_is_that_of_the_energy():
    matrix, values = np.diag([1.0, 1.4]), np.array([0.3, 1.9, -2.0, 0.1, -0.4, 0.2])
    _, gradient = _energy(values, matrix, 1.3)
    steps = 1e-6 * np.eye(6)
    numeric = [
        (_energy(values + step, matrix, 1.3)[0] - _energy(values - step, matrix, 1.3)[0]) / 2e-6 for step in steps
    ]
    np.testing.assert_allclose(gradient, numeric, atol=1e-8)


def test_one_and_two_diracs_have_their_closed_energies():
    # one: the smaller exp(beta D_ii); two: cosh of it
    assert least_energy(1, np.diag([1.0, 1.5]), 1.0, 4, 0)[0] == pytest.approx(np.e, rel=1e-8)
    energy, angles, masses = least_energy(2, np.diag([1.0, 1.5]), 1.0, 8, 0)
    assert energy == pytest.approx(np.cosh(1.0), rel=1e-8)
    np.testing.assert_allclose(masses, 0.5, atol=1e-4)
    np.testing.assert_allclose(np.abs(np.sin(angles)), 0, atol=1e-3)


def test_tables_claims_and_figure_of_the_diracs(tmp_path):
    energies, places = dirac_tables({"epsilons": [0.2], "most": 3, "restarts": 3, "seed": 1, "beta": 1.0}).values()
    assert next(iter(dirac_claims(energies))).holds == "yes"
    assert places.groupby("count")["mass"].sum().tolist() == pytest.approx([1, 1, 1])
    energies.to_csv(tmp_path / "e.csv", index=False)
    places.to_csv(tmp_path / "p.csv", index=False)
    assert len(dirac_figure(str(tmp_path / "e.csv"), str(tmp_path / "p.csv")).axes) == 2


def test_halved_steps_never_raise_the_energy_and_arrive(tmp_path):
    table = halving_table(FOUR, {"step_size": 0.5, "steps": 2000})
    assert [claim.holds for claim in halving_claims(table)] == ["yes", "yes"]
    assert table["smallest_step"].iloc[1] < 0.1
    table.to_csv(tmp_path / "t.csv", index=False)
    assert len(halving_figure(str(tmp_path / "t.csv")).axes) == 2
    start, matrix = circle_points(np.array([0.1, 1.0, 2.5])), np.diag([1.0, 6.0])
    found = halved_descent(start, matrix, step_size=0.5, steps=200)
    assert (np.diff(found.energies) <= 0).all()
    assert found.energies[-1] == pytest.approx(float(interaction_energy(found.positions, matrix)))


def test_regular_starts_lie_on_the_sphere_and_balance():
    for points in (sunflower_points(400), grid_points(400, 3), grid_points(7, 2)):
        np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
        np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.02)
        assert len(np.unique(points.round(9), axis=0)) == len(points)
    with pytest.raises(AtlasError, match="dimension 4"):
        grid_points(10, 4)
