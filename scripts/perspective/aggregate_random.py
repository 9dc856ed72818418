"""Phase diagrams with random weights: the slabs of all variants of one dimension together."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.pipeline.jobs import job

STATISTICS = ("median_clusters", "mean_span", "median_fine_clusters")


def main(slabs: list[str], settings: Mapping[str, Any], arrays: str, table: str) -> None:
    betas = sweep_values(settings["betas"])
    steps = round(settings["last_time"] / settings["step_size"])
    times = np.round(np.linspace(0, steps, settings["records"])) * settings["step_size"]
    pairs = settings["runs"] * settings["particles"] * (settings["particles"] - 1)
    measured = times[:: settings["statistics_every"]]
    results: dict[str, np.ndarray] = {"beta": betas, "time": times, "time_statistics": measured}
    names = [f"{name}_{kind}" for name in settings["variants"] for kind in ("sums", *STATISTICS)]
    planes = {name: np.empty((len(betas), len(times if name.endswith("_sums") else measured))) for name in names}
    for path in slabs:
        slab = read_npz(path, ["index", *names])
        for name in names:
            planes[name][slab["index"]] = slab[name]
    frames = []
    for name in settings["variants"]:
        results[f"{name}_probability"] = planes[f"{name}_sums"] / pairs
        results |= {f"{name}_{kind}": planes[f"{name}_{kind}"] for kind in STATISTICS}
        frames.append(
            pd.DataFrame(
                {
                    "variant": name,
                    "beta": betas,
                    "last_probability": results[f"{name}_probability"][:, -1],
                    "last_median_clusters": results[f"{name}_median_clusters"][:, -1],
                    "last_median_fine_clusters": results[f"{name}_median_fine_clusters"][:, -1],
                    "last_mean_span": results[f"{name}_mean_span"][:, -1],
                }
            )
        )
    write_npz(arrays, **results)
    write_csv(pd.concat(frames, ignore_index=True), table)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.slabs), snakemake.params.settings, snakemake.output.arrays, snakemake.output.table)
