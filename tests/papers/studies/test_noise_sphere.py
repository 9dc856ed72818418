"""Noise on spheres: the circle as twin, plain quadrature, the limit of small beta, formulas of thresholds, claims of tables."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import eval_legendre, roots_legendre

from attention_atlas.errors import AtlasError
from attention_atlas.papers.studies import noise
from attention_atlas.papers.studies.drawing.noise_sphere import sphere_figure
from attention_atlas.papers.studies.noise import State
from attention_atlas.papers.studies.noise_sphere import (
    curvature,
    jump_table,
    make_zonal,
    order_of_flow,
    sphere_branch,
    sphere_claims,
    sphere_energy,
    sphere_means,
    sphere_threshold,
    turning_beta,
)
from attention_atlas.papers.studies.tables.noise_sphere import tables

ORDERS = np.linspace(0.01, 0.9, 60)


def test_in_two_dimensions_it_is_the_circle():
    zonal = make_zonal(2, 3.0)
    for here, there in zip(sphere_branch(zonal, ORDERS), noise.branch(3.0, ORDERS), strict=True):
        assert here.kappa == pytest.approx(there.kappa, rel=1e-12)
        assert sphere_energy(zonal, here) == pytest.approx(noise.free_energy(there, 3.0), abs=1e-12)


def test_functions_and_couplings_in_three_dimensions():
    """Legendre polynomials; the coupling of degree l is (2 l + 1)/beta times the mean of exp(beta u) P_l(u)."""
    beta, zonal = 2.5, make_zonal(3, 2.5)
    for degree in (1, 2, 5):
        np.testing.assert_allclose(zonal.values[degree - 1], eval_legendre(degree, zonal.nodes), atol=1e-12)
        mean = quad(lambda u, degree=degree: math.exp(beta * u) * eval_legendre(degree, u) / 2, -1, 1)[0]
        assert zonal.couplings[degree - 1] == pytest.approx((2 * degree + 1) * mean / beta, rel=1e-10)


@pytest.mark.parametrize("dimension", [3, 4, 8, 32])
def test_kernel_is_its_own_expansion(dimension):
    """exp(beta u) = mean + beta sum_l (N_l lambda_l/beta) P_l(u)."""
    beta, zonal = 1.7, make_zonal(dimension, 1.7)
    kernel = np.exp(beta * zonal.nodes)
    found = zonal.weights @ kernel + beta * zonal.couplings @ zonal.values
    np.testing.assert_allclose(found, kernel, rtol=1e-9)
    assert sphere_threshold(zonal) == pytest.approx(2 * noise.sharp_k(dimension, beta), rel=1e-10)


def test_states_solve_the_stationary_equation_by_plain_convolution():
    """On the sphere in three dimensions, with W * rho as a double integral over u and the azimuth."""
    beta, zonal = 2.2, make_zonal(3, 2.2)
    state = sphere_branch(zonal, ORDERS)[35]
    np.testing.assert_allclose(sphere_means(zonal, state), state.means, atol=1e-11)
    nodes, weights = roots_legendre(80)
    turn = 2 * np.pi * np.arange(128) / 128
    density = np.exp(state.kappa * np.interp(nodes, zonal.nodes, (zonal.couplings * state.means) @ zonal.values))
    density /= weights @ density
    height = nodes[:, None, None] * nodes[None, :, None]
    side = np.sqrt((1 - nodes**2)[:, None, None] * (1 - nodes**2)[None, :, None])
    kernel = np.exp(beta * (height + side * np.cos(turn))).mean(axis=2) / beta
    potential = kernel @ (weights * density)
    constant = np.log(density) - state.kappa * potential
    assert np.ptp(constant) < 2e-3  # of linear interpolation
    # and the energy of its definition
    plain = weights @ (density * np.log(2 * density)) - state.kappa / 2 * (
        (weights * density) @ potential - math.sinh(beta) / beta / beta
    )
    assert sphere_energy(zonal, state) == pytest.approx(plain, abs=2e-3)


@pytest.mark.parametrize("dimension", [3, 8])
def test_small_beta_is_the_von_mises_fisher_density(dimension):
    zonal = make_zonal(dimension, 1e-5)
    for state in sphere_branch(zonal, np.array([0.2, 0.4, 0.6])):
        assert order_of_flow(dimension, state.kappa) == pytest.approx(state.means[0], abs=1e-5)
    assert order_of_flow(dimension, dimension * 0.99) == 0


@pytest.mark.parametrize("dimension", [3, 32])
def test_the_branch_turns_at_beta_star(dimension):
    assert turning_beta(dimension) == pytest.approx(noise.star_beta(dimension), abs=5e-4)
    assert (
        curvature(dimension, 0.9 * noise.star_beta(dimension))
        > 0
        > curvature(dimension, 1.1 * noise.star_beta(dimension))
    )


def test_energy_falls_where_kappa_grows():
    """dF/dkappa along a branch is minus half the energy of the density: F is stationary in the density."""
    zonal = make_zonal(3, 2.5)
    states = sphere_branch(zonal, np.linspace(0.7, 0.7004, 3))
    slope = (sphere_energy(zonal, states[2]) - sphere_energy(zonal, states[0])) / (states[2].kappa - states[0].kappa)
    assert slope == pytest.approx(-float(zonal.couplings @ states[1].means ** 2) / 2, rel=1e-5)
    assert sphere_energy(zonal, State(2.0, np.zeros_like(states[0].means))) == pytest.approx(0, abs=1e-14)


def test_claims_and_figure(tmp_path):
    settings = {"dimensions": [3, 4], "beta_shares": [0.8, 1.3], "orders": {"first": 0.01, "last": 0.9, "count": 60}}
    found = tables(settings)
    assert {claim.holds for claim in sphere_claims(found, {})} == {"yes"}
    jumps = found["noise_sphere_jumps"]
    bad = found | {"noise_sphere_jumps": jumps.assign(saddle=0.9, critical=0.8)}
    assert [claim.holds for claim in sphere_claims(bad, {})] == ["yes", "yes", "no", "no"]
    paths = {}
    for name, table in found.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    with pytest.raises(AtlasError, match=r"noise.sphere.orders: at d = 3, beta = 1.3"):
        jump_table(found["noise_sphere"].assign(free_energy=1.0))
    figure = sphere_figure(paths["noise_sphere"], paths["noise_sphere_jumps"])
    assert [axes.get_title() for axes in figure.axes] == ["$d$ = 3", "$d$ = 4"]
