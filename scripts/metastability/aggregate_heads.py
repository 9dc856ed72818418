"""Two heads: the maps as tables, observed ends beside the cluster numbers that linear theory calls stable."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.cluster_states import stable_cluster_numbers
from attention_atlas.papers.metastability.head_grids import MAPS, grid_heads
from attention_atlas.pipeline.jobs import job

COLUMNS = ("clusters", "speed", "inner_rate", "outer_rate", "stable")


def run_table(name: str, slabs: list[dict[str, np.ndarray]], settings: Mapping[str, Any]) -> pd.DataFrame:
    x, y, _ = grid_heads(name, settings[name])
    point = np.concatenate([slab["point"] for slab in slabs])
    results = np.concatenate([slab["results"] for slab in slabs])
    table = pd.DataFrame({"map": name, "x": x[point], "y": y[point], "run": np.concatenate([s["run"] for s in slabs])})
    for column, values in zip(COLUMNS, results.T, strict=True):
        table[column] = values
    table["clusters"] = table["clusters"].fillna(-1).astype(int)
    table["stable"] = table["stable"] == 1
    table["status"] = np.concatenate([slab["status"] for slab in slabs])
    return table


def map_table(name: str, runs: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """One row a point: the most frequent end (the smaller of two), the share of stable ends, what theory allows."""
    x, y, heads = grid_heads(name, settings[name])
    groups = dict(list(runs.groupby(["x", "y"])))
    rows = []
    for here, there, pair in zip(x, y, heads, strict=True):
        group = groups[here, there]
        allowed = stable_cluster_numbers(pair, settings["most_clusters"])
        rows.append(
            {
                "map": name,
                "x": here,
                "y": there,
                "clusters": int(group["clusters"].mode().iloc[0]),
                "stable_share": group["stable"].mean(),
                "largest_stable": max(allowed, default=0),
                "stable_numbers": " ".join(map(str, allowed)),
            }
        )
    return pd.DataFrame(rows)


def main(paths: list[str], settings: Mapping[str, Any], maps_path: str, runs_path: str) -> None:
    archives = [read_npz(path, ["point", "run", "results", "status", "map_index"]) for path in paths]
    runs, maps = [], []
    for index, name in enumerate(MAPS):
        mine = [archive for archive in archives if int(archive["map_index"]) == index]
        runs.append(run_table(name, mine, settings))
        maps.append(map_table(name, runs[-1], settings))
    write_csv(pd.concat(maps, ignore_index=True), maps_path)
    write_csv(pd.concat(runs, ignore_index=True), runs_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.maps, output.runs)
