"""Least energy of a few Diracs on the circle."""

from attention_atlas.files import write_csv
from attention_atlas.papers.spheres.diracs import dirac_tables
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        for table, path in zip(dirac_tables(snakemake.params.settings), snakemake.output, strict=True):
            write_csv(table, path)
