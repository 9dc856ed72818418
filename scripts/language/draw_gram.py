"""Draw the Gram matrices of one prompt at some layers."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_npz
from attention_atlas.papers.language.drawing.tokens import draw_grams
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        models = list(snakemake.params.models)
        grams = read_npz(snakemake.input.grams, ["layers", *models])
        figure = draw_grams(grams, models, grams["layers"].tolist())
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
