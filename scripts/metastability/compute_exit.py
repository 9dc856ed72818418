"""Exit times from the ball max_k |a_k| < size around the uniform measure, for one beta and every number of particles."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head, modes_needed
from attention_atlas.files import write_npz
from attention_atlas.papers.metastability.growth_fits import crossing_times
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

# Modes beyond these grow too slowly to reach the size first.
NEGLIGIBLE = 1e-6


def main(settings: Mapping[str, Any], index: int, threads: int, output: str) -> None:
    beta = settings["betas"][index]
    count = int(settings["duration"] / settings["interval"]) + 1
    times = np.arange(count) * settings["interval"] / largest_growth_rate(beta)
    modes = modes_needed(beta, NEGLIGIBLE)
    exits = np.empty((len(settings["particles"]), settings["runs"]))
    for position, particles in enumerate(settings["particles"]):
        first = (index * len(settings["particles"]) + position) * settings["runs"]
        flow = circle_flow(
            uniform_angles(settings["seed"], range(first, first + settings["runs"]), particles),
            [Head(beta)],
            times,
            modes=modes,
            keep=1,
            tolerance=settings["tolerance"],
            batch=threads,
            enough=lambda angles, modes: bool((np.abs(modes[:, 1:]) >= settings["size"]).any()),
            progress=Progress(f"beta = {beta}, {particles} particles", settings["runs"], "runs"),
        )
        exits[position] = crossing_times(times, np.abs(flow.modes[:, :, 1:]).max(axis=2), settings["size"])
    write_npz(output, beta=beta, exits=exits)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.index), snakemake.threads, snakemake.output[0])
