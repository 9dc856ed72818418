"""Where uniform points go under x -> Dx / |Dx|: sampled beside the closed form."""

from attention_atlas.files import write_csv
from attention_atlas.papers.spheres.pushforward import pushforward_table
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(pushforward_table(snakemake.params.settings), snakemake.output[0])
