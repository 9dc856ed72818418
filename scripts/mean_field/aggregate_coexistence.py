"""The attractors that nearly equal starts end on: their shares and exponents, and when late runs arrived on them.

Starts at the values of the published run are gathered too, with a second table: which attractor each published run was on.
"""

import numpy as np
import pandas as pd

from attention_atlas.files import read_csv, read_npz, write_csv
from attention_atlas.papers.mean_field.coexistence import (
    GROUP_COLUMNS,
    MATCH_COLUMNS,
    Group,
    group_attractors,
    group_table,
    match_rows,
)
from attention_atlas.papers.mean_field.results import RESULT_ARRAYS, result_from_arrays
from attention_atlas.pipeline.jobs import job


def read_groups(paths: list[str], runs: int) -> tuple[np.ndarray, list[list[Group]]]:
    """Values of beta and the attractors at each of them, from ``runs`` runs a value; none if the slabs hold no values."""
    values = np.concatenate([read_npz(path, ["values"])["values"] for path in paths])
    if not values.size:
        return values, []
    result = result_from_arrays([read_npz(path, RESULT_ARRAYS) for path in paths])
    return values, [group_attractors(result, np.arange(k * runs, (k + 1) * runs)) for k in range(values.size)]


def write_attractors(values: np.ndarray, groups: list[list[Group]], output: str) -> None:
    tables = [group_table(found, beta=beta) for found, beta in zip(groups, values, strict=True)]
    empty = pd.DataFrame(columns=["beta", *GROUP_COLUMNS])
    write_csv(pd.concat(tables, ignore_index=True) if tables else empty, output)


def write_matches(published: list[str], groups: list[list[Group]], steps: int, output: str) -> None:
    """``published``: the file of the published run, or nothing where its numbers are not there."""
    rows = match_rows(read_csv(published[0]), groups, steps) if groups else pd.DataFrame(columns=MATCH_COLUMNS)
    write_csv(rows, output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings, output = snakemake.params.settings, snakemake.output
        values, groups = read_groups(list(snakemake.input.slabs), settings["runs"])
        write_attractors(values, groups, output.attractors)
        if matches := output.get("matches"):
            write_matches(list(snakemake.input.published), groups, settings["spectrum"], matches)
