"""Attractors at the values of the published run, and on which of them each published run was."""

import numpy as np
import pandas as pd

from attention_atlas.files import read_csv, read_npz, write_csv
from attention_atlas.papers.mean_field.coexistence import (
    GROUP_COLUMNS,
    MATCH_COLUMNS,
    group_attractors,
    group_table,
    match_rows,
)
from attention_atlas.papers.mean_field.results import RESULT_ARRAYS, result_from_arrays
from attention_atlas.pipeline.jobs import job


def main(path: str, published: list[str], runs: int, steps: int, attractors: str, matches: str) -> None:
    arrays = read_npz(path, ["values"])
    values = arrays.pop("values")
    if not values.size:
        write_csv(pd.DataFrame(columns=["beta", *GROUP_COLUMNS]), attractors)
        write_csv(pd.DataFrame(columns=MATCH_COLUMNS), matches)
        return
    missing = [name for name in RESULT_ARRAYS if name not in arrays]
    assert not missing, missing
    arrays.pop("keys")
    result = result_from_arrays([arrays])
    groups = [group_attractors(result, np.arange(k * runs, (k + 1) * runs)) for k in range(values.size)]
    tables = [group_table(found, beta=beta) for found, beta in zip(groups, values, strict=True)]
    write_csv(pd.concat(tables, ignore_index=True), attractors)
    write_csv(match_rows(read_csv(published[0]), groups, steps), matches)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params, output = snakemake.params, snakemake.output
        main(
            snakemake.input.runs,
            list(snakemake.input.published),
            params.settings["runs"],
            params.settings["spectrum"],
            output.attractors,
            output.matches,
        )
