"""The continuity equation from noise beside particles at the quantiles of the same density, and its order of convergence."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.papers.metastability.continuity_equation import solve_continuity
from attention_atlas.papers.metastability.starts import noisy_uniform_density, quantile_angles, wavy_density
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

# Size of the waves of the smooth start for the order of convergence.
WAVES = 0.3


def convergence(settings: Mapping[str, Any]) -> np.ndarray:
    """Rows of cells, dx and L1 error at the configured time."""
    heads, time = [Head(settings["beta"])], settings["order_duration"] / largest_growth_rate(settings["beta"])
    cells = [*settings["order_cells"], settings["order_reference"]]
    ends = [solve_continuity(wavy_density(n, WAVES), heads, np.array([time])).densities[0] for n in cells]
    rows = []
    for n, end in zip(cells[:-1], ends[:-1], strict=True):
        reference = ends[-1].reshape(n, -1).mean(axis=1)
        rows.append((n, 2 * np.pi / n, np.abs(end - reference).mean() * 2 * np.pi))
    return np.array(rows)


def main(settings: Mapping[str, Any], output: str) -> None:
    heads = [Head(settings["beta"])]
    times = np.linspace(0, settings["duration"], settings["observations"]) / largest_growth_rate(settings["beta"])
    start = noisy_uniform_density(settings["seed"], settings["cells"], settings["sigma"])
    progress = Progress("continuity equation", len(times), "times")
    solution = solve_continuity(start, heads, times, progress=progress)
    angles = quantile_angles(settings["particles"], start)
    flow = circle_flow(angles, heads, times, tolerance=settings["tolerance"])
    edges = np.linspace(0, 2 * np.pi, settings["cells"] + 1)
    counts = np.array([np.histogram(np.mod(frame, 2 * np.pi), edges)[0] for frame in flow.angles[0]])
    write_npz(
        output,
        times=times,
        centres=solution.centres,
        densities=solution.densities,
        particle_densities=counts / (settings["particles"] * np.diff(edges)),
        mass_drift=solution.mass_drift,
        lowest=solution.lowest,
        steps=solution.steps,
        order=convergence(settings),
        status=flow.status,
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output[0])
