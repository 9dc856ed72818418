"""Particles on the sphere from uniform starts: power in each degree against time; run 0 is kept for pictures."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.self_attention.flow import adaptive_flow
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.metastability.harmonic_power import harmonic_power
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

# Observations of the linear phase, where the rates are fitted.
EARLY = 13


def observation_times(settings: Mapping[str, Any], rate: float) -> tuple[np.ndarray, int]:
    """Rescaled times, and how many of them belong to the linear phase."""
    early = np.log(settings["fit_power"] * settings["particles"]) / (2 * rate)
    later = np.arange(settings["interval"], settings["duration"] + 1e-9, settings["interval"]) / rate
    return np.concatenate([np.linspace(0, early, EARLY), later[later > early * (1 + 1e-9)]]), EARLY


def main(settings: Mapping[str, Any], case: str, output: str) -> None:
    dimension, beta = settings["cases"][case]["dimension"], settings["cases"][case]["beta"]
    times, early = observation_times(settings, largest_growth_rate(beta, dimension))
    progress = Progress(f"case {case}: d = {dimension}, beta = {beta}", settings["runs"], "runs")
    powers, products, steps = [], [], []
    drawn: Any = None
    for run in range(settings["runs"]):
        starts = random_points(settings["seed"], [ord(case) * settings["runs"] + run], settings["particles"], dimension)
        flow = adaptive_flow(
            starts,
            "usa",
            beta,
            # ordinary time: the flow's kernel is not divided by e^beta
            times * np.exp(-beta),
            tolerance=settings["tolerance"],
            merge_distance=1e-3 / np.sqrt(beta),
        )
        powers.append(harmonic_power(flow.positions[0], settings["degrees"] + 1))
        products.append(harmonic_power(flow.positions[0, :early], settings["degrees"] + 1, flow.positions[0, 0]))
        steps.append(flow.steps[0])
        drawn = flow.positions[0] if drawn is None else drawn
        progress(run + 1)
    write_npz(
        output,
        dimension=dimension,
        beta=beta,
        times=times,
        early=early,
        powers=np.array(powers),
        products=np.array(products),
        positions=drawn.astype(np.float32),
        steps=np.array(steps),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.wildcards.case, snakemake.output[0])
