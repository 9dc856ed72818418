"""The verdict on every claim of the spheres, from the tables alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from attention_atlas.claims import claims_table
from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.spheres.claims import claims
from attention_atlas.pipeline.jobs import job


def by_name(paths: list[str]) -> dict[str, pd.DataFrame]:
    return {Path(path).stem: read_csv(path) for path in paths}


def main(tables: list[str], published: list[str], settings: Mapping[str, Any], output: str) -> None:
    write_csv(claims_table(claims(by_name(tables), by_name(published), settings)), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        tables, published = list(snakemake.input.tables), list(snakemake.input.published)
        main(tables, published, snakemake.params.settings, snakemake.output[0])
