"""What an energy flow records, and the energy itself; nothing here loads a kernel."""

from typing import NamedTuple

import numpy as np

__all__ = ["EnergyFlow", "every_step", "interaction_energy", "log_spaced_steps"]


class EnergyFlow(NamedTuple):
    """What a flow of R runs of n particles in R^d did.

    Attributes
    ----------
    positions
        (R, n, d) at the end; of a run that failed, before the step that failed.
    energy_steps, energies
        (K,) steps and (R, K) energies at them; NaN after a failure.
    frame_steps, frames
        (F,) steps and (F, R, n, d) positions at them; a run that failed stays put.
    status
        (R,) 'ok'; 'blew_up': a number passed 1e140 or stopped being finite, or abs(beta times an eigenvalue of D) is above 693;
        'vanished': a step cancelled a particle to ten digits, so that it has no direction.
    failed_step
        (R,) number of the step that failed, counted from 0; -1 if none did.
    worst_change
        (R,) the largest change of E in one step against the direction of the flow, relative to E;
        negative if every step went the right way, rounding (1e-14) at an end that has converged.
    """

    positions: np.ndarray
    energy_steps: np.ndarray
    energies: np.ndarray
    frame_steps: np.ndarray
    frames: np.ndarray
    status: np.ndarray
    failed_step: np.ndarray
    worst_change: np.ndarray


def interaction_energy(points: np.ndarray, matrix: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """E = n^-2 sum_ij exp(beta <x_i, D x_j>) of points (..., n, d); result (...)."""
    points = np.asarray(points, dtype=float)
    flat = points.reshape(-1, *points.shape[-2:])
    energies = [np.exp(beta * (run @ matrix @ run.T)).mean() for run in flat]
    return np.array(energies).reshape(points.shape[:-2])


def log_spaced_steps(steps: int, count: int) -> np.ndarray:
    """At most ``count`` (2 or more) different steps from 0 to ``steps``, both included, evenly spaced in log(1 + step).

    Near 0, where that spacing is finer than a step, every step is taken; the others move closer together for it.
    """
    best = np.unique([0, steps])
    for points in range(2, 4 * count):
        spaced = np.unique(np.rint(np.expm1(np.linspace(0.0, np.log1p(steps), points))).astype(np.int64))
        if len(spaced) > count:
            break
        best = spaced
    return best


def every_step(steps: int, every: int) -> np.ndarray:
    """0, every, 2 every, ... and the last step."""
    return np.unique(np.append(np.arange(0, steps + 1, every), steps))
