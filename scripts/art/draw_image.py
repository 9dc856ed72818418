"""One image as published."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.papers.art.drawing.images import PIXELS_PER_INCH, draw_published
from attention_atlas.papers.art.files import read_array
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        converged = read_array(snakemake.input.arrays, "converged")
        figure = draw_published(converged, settings["orientation"], settings["largest_picture"])
        save_figure(figure, snakemake.output.png, snakemake.output.pdf, dpi=PIXELS_PER_INCH)
