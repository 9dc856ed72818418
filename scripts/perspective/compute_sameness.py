"""The published steps of usa and the adaptive integrator on the same starts, for some beta of one dimension."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import adaptive_cluster_pairs, euler_cluster_pairs, published_step
from attention_atlas.files import write_csv
from attention_atlas.geometry.sphere import random_points
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

# Starts of the published steps between two lines of progress.
CHUNK = 16


def published(
    starts: np.ndarray, beta: float, times: np.ndarray, step: float, threshold: float, progress
) -> np.ndarray:
    """Probability at the steps nearest to ``times``."""
    counts = []
    for first in range(0, len(starts), CHUNK):
        part = starts[first : first + CHUNK]
        counts.append(
            euler_cluster_pairs(part, "usa", beta, step, np.round(times / step).astype(int), threshold).close_pairs
        )
        progress()
    pairs = starts.shape[1] * (starts.shape[1] - 1)
    return np.concatenate(counts).mean(axis=0) / pairs


def main(phase: Mapping[str, Any], sameness: Mapping[str, Any], dimension: int, output: str) -> None:
    flow = phase["flows"]["usa"]
    betas = sweep_values(sameness["betas"])
    starts = random_points(phase["seed"], range(sameness["runs"]), phase["particles"], dimension)
    wanted = np.geomspace(phase["log_first_share"] * flow["last_time"], flow["last_time"], 60)
    total = len(betas) * -(-len(starts) // CHUNK)
    progress, done = Progress(f"usa, d = {dimension}", total, "parts"), [0]

    def advance() -> None:
        done[0] += 1
        progress(done[0])

    frames = []
    for beta in betas:
        step = published_step("usa", beta, flow["step_size"])
        steps = np.unique(np.round(wanted / step))
        times = steps * step
        adaptive = adaptive_cluster_pairs(
            starts,
            "usa",
            beta,
            times,
            phase["threshold"],
            tolerance=flow["tolerance"],
            merge_distance=flow["merge_distance"],
        )
        exact = adaptive_cluster_pairs(
            starts, "usa", beta, times, phase["threshold"], tolerance=1e-8, merge_distance=1e-5
        )
        frames.append(
            pd.DataFrame(
                {
                    "dimension": dimension,
                    "beta": beta,
                    "time": times,
                    "published": published(starts, beta, times, step, phase["threshold"], advance),
                    "adaptive": adaptive.probability(phase["particles"]),
                    "adaptive_fine": exact.probability(phase["particles"]),
                    "published_steps": steps,
                    "adaptive_steps": adaptive.steps.mean(),
                }
            )
        )
    write_csv(pd.concat(frames, ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.phase,
            snakemake.params.sameness,
            int(snakemake.wildcards.dimension),
            snakemake.output[0],
        )
