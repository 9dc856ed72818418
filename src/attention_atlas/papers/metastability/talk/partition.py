"""Z changes no fixed point, and consensus is the highest of them.

USA is n times the gradient of E = (1 / 2 beta n^2) sum_ij e^{beta (cos - 1)}; SA divides each velocity by Z_i > 0. So both vanish at
the same places, and E rises along both: dE/ds = (1/n) sum_i v_i^2, with v_i^2 Z_i for the velocities of SA.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.papers.metastability.statements import circle_energy
from attention_atlas.papers.metastability.talk.circle import pair_velocities, runge_kutta

__all__ = ["equilibria", "jacobian", "partition_table"]

NEWTON_STEPS, RESIDUAL = 60, 1e-13
# Difference for derivatives; an eigenvalue within FLAT of 0 is the turn of all tokens.
STEP, FLAT = 1e-6, 1e-7
RECORDS = 120


def jacobian(angles: np.ndarray, beta: float, normalised: bool) -> np.ndarray:
    """Derivatives of the velocities (n, n) by central differences."""
    shifts = STEP * np.eye(len(angles))
    ends = [pair_velocities(angles + sign * shifts, beta, normalised) for sign in (1, -1)]
    return (ends[0] - ends[1]).T / (2 * STEP)


def equilibria(beta: float, starts: np.ndarray) -> list[np.ndarray]:
    """Fixed points of USA that Newton's method reaches from ``starts`` (R, n), each once up to turns, reflections and order."""
    found: dict[tuple[float, ...], np.ndarray] = {}
    for start in starts:
        x = start.copy()
        for _ in range(NEWTON_STEPS):
            v = pair_velocities(x, beta)
            if np.abs(v).max() < RESIDUAL:
                # the cosines of all pairs name a configuration
                key = tuple(np.sort(np.cos(x[:, None] - x[None, :]).ravel()).round(5) + 0.0)
                found.setdefault(key, x)
                break
            # short steps: far from a fixed point Newton's method leaps
            move = np.linalg.lstsq(jacobian(x, beta, False), -v, rcond=1e-8)[0]
            x = x + move * min(1.0, 0.5 / max(np.abs(move).max(), 1e-300))
    return list(found.values())


def partition_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, model ('usa', 'sa'), number, time, energy (share of the largest), speed (largest |v_i|), gain (dE/ds by differences),
    identity (the sum above), unstable (eigenvalues > 0): ``run`` along runs, ``fixed`` at the fixed points of USA, in USA and in SA."""
    beta, tokens = settings["beta"], settings["tokens"]
    starts = uniform_angles(settings["seed"], range(settings["runs"]), tokens)
    steps = settings["steps"]
    step, every = settings["duration"] / steps, max(1, steps // RECORDS)
    rows = []
    for model in ("usa", "sa"):
        normalised = model == "sa"
        flow = partial(pair_velocities, beta=beta, normalised=normalised)
        frames = runge_kutta(flow, starts, step, steps, every)
        for run in range(len(starts)):
            places = frames[:, run]
            v = pair_velocities(places, beta, normalised)
            z = v * 0 + 1 if not normalised else _mass(places, beta)
            ahead = [circle_energy(places + sign * STEP * v, beta) for sign in (1, -1)]
            rows.append(
                pd.DataFrame({
                    "part": "run", "model": model, "number": run, "time": step * every * np.arange(len(places)),
                    "energy": 2 * beta * circle_energy(places, beta), "speed": np.abs(v).max(axis=-1),
                    "other_speed": np.abs(pair_velocities(places, beta, not normalised)).max(axis=-1),
                    "gain": (ahead[0] - ahead[1]) / (2 * STEP), "identity": (v**2 * z).mean(axis=-1),
                })
            )  # fmt: skip
    small = uniform_angles(settings["seed"] + 1, range(settings["newton_starts"]), settings["newton_tokens"])
    # consensus, which Newton's method seldom reaches from afar
    small = np.concatenate([np.zeros((1, small.shape[1])), small])
    for number, place in enumerate(equilibria(beta, small)):
        for model in ("usa", "sa"):
            eigenvalues = np.linalg.eigvals(jacobian(place, beta, model == "sa")).real
            rows.append(
                pd.DataFrame({
                    "part": ["fixed"], "model": [model], "number": [number], "energy": [2 * beta * circle_energy(place, beta)],
                    "speed": [np.abs(pair_velocities(place, beta, model == "sa")).max()], "unstable": [(eigenvalues > FLAT).sum()],
                })
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _mass(angles: np.ndarray, beta: float) -> np.ndarray:
    """Z_i = (1/n) sum_j e^{beta (cos(theta_i - theta_j) - 1)}."""
    return np.exp(beta * (np.cos(angles[..., :, None] - angles[..., None, :]) - 1)).mean(axis=-1)
