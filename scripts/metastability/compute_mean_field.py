"""Distance between particles and the continuity equation, over time, for one number of particles."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import CircleFlow, circle_flow
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.papers.metastability.circle_distance import distance_to_density
from attention_atlas.papers.metastability.continuity_equation import solve_continuity
from attention_atlas.papers.metastability.starts import sampled_angles, wavy_density
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], index: int, threads: int, output: str) -> None:
    heads, particles = [Head(settings["beta"])], settings["particles"][index]
    times = np.linspace(0, settings["duration"], settings["observations"]) / largest_growth_rate(settings["beta"])
    start = wavy_density(settings["cells"], settings["perturbation"])
    solution = solve_continuity(start, heads, times)
    distances = np.full((settings["runs"], len(times)), np.nan)

    def observe(first: int, flow: CircleFlow) -> None:
        for run in np.flatnonzero(flow.converged):
            distances[first + run] = [
                distance_to_density(frame, density)
                for frame, density in zip(flow.angles[run], solution.densities, strict=True)
            ]

    keys = [index * settings["runs"] + run for run in range(settings["runs"])]
    circle_flow(
        sampled_angles(settings["seed"], keys, particles, start),
        heads,
        times,
        tolerance=settings["tolerance"],
        batch=threads,
        observe=observe,
        progress=Progress(f"{particles} particles", settings["runs"], "runs"),
    )
    write_npz(output, particles=particles, times=times, distances=distances)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.index), snakemake.threads, snakemake.output[0])
