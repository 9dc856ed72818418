"""One line for each comparison with published numbers: points, largest and median difference, verdict of the claim."""

from pathlib import Path

import pandas as pd

from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.published.comparison import COMPARISONS, summary_row, summary_table, summary_without
from attention_atlas.pipeline.jobs import job


def main(points: list[str], claims: list[str], output: str) -> None:
    tables = {Path(path).stem: read_csv(path) for path in points}
    if not tables:
        write_csv(summary_table([summary_without(id) for id in COMPARISONS]), output)
        return
    judged = pd.concat([read_csv(path) for path in claims], ignore_index=True).astype(object).fillna("")
    rows = [summary_row(id, tables[id], judged) if id in tables else summary_without(id) for id in COMPARISONS]
    write_csv(summary_table(rows), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.points), list(snakemake.input.claims), snakemake.output[0])
