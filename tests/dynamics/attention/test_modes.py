"""Sums by Fourier modes against sums over pairs."""

import numpy as np
import pytest
from scipy.special import ive

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.modes import TAIL, mode_table
from attention_atlas.dynamics.attention.starts import token_starts


@pytest.mark.parametrize("beta", [0.0, 0.3, 5.0, 64.0, 500.0, 2000.0])
def test_table_holds_the_kernel(beta):
    table = mode_table(beta, 1.0)[0, 0, :-1]
    angles = np.linspace(0, np.pi, 37)
    k = np.arange(1, len(table))
    found = table[0] + 2 * np.cos(angles[:, None] * k) @ table[1:]
    np.testing.assert_allclose(found, np.exp(beta * (np.cos(angles) - 1)), rtol=0, atol=1e-13)
    assert ive(len(table), beta) < TAIL


@pytest.mark.parametrize("normalisation", ["post_ln", "pre_ln", "ngpt"])
@pytest.mark.parametrize(
    ("kernel", "beta"), [("softmax", 0.0), ("softmax", 5.0), ("softmax", 80.0), ("unnormalised", 4.0)]
)
@pytest.mark.parametrize("tokens", [1, 5, 203])
def test_same_as_pairs(tokens, kernel, beta, normalisation):
    points = token_starts("uniform", tokens=tokens, dimension=2, runs=3, seed=2)
    value = np.array([[0.8, 0.3], [-0.4, 0.5]])
    for matrix in (None, value):
        pairs, modes = (
            attention_flow(
                points, kernel=kernel, beta=beta, normalisation=normalisation, value=matrix, method="euler", step=0.05,
                last_time=0.5, records=3, observe=["positions", "speed"], sums=sums,
            )
            for sums in ("pairs", "modes")
        )  # fmt: skip
        np.testing.assert_allclose(modes.positions, pairs.positions, rtol=0, atol=2e-12)
        np.testing.assert_allclose(modes.observables["speed"], pairs.observables["speed"], rtol=1e-9, atol=1e-12)


def test_adaptive_and_threads_inside():
    points = token_starts("uniform", tokens=1500, dimension=2, seed=2)
    pairs, modes = (
        attention_flow(points, beta=20.0, last_time=0.5, records=2, observe=["positions"], sums=sums).positions
        for sums in ("pairs", "modes")
    )
    np.testing.assert_allclose(modes, pairs, rtol=0, atol=1e-9)


def test_forward_heat():
    """One normal law on the circle, V = -1: beta v + ln v = beta v_0 + ln v_0 + 2 t (exact for a Gaussian kernel)."""
    beta, v_0, t = 50.0, 0.04, 1.0
    ranks = (np.arange(4000) + 0.5) / 4000
    from scipy.special import ndtri

    angles = np.sqrt(v_0) * ndtri(ranks)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    flow = attention_flow(points, beta=beta, value=-1.0, times=[t], tolerance=1e-6, observe=["positions"], sums="modes")
    x = flow.positions[0, 0]
    assert np.arctan2(x[:, 1], x[:, 0]).var() == pytest.approx(0.0690, rel=0.02)
