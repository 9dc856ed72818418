"""Space-time pictures: paths of some particles and the number of clusters, from the uniform start to a single cluster."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.files import write_npz
from attention_atlas.geometry.cluster_counting import UNDECIDED, CountingRule, cluster_numbers
from attention_atlas.papers.metastability.cluster_histories import cluster_life, continued_paths
from attention_atlas.pipeline.jobs import job


def main(settings: Mapping[str, Any], counting: Mapping[str, Any], index: int, output: str) -> None:
    beta = settings["betas"][index]
    tightness, rule = counting["tightness"], CountingRule(**{k: v for k, v in counting.items() if k != "tightness"})
    times = np.geomspace(1.0, settings["duration"], settings["observations"]) / largest_growth_rate(beta)
    start = uniform_angles(settings["seed"], [settings["run"]], settings["particles"], settings["start"])
    flow = circle_flow(start, [Head(beta)], times, tolerance=settings["tolerance"])
    frames = flow.angles[0]
    life = cluster_life(times, frames, beta, rule, tightness)
    chosen = np.linspace(0, settings["particles"] - 1, min(settings["paths"], settings["particles"])).astype(int)
    log_times, paths = continued_paths(times, frames, chosen, beta, rule, tightness)
    counts = cluster_numbers(frames, beta, rule=rule)
    write_npz(
        output,
        beta=beta,
        log_times=log_times,
        paths=paths,
        plateau_clusters=np.array([plateau.clusters for plateau in life.plateaus], dtype=int),
        plateau_starts=np.array([plateau.start for plateau in life.plateaus]),
        plateau_ends=np.array([plateau.end for plateau in life.plateaus]),
        undecided=np.log(times[counts == UNDECIDED]),
        log_condensed=life.log_condensed,
        status=np.array([life.status, flow.status[0]]),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(params.settings, params.counting, int(snakemake.wildcards.index), snakemake.output[0])
