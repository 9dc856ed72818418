"""The verdict on every claim about the art, from the tables alone."""

from collections.abc import Sequence
from pathlib import Path

from attention_atlas.claims import claims_table
from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.art.claims import claims
from attention_atlas.pipeline.jobs import job


def main(tables: Sequence[str], output: str) -> None:
    write_csv(claims_table(claims({Path(path).stem: read_csv(path) for path in tables})), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.tables, snakemake.output[0])
