"""Noisy attention: stationary states against definitions, limits and the PDE; thresholds; claims and figures."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.special import iv

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.geometry.sphere import circle_points
from attention_atlas.papers.studies.drawing.noise import (
    dimension_figure,
    histogram_figure,
    order_figure,
    phase_figure,
)
from attention_atlas.papers.studies.noise import (
    ANGLES,
    MODES,
    State,
    branch,
    branch_table,
    claims,
    density,
    dimension_table,
    free_energy,
    means,
    ordered_state,
    phase_table,
    point_table,
    sharp_k,
    sharp_kappa,
    star_beta,
)

ORDERS = np.linspace(0.02, 0.94, 47)


def test_branch_is_a_fixed_point_of_the_kernel_itself():
    """rho ~ exp(kappa W * rho) with the convolution as a sum over angles."""
    state = branch(2.0, ORDERS)[20]
    rho, width = density(state, 2.0), ANGLES[1]
    kernel = np.exp(2.0 * np.cos(ANGLES[:, None] - ANGLES)) / 2.0
    again = np.exp(state.kappa * kernel @ rho * width)
    np.testing.assert_allclose(again / (again.sum() * width), rho, rtol=1e-10)
    np.testing.assert_allclose(means(state, 2.0), state.means, atol=1e-12)


def test_small_beta_is_the_noisy_kuramoto_model():
    kappa = 3.0
    exact = brentq(lambda r: r - iv(1, kappa * r) / iv(0, kappa * r), 0.1, 0.99)
    state = ordered_state(1e-3, kappa, branch(1e-3, ORDERS))
    assert state.means[0] == pytest.approx(exact, abs=1e-4)
    assert sharp_kappa(0.0) == 2.0
    assert sharp_kappa(1e-4) == pytest.approx(2.0, abs=1e-7)


def test_branch_leaves_at_the_threshold_and_only_beyond_star_turns_back():
    for beta, back in ((1.0, False), (2.3, False), (2.6, True), (4.0, True)):
        kappas = np.array([state.kappa for state in branch(beta, ORDERS)]) / sharp_kappa(beta)
        assert kappas[0] == pytest.approx(1, abs=2e-3)
        assert (kappas.min() < 1 - 1e-6) == back
    assert ordered_state(1.0, 0.99 * sharp_kappa(1.0), branch(1.0, ORDERS)) is None
    assert star_beta(2) == pytest.approx(2.446918, abs=1e-6)
    assert sharp_k(2, 3.0) == pytest.approx(sharp_kappa(3.0) / 2, rel=1e-13)


def test_free_energy_of_the_uniform_density_and_its_fall_along_the_flow():
    beta, kappa = 2.0, 1.4 * sharp_kappa(2.0)
    assert free_energy(State(kappa, np.zeros(MODES)), beta) == pytest.approx(0, abs=1e-14)
    # d_t rho = -(rho (W * rho)')' + rho''/kappa by small steps in Fourier space, from a broad bump
    k = np.fft.fftfreq(len(ANGLES), 1 / len(ANGLES))
    pull = np.fft.fft(np.exp(beta * np.cos(ANGLES)) / beta) * ANGLES[1]
    rho, energies = (1 + 0.9 * np.cos(ANGLES)) / (2 * np.pi), []
    for step in range(12001):
        if step % 1200 == 0:
            drawn = rho * 2 * np.pi
            field = np.fft.ifft(pull * np.fft.fft(rho)).real
            uniform = np.exp(beta * np.cos(ANGLES)).mean() / beta
            energies.append(np.mean(drawn * np.log(drawn)) - kappa / 2 * (np.mean(drawn * field) - uniform))
        flux = rho * np.fft.ifft(1j * k * pull * np.fft.fft(rho)).real
        drift = np.fft.ifft(-1j * k * np.fft.fft(flux)).real
        rho = np.fft.ifft(np.fft.fft(rho + 2e-3 * drift) / (1 + 2e-3 * k**2 / kappa)).real
    assert (np.diff(energies) < 1e-9).all()
    end = ordered_state(beta, kappa, branch(beta, ORDERS))
    assert energies[-1] == pytest.approx(free_energy(end, beta), abs=1e-3)


def test_noise_alone_makes_a_mode_decay():
    """Order falls as exp(-t/kappa) where tokens do not feel each other: each is alone in its run."""
    kappa = 2.0
    starts = np.repeat(circle_points(np.zeros((1, 1))), 4000, axis=0)
    flow = attention_flow(
        starts, kernel="unnormalised", beta=1.0, method="euler", step=0.01, noise=math.sqrt(2 / kappa), times=[1.0],
        observe=["positions"],
    )  # fmt: skip
    assert flow.positions[:, 0, 0, 0].mean() == pytest.approx(math.exp(-1 / kappa), abs=0.03)


def test_claims_and_figures(tmp_path):
    sharp = [sharp_kappa(beta) for beta in (1.0, 2.0)]
    particles = pd.DataFrame(
        {
            "beta": 1.0, "share": [0.85, 1.2], "start": "ordered", "order": [0.02, 0.635], "spread": 0.01,
            "theory": [0.0, 0.635],
        }
    )  # fmt: skip
    tables = {
        "noise_growth": pd.DataFrame({"beta": [1.0, 2.0], "exact": sharp, "engine": sharp}),
        "noise_dimension": dimension_table([2, 8], np.linspace(0.5, 3, 6)),
        "noise_points": point_table(np.linspace(0.005, 0.95, 190)),
        "noise_phase": phase_table(np.array([2.4, 2.6, 2.7, 3.0, 4.0]), np.linspace(0.005, 0.95, 190)),
        "noise_particles": particles,
        "noise_branches": branch_table([1.0], ORDERS),
        "noise_density": pd.DataFrame({"share": 1.2, "angle": [-1.0, 1.0], "particles": 0.2, "theory": 0.2}),
    }
    judged = {claim.id: claim.holds for claim in claims(tables, {"particles": {"tokens": 2000}})}
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["noise_growth"]["engine"] *= 1.02
    tables["noise_particles"]["order"] += 0.2
    judged = {claim.id: claim.holds for claim in claims(tables, {"particles": {"tokens": 2000}})}
    assert judged["noise-growth"] == judged["noise-particles"] == judged["noise-calm"] == "no"
    paths = {}
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    assert len(order_figure(paths["noise_branches"], paths["noise_particles"]).axes) == 1
    assert len(phase_figure(paths["noise_phase"]).axes) == 3
    assert len(dimension_figure(paths["noise_dimension"]).axes) == 2
    assert histogram_figure(paths["noise_density"]).axes[0].patches
