"""How many Rényi and strong centres uniform tokens have, against beta."""

from attention_atlas.files import write_csv
from attention_atlas.papers.studies.causal import parking_table
from attention_atlas.papers.studies.settings import log_values
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        write_csv(parking_table(settings, log_values(settings["betas"])), snakemake.output[0])
