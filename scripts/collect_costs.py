"""Gather seconds and memory of every job of a paper into one table."""

from pathlib import Path

import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.pipeline.jobs import job, usage_from_log

COLUMNS = ["rule", "job", "seconds", "cpu_seconds", "max_rss_mb"]


def costs(folder: Path, logs: Path, paper: str) -> pd.DataFrame:
    """One row for each job of ``paper``: seconds from Snakemake's benchmark files ``<rule>/<job>.tsv``, the rest from its log.

    Snakemake looks at a job twice a second, so its numbers, taken where there is no log, miss much of a short job and all of one
    that is a fork.
    """
    rows = []
    for path in sorted(folder.glob(f"{paper}_*/*.tsv")):
        last = pd.read_csv(path, sep="\t", na_values=["-", "NA"]).iloc[-1]
        used = usage_from_log(path, logs) or (last["cpu_time"], last["max_rss"])
        rows.append([path.parent.name, path.stem, last["s"], *used])
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(
            costs(Path(snakemake.params.folder), Path(snakemake.params.logs), snakemake.wildcards.paper),
            snakemake.output[0],
        )
