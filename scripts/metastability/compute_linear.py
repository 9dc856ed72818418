"""Linear phase: Fourier coefficients of uniform particles while they grow, for one slab of the runs of each beta."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def slab_runs(runs: int, slabs: int, slab: int) -> range:
    """Numbers of the runs in one slab; the slabs differ by at most one run."""
    return range(runs * slab // slabs, runs * (slab + 1) // slabs)


def end_of_linear_phase(settings: Mapping[str, Any], beta: float) -> float:
    """When the fastest mode, 1/sqrt(n) at the start, is expected at the configured amplitude."""
    return np.log(settings["amplitude"] * np.sqrt(settings["particles"])) / largest_growth_rate(beta)


def main(settings: Mapping[str, Any], slab: int, threads: int, output: str) -> None:
    runs = slab_runs(settings["runs"], settings["slabs"], slab)
    times, amplitudes, status = [], [], []
    for index, beta in enumerate(settings["betas"]):
        progress = Progress(f"beta = {beta}", len(runs), "runs")
        # other starts for each beta: the fits are independent
        keys = [index * settings["runs"] + run for run in runs]
        flow = circle_flow(
            uniform_angles(settings["seed"], keys, settings["particles"]),
            [Head(beta)],
            np.linspace(0.0, end_of_linear_phase(settings, beta), settings["observations"]),
            modes=settings["modes"] + 1,
            keep=1,
            tolerance=settings["tolerance"],
            batch=threads,
            progress=progress,
        )
        times.append(flow.times[0])
        amplitudes.append(flow.modes)
        status.append(flow.status)
    write_npz(output, times=np.array(times), amplitudes=np.array(amplitudes), status=np.array(status))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.slab), snakemake.threads, snakemake.output[0])
