"""Figure 4 with steps that are halved until the energy falls."""

from attention_atlas.files import write_csv
from attention_atlas.papers.spheres.halving import halving_table
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(halving_table(snakemake.params.four, snakemake.params.settings), snakemake.output[0])
