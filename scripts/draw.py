"""Draw a figure: call the function that its row names, save what it returns in the formats that the row names."""

import importlib

from attention_atlas.drawing.output import save
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        module, _, name = snakemake.params.function.partition(":")
        function = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
        tables = {key: paths for key, paths in snakemake.input.items() if key != "library"}
        save(function(**tables, **snakemake.params.arguments), list(snakemake.output))
