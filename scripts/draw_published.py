"""One comparison: published numbers, ours on them, and the differences below."""

import _library  # noqa: F401
from attention_atlas.analysis.published_points import POINT_COLUMNS
from attention_atlas.drawing.published_overlays import VIEWS, draw_overlay
from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        points = read_csv(snakemake.input.points, POINT_COLUMNS)
        save_figure(draw_overlay(points, VIEWS[snakemake.wildcards.comparison]), *snakemake.output)
