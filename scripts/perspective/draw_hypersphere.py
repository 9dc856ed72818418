"""Tangent projections on the sphere, as a still."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.drawing.hypersphere import draw_hypersphere
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        figure = draw_hypersphere(
            read_csv(snakemake.input.table), settings["vector"], settings["flow"], settings["beta"]
        )
        save_figure(figure, *snakemake.output)
