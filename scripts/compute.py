"""Tables that one function makes of the configuration: call the function that the row names, write what it returns."""

import importlib
from pathlib import Path

import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        module, _, name = snakemake.params.function.partition(":")
        found = getattr(importlib.import_module(f"attention_atlas.{module}"), name)(**snakemake.params.arguments)
        tables = {Path(snakemake.output[0]).stem: found} if isinstance(found, pd.DataFrame) else found
        for path in snakemake.output:
            write_csv(tables[Path(path).stem], path)
