"""The claims that come from a paper, of all papers, with what is printed beside what was computed."""

from pathlib import Path

from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.published.printed_numbers import printed_numbers
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        # results/<paper>/claims/claims.csv
        claims = {Path(path).parents[1].name: read_csv(path) for path in snakemake.input.claims}
        write_csv(printed_numbers(claims), snakemake.output[0])
