"""One comparison: published numbers, ours on them, and the differences below."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.published.drawing.overlays import VIEWS, draw_overlay
from attention_atlas.papers.published.points import POINT_COLUMNS
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        points = read_csv(snakemake.input.points, POINT_COLUMNS)
        save_figure(draw_overlay(points, VIEWS[snakemake.wildcards.comparison]), *snakemake.output)
