"""Draw what each block does alone."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.drawing.depth import draw_blocks
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.depth, ["model", "schedule", "layer", "components"])
        save_figure(draw_blocks(table, list(snakemake.params.models)), snakemake.output.png, snakemake.output.pdf)
