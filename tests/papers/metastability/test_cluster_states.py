"""Stability of symmetric cluster states against a numerical Jacobian and against runs."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.flow import circle_flow
from attention_atlas.dynamics.circle.growth_rates import growth_rates
from attention_atlas.dynamics.circle.interaction import Head, head_kernel, interaction_modes
from attention_atlas.papers.metastability.cluster_states import (
    inner_rate,
    is_stable,
    kernel_derivative,
    merging_rate,
    outer_rates,
    stable_cluster_numbers,
    state_rates,
    uniform_rates,
)

HEADS = [Head(6.0, 1.0, 0.4, 0.1), Head(3.0, -0.7, -0.2, 0.5)]


def test_kernel_derivative():
    phi, e = np.linspace(0, 6, 13), 1e-6
    numerical = (head_kernel(phi + e, HEADS) - head_kernel(phi - e, HEADS)) / (2 * e)
    np.testing.assert_allclose(kernel_derivative(phi, HEADS), numerical, atol=1e-8)


@pytest.mark.parametrize("clusters", [1, 2, 5])
def test_rates_are_eigenvalues_of_the_particles_jacobian(clusters):
    """Two particles in each cluster: the Jacobian's eigenvalues are the outer rates, 0, and k times the inner one."""
    heads = [Head(6.0), Head(2.0, -0.4)]
    state = np.repeat(2 * np.pi * np.arange(clusters) / clusters, 2)
    difference = state[:, None] - state[None, :]
    slopes = kernel_derivative(difference, heads) / len(state)
    jacobian = slopes - np.diag(slopes.sum(axis=1))
    found = np.sort(np.linalg.eigvals(jacobian).real)
    expected = np.sort([0.0, *outer_rates(heads, clusters), *[inner_rate(heads, clusters)] * clusters])
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_one_head_keeps_one_cluster_only():
    for beta in (1.0, 5.0, 20.0):
        assert stable_cluster_numbers([Head(beta)], 8) == [1]
        assert merging_rate(beta, 3) > 0


def test_merging_rate_falls_exponentially():
    """At fixed k: slope of -log(rate / beta) near 1 - cos(2 pi / k) for large beta."""
    slope = -np.diff(np.log([merging_rate(b, 3) / b for b in (200.0, 201.0)]))[0]
    assert slope == pytest.approx(1 - np.cos(2 * np.pi / 3), rel=1e-3)


def test_two_heads_hold_five_clusters_for_good():
    heads = [Head(20.0), Head(2.0, -0.2)]
    assert is_stable(heads, 5)
    rng = np.random.default_rng(3)
    start = np.repeat(2 * np.pi * np.arange(5) / 5, 20) + rng.normal(0, 0.05, 100)
    end = circle_flow(np.sort(start), heads, np.array([2000.0])).angles[0, -1]
    gaps = np.diff(end, append=end[0] + 2 * np.pi)
    np.testing.assert_allclose(np.sort(gaps)[-5:], 2 * np.pi / 5, atol=1e-6)


def test_uniform_rates_are_the_growth_rates():
    gammas = interaction_modes([Head(5.0)], 1e-13)
    np.testing.assert_allclose(uniform_rates(gammas), growth_rates(np.arange(len(gammas)), 5.0), atol=1e-16)


def test_rates_of_any_state_against_the_symmetric_formula():
    heads = [Head(6.0), Head(2.0, -0.4)]
    for clusters in (1, 2, 5):
        angles, masses = 2 * np.pi * np.arange(clusters) / clusters, np.full(clusters, 1 / clusters)
        inner, outer = state_rates(heads, angles, masses)
        assert inner == pytest.approx(inner_rate(heads, clusters))
        if clusters > 1:
            assert outer == pytest.approx(outer_rates(heads, clusters).max())
        else:
            assert outer == -np.inf
