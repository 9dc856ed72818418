"""Cluster numbers against the noise of the start, for one beta.

Particles at quiet places carry modes as small as those of 10^16 independent particles.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import CircleFlow, circle_flow
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.geometry.cluster_counting import CountingRule
from attention_atlas.papers.metastability.cluster_histories import cluster_life, condensed
from attention_atlas.papers.metastability.starts import quiet_angles
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], counting: Mapping[str, Any], index: int, threads: int, output: str) -> None:
    tightness, rule = counting["tightness"], CountingRule(**{k: v for k, v in counting.items() if k != "tightness"})
    beta = settings["betas"][index]
    rows: list[tuple[float, ...]] = []
    for position, equivalent in enumerate(settings["equivalent"]):
        size = equivalent**-0.5
        # the fastest mode reaches one after ln(1/size)
        emergence = np.log(1 / size)
        steps = np.arange(0.5 * emergence, emergence + settings["duration"], settings["interval"])
        times = steps / largest_growth_rate(beta)

        def observe(first: int, flow: CircleFlow, position: int = position, times: np.ndarray = times) -> None:
            for offset, angles in enumerate(flow.angles):
                life = cluster_life(times, angles, beta, rule, tightness)
                rows.extend((position, first + offset, *plateau) for plateau in life.plateaus)

        first = (index * len(settings["equivalent"]) + position) * settings["runs"]
        keys = range(first, first + settings["runs"])
        circle_flow(
            quiet_angles(settings["seed"], keys, settings["particles"], settings["modes"], size),
            [Head(beta)],
            times,
            tolerance=settings["tolerance"],
            batch=threads,
            observe=observe,
            enough=condensed(beta, rule, tightness),
            progress=Progress(f"beta = {beta}, N = {equivalent:.0e}", settings["runs"], "runs"),
        )
    write_npz(output, beta=beta, plateaus=np.array(rows, dtype=float).reshape(-1, 5))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(params.settings, params.counting, int(snakemake.wildcards.index), snakemake.threads, snakemake.output[0])
