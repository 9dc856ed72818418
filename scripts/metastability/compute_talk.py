"""A topic of the authors' notebook and talk: call the function that the rule names with the settings of the topic, write its table."""

import importlib

from attention_atlas.files import write_csv
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        module, _, name = snakemake.params.function.partition(":")
        table = getattr(importlib.import_module(f"attention_atlas.{module}"), name)
        write_csv(table(snakemake.params.settings), snakemake.output[0])
