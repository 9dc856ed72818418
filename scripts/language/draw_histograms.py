"""Draw the histograms of inner products at some layers as small multiples."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.drawing.histograms import draw_histograms
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.densities, ["model", "layer", "inner_product", "density", "low", "high"])
        tokens = snakemake.params.tokens
        pairs = tokens**2 if snakemake.params.self_pairs else tokens * (tokens - 1) // 2
        figure = draw_histograms(table, list(snakemake.params.models), list(snakemake.params.layers), pairs)
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
