"""The tables of all seeds, one below the other."""

from collections.abc import Sequence

import pandas as pd

from attention_atlas.files import read_csv, write_csv
from attention_atlas.pipeline.jobs import job


def main(tables: Sequence[str], output: str) -> None:
    write_csv(pd.concat([read_csv(path, ["seed"]) for path in tables], ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.tables, snakemake.output[0])
