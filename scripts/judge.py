"""The verdict on every claim of a paper, from its tables alone."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from attention_atlas.claims import claims_table
from attention_atlas.files import read_csv, write_csv
from attention_atlas.pipeline.jobs import job, named_function


def by_name(paths: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Tables by their file names without suffix."""
    return {Path(path).stem: read_csv(path) for path in paths}


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        judge = named_function(snakemake.params.function)
        arguments = dict(snakemake.params.arguments)
        if snakemake.params.judges_published:
            arguments["published"] = by_name(snakemake.input.published)
        write_csv(claims_table(judge(by_name(snakemake.input.tables), **arguments)), snakemake.output[0])
