"""Plateaus of many starts: one slab of the runs of every beta.

The start of run r is keyed by (seed, index of beta * runs + r), so the number of slabs changes nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import CircleFlow, circle_flow, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.geometry.cluster_counting import CountingRule
from attention_atlas.papers.metastability.cluster_histories import cluster_life, condensed
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def slab_runs(runs: int, slabs: int, slab: int) -> range:
    """Numbers of the runs in one slab; the slabs differ by at most one run."""
    return range(runs * slab // slabs, runs * (slab + 1) // slabs)


def main(settings: Mapping[str, Any], counting: Mapping[str, Any], slab: int, threads: int, output: str) -> None:
    tightness, rule = counting["tightness"], CountingRule(**{k: v for k, v in counting.items() if k != "tightness"})
    runs = slab_runs(settings["runs"], settings["slabs"], slab)
    counts = np.arange(2 / settings["interval"], settings["duration"] / settings["interval"] + 0.5)
    plateaus: list[tuple[float, ...]] = []
    ends: list[tuple[int, int, float, str]] = []
    for index, beta in enumerate(settings["betas"]):
        times = counts * settings["interval"] / largest_growth_rate(beta)

        def observe(
            first: int, flow: CircleFlow, index: int = index, beta: float = beta, times: np.ndarray = times
        ) -> None:
            for position, status in enumerate(flow.status):
                run = runs[first + position]
                if status != "ok":
                    ends.append((index, run, np.nan, str(status)))
                    continue
                life = cluster_life(times, flow.angles[position], beta, rule, tightness)
                ends.append((index, run, life.log_condensed, life.status))
                plateaus.extend((index, run, *plateau) for plateau in life.plateaus)

        circle_flow(
            uniform_angles(settings["seed"], [index * settings["runs"] + run for run in runs], settings["particles"]),
            [Head(beta)],
            times,
            tolerance=settings["tolerance"],
            batch=threads,
            observe=observe,
            enough=condensed(beta, rule, tightness),
            progress=Progress(f"beta = {beta}", len(runs), "runs"),
        )
    table = np.array(plateaus, dtype=float).reshape(-1, 5)
    write_npz(
        output,
        plateaus=table,
        beta_index=np.array([row[0] for row in ends]),
        run_index=np.array([row[1] for row in ends]),
        log_condensed=np.array([row[2] for row in ends]),
        status=np.array([row[3] for row in ends]),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(params.settings, params.counting, int(snakemake.wildcards.slab), snakemake.threads, snakemake.output[0])
