"""Particles on the circle against the direct sum, SciPy's integrator and exact properties."""

import numba
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from attention_atlas.dynamics.circle.flow import (
    circle_flow,
    circle_velocities,
    direct_circle_velocities,
    uniform_angles,
)
from attention_atlas.dynamics.circle.growth_rates import growth_rates, largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.errors import AtlasError


def plain(angles, beta):
    difference = angles[:, None] - angles[None, :]
    return -(np.sin(difference) * np.exp(beta * (np.cos(difference) - 1))).mean(axis=1)


@pytest.mark.parametrize("beta", [0.5, 5.0, 60.0])
@pytest.mark.parametrize("particles", [1, 31, 500, 2000])
def test_truncated_sum_equals_direct_sum(beta, particles):
    angles = np.random.default_rng(2).uniform(-5, 9, particles)
    direct = direct_circle_velocities(angles, beta)
    np.testing.assert_allclose(direct, plain(angles, beta), atol=1e-14)
    # truncation 1e-13, and rounding that grows with the number of modes
    np.testing.assert_allclose(circle_velocities(angles, interaction_modes([Head(beta)], 1e-13)), direct, atol=2e-13)


def test_masses_are_weights():
    rng = np.random.default_rng(4)
    angles, counts = rng.uniform(0, 6, 20), rng.integers(1, 5, 20)
    gammas = interaction_modes([Head(7.0)], 1e-13)
    heavy = circle_velocities(angles, gammas, counts / counts.sum())
    np.testing.assert_allclose(
        heavy, circle_velocities(np.repeat(angles, counts), gammas)[np.cumsum(counts) - 1], atol=1e-14
    )


def test_trajectory_against_scipy():
    beta, start, times = 5.0, uniform_angles(3, [0], 40), np.array([0.0, 3.0, 20.0, 60.0])
    flow = circle_flow(start, [Head(beta)], times, tolerance=1e-11)
    exact = solve_ivp(lambda _, y: plain(y, beta), (0, 60), start[0], t_eval=times, rtol=1e-12, atol=1e-13)
    # growth by e^(0.125 * 60) = 1800 between start and end amplifies both methods' errors
    np.testing.assert_allclose(flow.angles[0], exact.y.T, atol=1e-7)
    assert flow.converged.all()


def test_error_falls_with_the_tolerance():
    beta, start, times = 5.0, uniform_angles(3, [1], 64), np.array([40.0])
    ends = [circle_flow(start, [Head(beta)], times, tolerance=t).angles[0, 0] for t in (1e-5, 1e-8, 1e-12)]
    coarse, fine = np.abs(ends[0] - ends[2]).max(), np.abs(ends[1] - ends[2]).max()
    # global errors fall like the tolerance to the power 4/5 to 1: a factor of 250 to 1000, less the noise of one run
    assert fine < 0.03 * coarse


def test_modes_are_the_empirical_fourier_coefficients():
    flow = circle_flow(uniform_angles(5, [0, 1], 100), [Head(4.0)], np.array([0.0, 10.0]), modes=5)
    expected = np.exp(1j * np.arange(5) * flow.angles[..., None]).mean(axis=2)
    np.testing.assert_allclose(flow.modes, expected, atol=1e-13)


def test_order_and_mean_are_kept():
    """Particles never pass each other, and forces of equal masses are equal and opposite."""
    start = uniform_angles(6, [0], 300)
    flow = circle_flow(start, [Head(9.0)], np.array([0.0, 20.0, 60.0]))
    assert np.diff(flow.angles[0], axis=1).min() > -1e-12
    np.testing.assert_allclose(flow.angles[0].mean(axis=1), start.mean(), atol=1e-11)


def test_symmetric_start_stays_symmetric():
    phases = np.sort(np.random.default_rng(1).uniform(0, 2 * np.pi / 4, 25))
    start = np.concatenate([phases + 2 * np.pi * k / 4 for k in range(4)])
    flow = circle_flow(start, [Head(6.0)], np.array([30.0]), tolerance=1e-10)
    parts = flow.angles[0, 0].reshape(4, 25) - 2 * np.pi * np.arange(4)[:, None] / 4
    assert np.ptp(parts, axis=0).max() < 1e-9


def test_same_bits_for_threads_batches_slabs_and_neighbours():
    times = np.array([5.0, 25.0])
    starts = uniform_angles(8, range(5), 77)
    heads = [[Head(beta)] for beta in (2.0, 30.0, 5.0, 5.0, 9.0)]
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = circle_flow(starts, heads, times, batch=1)
    finally:
        numba.set_num_threads(threads)
    together = circle_flow(starts, heads, times, batch=5)
    np.testing.assert_array_equal(one.angles, together.angles)
    slab = circle_flow(uniform_angles(8, range(3, 5), 77), heads[3:], times)
    np.testing.assert_array_equal(slab.angles, together.angles[3:])


def test_a_run_that_is_enough_has_the_same_bits_to_there():
    starts, times = uniform_angles(9, range(3), 64), np.linspace(0.1, 6.0, 30)
    whole = circle_flow(starts, [Head(4.0)], times, modes=3)
    asked = []

    def enough(angles, modes):
        asked.append((len(angles), modes.shape))
        return bool(np.abs(modes[-1, 1:]).max() > np.median(np.abs(whole.modes[:, 7, 1:]).max(axis=1)))

    part = circle_flow(starts, [Head(4.0)], times, modes=3, enough=enough)
    followed = np.isfinite(part.angles[:, :, 0]).sum(axis=1)
    assert sorted(followed)[0] == 8 < sorted(followed)[-1]
    assert asked[0] == (8, (8, 3))
    assert part.converged.all()
    for run, count in enumerate(followed):
        assert np.array_equal(part.angles[run, :count], whole.angles[run, :count])
        assert np.array_equal(part.modes[run, :count], whole.modes[run, :count])
        assert np.isnan(part.angles[run, count:]).all()


def test_rate_of_a_small_perturbation():
    """A run, not a formula: mode 3 of a weakly perturbed lattice grows like e^{lambda_3 s}."""
    n, beta = 3000, 5.0
    phi = 2 * np.pi * np.arange(n) / n
    times = np.array([1.0, 2.0]) / largest_growth_rate(beta)
    flow = circle_flow(phi + 1e-5 * np.sin(3 * phi), [Head(beta)], times, modes=4, tolerance=1e-12)
    measured = np.log(abs(flow.modes[0, 1, 3] / flow.modes[0, 0, 3])) / np.diff(times)[0]
    assert measured == pytest.approx(growth_rates(3, beta), rel=1e-5)


def test_status_of_a_run_that_needs_too_many_steps():
    flow = circle_flow(uniform_angles(1, [0], 50), [Head(5.0)], np.array([1.0, 1e6]), max_steps=20)
    assert flow.status[0] == "too many steps"
    assert not flow.converged[0]
    assert np.isnan(flow.angles[0, 1]).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts": np.array([0.0, np.nan])}, "starts"),
        ({"times": np.array([2.0, 1.0])}, "times"),
        ({"tolerance": 0.5}, "tolerance: 0.5"),
        ({"weights": np.array([-1.0, 2.0])}, "weights"),
    ],
)
def test_bad_values(change, words):
    arguments = {"starts": np.array([0.0, 1.0]), "interactions": [Head(5.0)], "times": np.array([1.0]), **change}
    with pytest.raises(AtlasError, match=words):
        circle_flow(**arguments)


def test_direct_sum_is_for_small_systems():
    with pytest.raises(AtlasError, match="2001"):
        direct_circle_velocities(np.zeros(2001), 5.0)


def test_starts_are_keyed_by_seed_and_run():
    np.testing.assert_array_equal(uniform_angles(7, range(10), 20)[6:], uniform_angles(7, range(6, 10), 20))
    assert not np.array_equal(uniform_angles(7, [0], 20), uniform_angles(8, [0], 20))
