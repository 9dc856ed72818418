"""Gather seconds and memory of every job of a paper into one table."""

from pathlib import Path

import pandas as pd

import _library  # noqa: F401
from attention_atlas.files import write_csv
from attention_atlas.jobs import job

COLUMNS = ["rule", "job", "seconds", "cpu_seconds", "max_rss_mb"]


def costs(folder: Path, paper: str) -> pd.DataFrame:
    """One row for each job of ``paper`` from Snakemake's benchmark files ``<rule>/<job>.tsv``.

    A job that was over before Snakemake could look at its memory has an empty field there.
    """
    rows = []
    for path in sorted(folder.glob(f"{paper}_*/*.tsv")):
        last = pd.read_csv(path, sep="\t", na_values=["-", "NA"]).iloc[-1]
        rows.append([path.parent.name, path.stem, last["s"], last["cpu_time"], last["max_rss"]])
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(costs(Path(snakemake.params.folder), snakemake.wildcards.paper), snakemake.output[0])
