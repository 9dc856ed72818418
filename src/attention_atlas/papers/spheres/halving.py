"""Descent whose step size is halved until the energy falls: the four particles of Figure 4 arrive for every delta."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_most, judge_close
from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.geometry.sphere import circle_points, normalise
from attention_atlas.numerics.sweeps import sweep_matrices, sweep_values
from attention_atlas.papers.spheres.four_particles import mean_tanh_ratio

__all__ = ["Halved", "halved_descent", "halving_claims", "halving_table"]

# A step is not shortened further: by then nothing moves.
MAX_HALVINGS = 60


class Halved(NamedTuple):
    """End of a descent: positions (n, d), energies (steps + 1,), step sizes that were used (steps,), ``converged``."""

    positions: np.ndarray
    energies: np.ndarray
    step_sizes: np.ndarray
    converged: bool


def halved_descent(
    start: np.ndarray, matrix: np.ndarray, *, step_size: float, steps: int, beta: float = 1.0, tolerance: float = 1e-13
) -> Halved:
    """Steps of the energy flow (arXiv 2501.03096) that never raise the energy.

    Each step starts from twice the step size of the one before, at most ``step_size``, and is halved until the energy does
    not rise. It has converged once no particle moves further than ``tolerance`` times the step size.
    """
    x, tau = np.asarray(start, dtype=float), step_size
    energies, sizes, converged = [float(interaction_energy(x, matrix, beta))], [], False
    for _ in range(steps):
        tau = min(2 * tau, step_size)
        pull = np.exp(beta * x @ matrix @ x.T) @ (x @ matrix) / len(x)
        for _ in range(MAX_HALVINGS):
            moved = normalise(x - tau * pull)
            energy = float(interaction_energy(moved, matrix, beta))
            if energy <= energies[-1]:
                break
            tau /= 2
        else:
            converged = True  # to rounding: no step size lowers the energy
            break
        converged = bool(np.linalg.norm(moved - x, axis=-1).max() <= tolerance * tau)
        x = moved
        energies.append(energy)
        sizes.append(tau)
        if converged:
            break
    return Halved(x, np.array(energies), np.array(sizes), converged)


def halving_table(four: Mapping[str, Any], settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns delta, mean_tanh_ratio, steps, smallest_step, converged, worst_change (largest relative rise of the energy in a step)."""
    deltas = sweep_values(four["deltas"])
    start = circle_points(np.pi * np.array(four["start_angles"]))
    rows = []
    for delta, matrix in zip(deltas, sweep_matrices(four["D"], four["delta_axis"], deltas), strict=True):
        found = halved_descent(
            start, matrix, step_size=settings["step_size"], steps=settings["steps"], beta=four["beta"]
        )
        rise = np.diff(found.energies) / found.energies[:-1]
        # at the end the energy is flat to rounding, and any short step will do: those say nothing
        falling = found.step_sizes[rise < -1e-12]
        rows.append(
            {
                "delta": delta,
                "mean_tanh_ratio": float(mean_tanh_ratio(found.positions[None], matrix[None])[0]),
                "steps": len(found.step_sizes),
                "smallest_step": float(falling.min(initial=settings["step_size"])),
                "converged": found.converged,
                "worst_change": float(rise.max(initial=-np.inf)),
            }
        )
    return pd.DataFrame(rows)


def halving_claims(table: pd.DataFrame) -> Iterator[Claim]:
    """Every delta arrives, and no step raises the energy."""
    gap = float((table["mean_tanh_ratio"] - table["delta"]).abs().max())
    statement = "With steps halved until the energy falls the ratio equals δ for every δ: largest deviation"
    yield judge_at_most("fig4-halving-ratio", "fig4_halving", statement, computed=gap, bound=1e-5, source="this work")
    rises = int((table["worst_change"] > 0).sum())
    statement = "No step raises the energy: descents in which one does"
    yield judge_close(
        "fig4-halving-monotone", "fig4_halving", statement, expected=0, computed=rises, tolerance=0, source="this work"
    )
