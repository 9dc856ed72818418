"""The attractors at each value of beta, their shares and exponents, and when late runs arrived on them."""

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.mean_field.coexistence import group_attractors, group_table
from attention_atlas.papers.mean_field.results import RESULT_ARRAYS, result_from_arrays
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], runs: int, output: str) -> None:
    slabs = [read_npz(path, ["values", "keys", *RESULT_ARRAYS]) for path in paths]
    values = np.concatenate([slab.pop("values") for slab in slabs])
    for slab in slabs:
        slab.pop("keys")
    result = result_from_arrays(slabs)
    tables = [
        group_table(group_attractors(result, np.arange(k * runs, (k + 1) * runs)), beta=beta)
        for k, beta in enumerate(values)
    ]
    write_csv(pd.concat(tables, ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.slabs), snakemake.params.runs, snakemake.output[0])
