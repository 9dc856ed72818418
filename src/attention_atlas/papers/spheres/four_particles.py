"""Figure 4 of arXiv 2501.03096: four particles on the circle and where their descent comes to rest."""

import numpy as np
import pandas as pd

from attention_atlas.dynamics.energy_flow.record import EnergyFlow

__all__ = ["RESTING_SPEED", "four_particle_table", "last_speed", "mean_tanh_ratio"]

# Distance per unit of time (step_size x one step). A run that converges to rounding has 1e-13, the slowest one
# that has not arrived (tau = 0.0005, delta = 0.5) 1e-2, one that jumps between poles 20 and more.
RESTING_SPEED = 1e-3


def mean_tanh_ratio(points: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Mean over the particles of tanh(D11 x1^2) / tanh(D22 x2^2), (R,) for points (R, n, 2), matrices (R, 2, 2).

    For D = diag(1, delta) it is delta at the minimiser. Infinite where some x2 is 0.
    """
    above = np.tanh(matrices[:, None, 0, 0] * points[..., 0] ** 2)
    below = np.tanh(matrices[:, None, 1, 1] * points[..., 1] ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (above / below).mean(axis=-1)


def last_speed(last_frames: np.ndarray, step_sizes: np.ndarray) -> np.ndarray:
    """Fastest particle of each run in its last step: distance / step size, (R,) for frames (2, R, n, d)."""
    moved = np.linalg.norm(last_frames[1] - last_frames[0], axis=-1).max(axis=-1)
    return moved / step_sizes


def four_particle_table(
    flow: EnergyFlow, deltas: np.ndarray, step_sizes: np.ndarray, matrices: np.ndarray
) -> pd.DataFrame:
    """fig4.csv, one row a run of ``flow``.

    The flow must hold the frames and energies of its last two steps and the energy of step 0:
    ``energy_steps`` from 0 to steps, ``frame_steps=[steps - 1, steps]``.

    A descent has converged if the run is 'ok', no particle moves faster than ``RESTING_SPEED`` in the last
    step, and the energy is not above the start's. Too long a step throws the particles over the minimum onto
    the poles +-e2, where they change sides in each step: there the force is radial, so that a test of the
    gradient would call this a critical point, which it is, but not a minimum.

    Columns: delta, tau, mean_tanh_ratio (empty if it is not finite), converged, status, failed_step, speed,
    start_energy, end_energy, worst_change.
    """
    fine = flow.status == "ok"
    speed = last_speed(flow.frames[-2:], step_sizes)
    start, end = flow.energies[:, 0], flow.energies[:, -1]
    converged = fine & (speed <= RESTING_SPEED) & (end <= start * (1 + 1e-12))
    ratio = mean_tanh_ratio(flow.positions, matrices)
    return pd.DataFrame(
        {
            "delta": deltas,
            "tau": step_sizes,
            "mean_tanh_ratio": np.where(fine & np.isfinite(ratio), ratio, np.nan),
            "converged": converged,
            "status": flow.status,
            "failed_step": flow.failed_step,
            "speed": speed,
            "start_energy": start,
            "end_energy": end,
            "worst_change": flow.worst_change,
        }
    )
