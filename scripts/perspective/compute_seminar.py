"""The SA diagram of one dimension at the seminar's beta and times, recorded at the first step past a time and at the nearest."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import euler_cluster_pairs, span_coordinates
from attention_atlas.files import write_csv
from attention_atlas.geometry.sphere import random_points
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.seminar import first_step_past, nearest_step
from attention_atlas.papers.perspective.settings import PHASE_BLOCK
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], dimension: int, output: str) -> None:
    betas, step, runs = sweep_values(settings["betas"]), settings["step_size"], settings["runs"]
    times = np.linspace(0, settings["last_time"], settings["records"])
    past, nearest = first_step_past(times, step), nearest_step(times, step)
    records = np.unique(np.concatenate([past, nearest]))
    pairs = settings["particles"] * (settings["particles"] - 1)
    sums, squares = np.zeros((2, len(betas), len(records)))
    blocks = range(0, runs, PHASE_BLOCK)
    progress = Progress(f"seminar, d = {dimension}", len(betas) * len(blocks), "rows")
    for number, first in enumerate(blocks):
        block = range(first, min(runs, first + PHASE_BLOCK))
        starts = span_coordinates(random_points(settings["seed"], block, settings["particles"], dimension))
        for row, beta in enumerate(betas):
            counts = euler_cluster_pairs(starts, "sa", float(beta), step, records, settings["threshold"]).close_pairs
            sums[row] += counts.sum(axis=0)
            squares[row] += (counts**2).sum(axis=0)
            progress(number * len(betas) + row + 1)
    share = sums / (runs * pairs)
    error = np.sqrt(np.maximum(squares / (runs * pairs**2) - share**2, 0) / runs)
    columns = {"past": share, "nearest": share, "standard_error": error}
    at = {name: np.searchsorted(records, nearest if name == "nearest" else past) for name in columns}
    frame = {"beta": np.repeat(betas, len(times)), "time": np.tile(times, len(betas))}
    frame |= {name: plane[:, at[name]].ravel() for name, plane in columns.items()}
    write_csv(pd.DataFrame(frame), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.dimension), snakemake.output[0])
