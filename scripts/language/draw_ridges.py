"""Draw the histograms of inner products of all layers as ridges, coloured by depth."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.drawing.histograms import draw_ridges
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.densities, ["model", "layer", "inner_product", "density"])
        described = read_csv(snakemake.input.models, ["model", "layers"]).set_index("model")
        figure = draw_ridges(table, list(snakemake.params.models), int(described.loc["minilm", "layers"]))
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
