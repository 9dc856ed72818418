"""Noisy tokens on the circle: their order beside the stable branch, and histograms beside its density."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.studies.noise import ANGLES, State, branch, density, ordered_state, sharp_kappa

__all__ = ["tables"]


def start_of(kind: str, settings: Mapping[str, Any]) -> np.ndarray:
    """All tokens near one point, or uniform."""
    if kind == "ordered":
        return token_starts("wrapped_normals", tokens=settings["tokens"], dimension=2, seed=settings["seed"], width=0.2)
    return token_starts("uniform", tokens=settings["tokens"], dimension=2, seed=settings["seed"])


def run(
    beta: float, share: float, kind: str, number: int, settings: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Order at all records, and positions at the end. Times are in units of kappa_#."""
    unit = sharp_kappa(beta)
    step, records = settings["step"] * unit, settings["records"]
    times = step * np.round(np.linspace(0, settings["last_time"] / settings["step"], records + 1))[1:]
    common = {
        "kernel": "unnormalised", "beta": beta, "sums": "modes", "method": "euler", "step": step,
        "noise": math.sqrt(2 / (share * unit)), "seed": settings["seed"], "run_numbers": [number],
    }  # fmt: skip
    flow = attention_flow(start_of(kind, settings), times=times, observe=["order_1", "positions"], **common)
    return flow.observables["order_1"][0], flow.positions[0]


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    orders = sweep_values(settings["orders"])
    lines, histograms, number = [], [], 0
    for beta in settings["betas"]:
        states = branch(beta, orders)
        kinds = ["ordered", "uniform"] if beta in settings["both_starts"] else ["ordered"]
        for share in settings["shares"]:
            stable = ordered_state(beta, share * sharp_kappa(beta), states)
            for kind in kinds:
                order, positions = run(beta, share, kind, number, settings)
                number += 1
                later = order[len(order) // 2 :]
                theory = float(stable.means[0]) if stable else 0.0
                lines.append(
                    {
                        "beta": beta, "share": share, "start": kind, "order": later.mean(), "spread": later.std(),
                        "theory": theory,
                    }
                )  # fmt: skip
                if kind == "ordered" and beta == settings["shown_beta"] and share in settings["shown_shares"]:
                    histograms.append(
                        histogram(positions[len(order) // 2 :], stable, beta, settings).assign(share=share)
                    )
    return {"noise_particles": pd.DataFrame(lines), "noise_density": pd.concat(histograms)}


def histogram(positions: np.ndarray, stable: State | None, beta: float, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Mean density of tokens (T, n, 2), each time turned so that their mean points to angle 0, beside the stationary one."""
    angles = np.arctan2(positions[..., 1], positions[..., 0])
    turned = angles - np.arctan2(positions[..., 1].mean(axis=1), positions[..., 0].mean(axis=1))[:, None]
    bins = settings["bins"]
    counts, edges = np.histogram(
        np.mod(turned + np.pi, 2 * np.pi) - np.pi, bins=bins, range=(-np.pi, np.pi), density=True
    )
    middle = (edges[1:] + edges[:-1]) / 2
    exact = np.full(bins, 1 / (2 * np.pi))
    if stable:
        exact = np.interp(middle, ANGLES, density(stable, beta), period=2 * np.pi)
    return pd.DataFrame({"angle": middle, "particles": counts, "theory": exact})
