"""Draw a figure: call the function that its row names, save what it returns in the formats that the row names."""

from attention_atlas.drawing.output import save
from attention_atlas.pipeline.jobs import job, named_function

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        draw = named_function(snakemake.params.function)
        save(draw(**dict(snakemake.input.items()), **snakemake.params.arguments), list(snakemake.output))
