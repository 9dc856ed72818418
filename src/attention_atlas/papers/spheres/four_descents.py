"""Figure 4 of arXiv 2501.03096: the descents of four particles on the circle."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.energy_flow.record import EnergyFlow, log_spaced_steps
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import circle_points
from attention_atlas.numerics.sweeps import sweep_matrices
from attention_atlas.progress import Progress

__all__ = ["descend", "write_runs"]


def descend(
    settings: Mapping[str, Any], deltas: np.ndarray, step_sizes: np.ndarray, frames: int = 0
) -> tuple[np.ndarray, EnergyFlow]:
    """Matrices and flow of one run for each pair (delta, step size) of two arrays of one length.

    The last two steps are always among the recorded ones; ``frames`` (0, or 2 and more) log-spaced ones come before them.
    """
    matrices = sweep_matrices(settings["D"], settings["delta_axis"], deltas)
    start = circle_points(np.pi * np.array(settings["start_angles"]))
    steps = settings["steps"]
    spaced = log_spaced_steps(steps, frames).tolist() if frames else []
    flow = energy_flow(
        np.broadcast_to(start, (len(deltas), *start.shape)),
        matrices,
        step_size=step_sizes,
        steps=steps,
        direction="descent",
        beta=settings["beta"],
        energy_steps=sorted({0, *log_spaced_steps(steps, 100).tolist(), max(0, steps - 1), steps}),
        frame_steps=sorted({*spaced, max(0, steps - 1), steps}),
        progress=Progress("descent", steps),
    )
    return matrices, flow


def write_runs(output: str, deltas: np.ndarray, step_sizes: np.ndarray, matrices: np.ndarray, flow: EnergyFlow) -> None:
    """Everything that the tables and views of Figure 4 need, as one archive."""
    write_npz(output, deltas=deltas, step_sizes=step_sizes, matrices=matrices, **flow._asdict())
