"""The slabs of one image as one file, and the share of each class."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.minimal_attention.map import map_from_settings, parameter_grid
from attention_atlas.files import write_csv
from attention_atlas.papers.art.files import join_slabs, read_array
from attention_atlas.papers.art.summary import class_shares, summary_row
from attention_atlas.pipeline.jobs import job

TYPES = {"converged": np.bool_, "clusters": np.uint8, "time": np.int16, "period": np.uint8}


def main(slabs: Sequence[str], settings: Mapping[str, Any], seed: int, paths: Sequence[str]) -> None:
    arrays, shares, summary = paths
    join_slabs(arrays, slabs, TYPES, *parameter_grid(settings["window"], settings["rows"], settings["columns"]))
    tables = [class_shares(seed, name, read_array(arrays, name)) for name in ("clusters", "time", "period")]
    table = pd.concat(tables, ignore_index=True)
    image = map_from_settings(settings, seed, settings["start"] == "shared")
    row = summary_row(
        seed,
        read_array(arrays, "converged"),
        read_array(arrays, "clusters"),
        table,
        {"wq": image.wq, "wv": image.wv},
    )
    write_csv(table, shares)
    write_csv(pd.DataFrame([row]), summary)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        paths = (output.arrays, output.shares, output.summary)
        main(snakemake.input.slabs, snakemake.params.settings, int(snakemake.wildcards.seed), paths)
