"""Draw a figure: call the function that its row names, save what it returns in the formats that the row names."""

import importlib

from attention_atlas.drawing.output import save
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        module, _, name = snakemake.params.function.partition(":")
        function = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
        save(function(**dict(snakemake.input.items()), **snakemake.params.arguments), list(snakemake.output))
