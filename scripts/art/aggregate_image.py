"""The slabs of one image as one file, and the share of each class."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.papers.art.files import image_seed, join_slabs, read_array
from attention_atlas.papers.art.summary import class_shares, summary_row
from attention_atlas.pipeline.jobs import job

TYPES = {"converged": np.bool_, "clusters": np.uint8, "time": np.int16, "period": np.uint8}


def main(slabs: Sequence[str], seed: int, arrays: str, shares: str, summary: str) -> None:
    join_slabs(arrays, slabs, TYPES, read_array(slabs[0], "a"), read_array(slabs[0], "b"))
    tables = [class_shares(seed, name, read_array(arrays, name)) for name in ("clusters", "time", "period")]
    table = pd.concat(tables, ignore_index=True)
    row = summary_row(
        seed,
        read_array(arrays, "converged"),
        read_array(arrays, "clusters"),
        table,
        {name: read_array(slabs[0], name) for name in ("wq", "wv")},
    )
    write_csv(table, shares)
    write_csv(pd.DataFrame([row]), summary)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        seed = image_seed(snakemake.wildcards.image)
        main(snakemake.input.slabs, seed, output.arrays, output.shares, output.summary)
