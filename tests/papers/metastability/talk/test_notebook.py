"""The notebook's two schemes against slow twins and linear theory."""

import numpy as np
import pytest
from scipy.special import iv

from attention_atlas.papers.metastability.starts import normal_numbers, quiet_angles
from attention_atlas.papers.metastability.talk.particles import clusters_of_angles, euler_angles, predicted_centres
from attention_atlas.papers.metastability.talk.pde import lax_friedrichs

TURN = 2 * np.pi


def test_euler_steps_are_those_of_the_pair_sum():
    start = TURN * np.random.default_rng(1).random(45)
    x, beta, step = start.copy(), 5.0, 1e-3
    for _ in range(40):
        d = x[:, None] - x[None, :]
        x = x - step * (np.exp(beta * np.cos(d)) * np.sin(d)).mean(axis=1)
    frames = euler_angles(start, beta, step, 40, 20)
    assert frames.shape == (3, 45)
    np.testing.assert_array_equal(frames[0], start)
    np.testing.assert_allclose(frames[-1], x, rtol=0, atol=1e-10)


def test_modes_grow_at_the_rates_of_linear_theory():
    beta, time = 5.0, 0.1
    start = quiet_angles(3, [0], 2048, 6, 1e-5)[0]
    end = euler_angles(start, beta, 1e-4, 1000, 1000)[-1]
    for k in (1, 2, 3, 4, 5):
        gain = abs(np.exp(-1j * k * end).mean()) / abs(np.exp(-1j * k * start).mean())
        # Euler's growth factor of a step, not quite that of the flow
        assert np.log(gain) / 1000 == pytest.approx(np.log1p(1e-4 * k**2 * iv(k, beta) / beta), rel=2e-3), k
    assert time == pytest.approx(1000 * 1e-4)


def test_predicted_centres_are_the_maxima_of_the_mode():
    centres, mode = predicted_centres(np.array([0.5, 0.5 + TURN / 2, 0.5]), 2)
    np.testing.assert_allclose(centres, [0.5, 0.5 + np.pi], atol=1e-12)
    assert abs(mode) == pytest.approx(1.0)


def test_clusters_of_angles():
    angles = np.concatenate([np.full(300, 6.28), np.full(100, 0.02) + TURN, np.linspace(2.0, 2.1, 200), [4.0, 4.5]])
    medians, members, stragglers = clusters_of_angles(angles, 0.05)
    np.testing.assert_allclose(medians, [2.05, 6.28], atol=1e-3)
    assert members.tolist() == [200, 400]
    assert stragglers == 2


def _slow(start, beta, courant, steps, sign):
    """Lax-Friedrichs with the sum over all points."""
    n = len(start)
    x = TURN * np.arange(n) / n
    y = x[:, None] - sign * x[None, :]
    kernel = -np.exp(beta * np.cos(y)) * np.sin(y) * TURN / n
    u = start.astype(np.float32).astype(float)
    for _ in range(steps):
        f = u * (kernel @ u)
        u = 0.5 * (np.roll(u, -1) + np.roll(u, 1)) - courant / 2 * (np.roll(f, -1) - np.roll(f, 1))
        u = u.astype(np.float32).astype(float)
    return u


@pytest.mark.parametrize(("kernel", "sign"), [("correct", 1), ("mirrored", -1)])
def test_steps_of_both_kernels_are_those_of_the_sum(kernel, sign):
    start = 1 / TURN + 0.03 * np.random.default_rng(2).standard_normal(75)
    run = lax_friedrichs(start, 5.0, 0.02, 60, 20, kernel)
    assert run.densities.shape == (4, 75)
    # one rounding to float32 may fall on the other side
    np.testing.assert_allclose(run.densities[-1], _slow(start, 5.0, 0.02, 60, sign), rtol=1e-6)
    assert (run.negative, run.broken) == (-1, -1)


def test_the_kernels_agree_on_an_even_start_alone():
    x = TURN * np.arange(99) / 99
    even, odd = (1 + 0.1 * np.cos(3 * x)) / TURN, (1 + 0.1 * np.sin(3 * x)) / TURN
    for start, same in ((even, True), (odd, False)):
        ends = [lax_friedrichs(start, 5.0, 0.02, 200, 200, kernel).densities[-1] for kernel in ("correct", "mirrored")]
        assert np.allclose(*ends, rtol=1e-5) is same


def test_numerical_diffusion_slows_the_growth():
    points, beta, courant, steps = 999, 5.0, 0.02, 2000
    dx = TURN / points
    x, step = dx * np.arange(points), courant * dx
    start = (1 + 1e-3 * np.cos(3 * x)) / TURN
    end = lax_friedrichs(start, beta, courant, steps, steps, "correct").densities[-1]
    gain = abs(np.exp(-3j * x) @ end) / abs(np.exp(-3j * x) @ start)
    rate = 9 * iv(3, beta) / beta - 9 * dx**2 / (2 * step)
    assert np.log(gain) / (steps * step) == pytest.approx(rate, rel=5e-3)


def test_a_run_that_breaks_down_says_when():
    # a spike that moves further than a cell in a step
    start = np.full(99, 1e-3)
    start[40:43] = 30.0
    run = lax_friedrichs(start, 12.0, 0.5, 500, 100, "correct")
    assert 0 < run.negative <= run.broken
    assert np.isnan(run.densities[-1]).all()


def test_normal_numbers_by_name():
    assert normal_numbers("torch_cuda", 0, 9999)[:2] == pytest.approx([-0.92466, -0.42534], abs=1e-5)
    assert normal_numbers("philox", 5, 20_000).std() == pytest.approx(1.0, abs=0.02)
