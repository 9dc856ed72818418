"""Run particles on the sphere down or up the attention energy; used by figures 1, 2 (circles), 3 and 6."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.energy_flow.record import EnergyFlow, every_step, interaction_energy, log_spaced_steps
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import grid_points, normalise, random_points, sunflower_points, torch_points
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress
from attention_atlas.random.generators import GENERATORS, stream_normals


def start_points(start: str, seed: int, runs: int, particles: int, dimension: int) -> np.ndarray:
    """Starts of all runs, (runs, particles, dimension).

    ``torch``, ``torch_cuda`` and ``numpy`` are one draw of that shape from PyTorch's generator, the same on a GPU, and NumPy's;
    ``philox`` is keyed by (seed, run).
    ``sunflower`` and ``grid`` are regular, the same for all runs.
    """
    if start == "sunflower":
        return np.broadcast_to(sunflower_points(particles), (runs, particles, dimension))
    if start == "grid":
        return np.broadcast_to(grid_points(particles, dimension), (runs, particles, dimension))
    if start in GENERATORS:
        return normalise(stream_normals(start, seed, (runs, particles, dimension)))
    if start == "torch":
        return torch_points(seed, particles, dimension, runs)
    return random_points(seed, range(runs), particles, dimension)


def energy_steps(steps: int, every: int) -> np.ndarray:
    """Regular steps, and log-spaced ones that show the fast beginning."""
    return np.union1d(every_step(steps, every), log_spaced_steps(steps, 100))


def run(settings: Mapping[str, Any]) -> tuple[np.ndarray, EnergyFlow]:
    """Starts and flow for the settings of one panel (keys as in config.yaml)."""
    matrix = np.array(settings["D"], dtype=float)
    starts = start_points(
        settings.get("start", "philox"), settings["seed"], settings.get("runs", 1), settings["particles"], len(matrix)
    )
    steps = settings["steps"]
    flow = energy_flow(
        starts,
        matrix,
        step_size=settings["step_size"],
        steps=steps,
        direction=settings["direction"],
        beta=settings["beta"],
        noise=settings["noise"],
        noise_seed=settings["seed"],
        energy_steps=energy_steps(steps, settings.get("energy_every", max(1, steps // 100))),
        frame_steps=log_spaced_steps(steps, settings["frames"]) if "frames" in settings else (),
        progress=Progress("flow", steps),
    )
    return starts, flow


def main(settings: Mapping[str, Any], output: str) -> None:
    starts, flow = run(settings)
    matrix = np.array(settings["D"], dtype=float)
    write_npz(
        output,
        matrix=matrix,
        beta=settings["beta"],
        step_size=settings["step_size"],
        direction=settings["direction"],
        starts=starts,
        positions=flow.positions,
        energy_steps=flow.energy_steps,
        energies=flow.energies,
        frame_steps=flow.frame_steps,
        frames=flow.frames,
        frame_energies=interaction_energy(flow.frames[:, 0], matrix, settings["beta"]),  # of the run that a film shows
        status=flow.status,
        failed_step=flow.failed_step,
        worst_change=flow.worst_change,
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output[0])
