"""Phase diagram of one flow in one dimension: one slab of the values of beta, all starts.

The starts are keyed by the run alone and are the same for every beta. Slab s holds the values number
s, s + slabs, s + 2 slabs, ... so that slabs take equally long.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.clustering.batch import (
    Clustering,
    adaptive_cluster_pairs,
    euler_cluster_pairs,
    published_step,
    span_coordinates,
)
from attention_atlas.errors import AtlasError
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.phase_diagram import phase_records
from attention_atlas.papers.perspective.settings import PHASE_BLOCK
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def close_pairs(starts: np.ndarray, kind: str, beta: float, settings: Mapping[str, Any]) -> Clustering:
    """Counts at all recorded times by the integrator that the settings name."""
    flow, threshold = settings["flows"][kind], settings["threshold"]
    times = phase_records(settings, kind).times
    if flow["integrator"] == "published":
        step = published_step(kind, beta, flow["step_size"])
        return euler_cluster_pairs(starts, kind, beta, step, np.round(times / step).astype(int), threshold)
    return adaptive_cluster_pairs(
        starts,
        kind,
        beta,
        times,
        threshold,
        tolerance=flow["tolerance"],
        merge_distance=flow["merge_distance"],
    )


def main(settings: Mapping[str, Any], kind: str, dimension: int, slab: int, output: str) -> None:
    betas = sweep_values(settings["betas"])
    mine = np.arange(len(betas))[slab :: settings["slabs"]]
    particles, runs = settings["particles"], settings["runs"]
    sums = np.zeros((len(mine), len(phase_records(settings, kind).times)))
    squares, steps = np.zeros_like(sums), np.zeros(len(mine))
    blocks = range(0, runs, PHASE_BLOCK)
    progress = Progress(f"{kind}, d = {dimension}", len(mine) * len(blocks), "rows")
    for number, first in enumerate(blocks):
        block = range(first, min(runs, first + PHASE_BLOCK))
        starts = span_coordinates(random_points(settings["seed"], block, particles, dimension))
        for row, index in enumerate(mine):
            try:
                result = close_pairs(starts, kind, betas[index], settings)
            except AtlasError as error:
                raise AtlasError(f"{kind}, d = {dimension}, beta = {betas[index]:.4g}: {error}") from error
            # integers below 2^53 in all sums: exact, whatever the order
            sums[row] += result.close_pairs.sum(axis=0)
            squares[row] += (result.close_pairs**2).sum(axis=0)
            steps[row] += result.steps.sum()
            progress(number * len(mine) + row + 1)
    write_npz(output, index=mine, sums=sums, squares=squares, steps=steps)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.settings,
            snakemake.wildcards.kind,
            int(snakemake.wildcards.dimension),
            int(snakemake.wildcards.slab),
            snakemake.output[0],
        )
