"""Draw the tokens of one prompt in their first three principal components at some layers."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.drawing.tokens import draw_token_views
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.tokens, ["model", "layer", "cluster", "p1", "p2", "p3"])
        figure = draw_token_views(table, list(snakemake.params.models), list(snakemake.params.layers))
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
