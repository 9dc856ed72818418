"""The random numbers against printed ones."""

from attention_atlas.files import write_csv
from attention_atlas.papers.art.check import compare_random_numbers
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(compare_random_numbers(), snakemake.output[0])
