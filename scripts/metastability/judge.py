"""The verdict on every claim about metastable clusters, from the tables alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attention_atlas.claims import claims_table
from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.metastability.claims import claims
from attention_atlas.pipeline.jobs import job


def main(tables: list[str], settings: Mapping[str, Any], output: str) -> None:
    write_csv(claims_table(claims({Path(path).stem: read_csv(path) for path in tables}, settings)), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.tables), snakemake.params.settings, snakemake.output[0])
