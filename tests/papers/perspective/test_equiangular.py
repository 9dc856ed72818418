"""The equiangular reduction against the particles and against itself."""

import math

import numpy as np
import pytest

from attention_atlas.dynamics.self_attention.flow import adaptive_flow, euler_flow
from attention_atlas.papers.perspective.equiangular import (
    equiangular_rate,
    equiangular_solution,
    euler_equiangular,
    hitting_time,
    phase_curve,
)


@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_orthogonal_particles_follow_the_reduction(kind):
    times = np.array([0.2, 0.6, 1.0])
    positions = adaptive_flow(np.eye(6), kind, 3.0, times, tolerance=1e-10).positions[0]
    inner = positions @ np.swapaxes(positions, 1, 2)
    expected = equiangular_solution(times, kind, 3.0, 6)
    assert np.abs(inner[:, 0, 1] - expected).max() < 1e-7
    assert np.abs(inner[:, 2, 5] - expected).max() < 1e-7


@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_published_steps_of_orthogonal_particles(kind):
    positions = euler_flow(np.eye(7), kind, 2.0, 0.05, np.arange(31)).positions[0]
    inner = positions @ np.swapaxes(positions, 1, 2)
    assert np.abs(inner[:, 1, 4] - euler_equiangular(30, 0.05, kind, 2.0, 7)).max() < 1e-13


@pytest.mark.parametrize("kind", ["sa", "usa"])
@pytest.mark.parametrize("beta", [0.0, 2.0, 6.0])
def test_hitting_time_is_where_the_solution_hits(kind, beta):
    time = hitting_time(kind, beta, 32, 0.001)
    assert equiangular_solution(np.array([0.0, time]), kind, beta, 32)[1] == pytest.approx(0.999, abs=1e-8)


def test_hitting_time_at_beta_zero_in_closed_form():
    # dy/dt = (2/n)(1 - y)((n - 1) y + 1): partial fractions
    n, epsilon = 32, 0.001
    expected = 0.5 * math.log((1 + (n - 1) * (1 - epsilon)) / epsilon)
    assert hitting_time("sa", 0.0, n, epsilon) == pytest.approx(expected, rel=1e-10)


def test_the_two_flows_differ_by_the_denominator():
    y, beta, n = 0.3, 2.0, 10
    ratio = equiangular_rate(y, "usa", beta, n) / equiangular_rate(y, "sa", beta, n)
    assert ratio == pytest.approx((math.exp(beta) + (n - 1) * math.exp(beta * y)) / n)


def test_phase_curve_inverts_the_hitting_time():
    curve = phase_curve(np.array([1.0, 10.0, 20.0]), "sa", 32, 0.001, (0.0, 12.0))
    assert np.isnan(curve[0])
    assert [hitting_time("sa", beta, 32, 0.001) for beta in curve[1:]] == pytest.approx([10.0, 20.0])
