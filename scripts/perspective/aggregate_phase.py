"""Phase diagram: the slabs together, as probabilities, and the boundary beside the reduced equation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.equiangular import euler_hitting_time, hitting_time
from attention_atlas.papers.perspective.phase_diagram import crossing_time, phase_records
from attention_atlas.pipeline.jobs import job

LEVEL = 0.5


def boundary(kind: str, settings: Mapping[str, Any], betas: np.ndarray, times: np.ndarray, probability: np.ndarray):
    """For each beta the time at which half of the pairs are close, and the two times of the reduction."""
    flow, epsilon, particles = settings["flows"][kind], 1 - settings["threshold"], settings["particles"]
    reduced_steps = [float("nan")] * len(betas)
    if flow["integrator"] == "published":
        reduced_steps = [
            euler_hitting_time(kind, beta, particles, epsilon, flow["step_size"], flow["last_time"]) for beta in betas
        ]
    return pd.DataFrame(
        {
            "beta": betas,
            "half_time": [crossing_time(times, row, LEVEL) for row in probability],
            "reduced_time": [hitting_time(kind, beta, particles, epsilon) for beta in betas],
            "reduced_steps_time": reduced_steps,
            "last_probability": probability[:, -1],
        }
    )


def main(slabs: list[str], settings: Mapping[str, Any], kind: str, arrays: str, table: str) -> None:
    betas = sweep_values(settings["betas"])
    records = phase_records(settings, kind)
    sums = np.empty((len(betas), len(records.times)))
    squares, steps = np.empty_like(sums), np.empty(len(betas))
    for path in slabs:
        slab = read_npz(path, ["index", "sums", "squares", "steps"])
        sums[slab["index"]], squares[slab["index"]] = slab["sums"], slab["squares"]
        steps[slab["index"]] = slab["steps"]
    runs, pairs = settings["runs"], settings["particles"] * (settings["particles"] - 1)
    probability = sums / (runs * pairs)
    variance = np.maximum(squares / (runs * pairs**2) - probability**2, 0)
    write_npz(
        arrays,
        beta=betas,
        time=records.times[records.linear],
        probability=probability[:, records.linear],
        standard_error=np.sqrt(variance[:, records.linear] / runs),
        time_log=records.times[records.logarithmic],
        probability_log=probability[:, records.logarithmic],
        mean_steps=steps / runs,
    )
    write_csv(boundary(kind, settings, betas, records.times, probability), table)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            list(snakemake.input.slabs),
            snakemake.params.settings,
            snakemake.wildcards.kind,
            snakemake.output.arrays,
            snakemake.output.table,
        )
