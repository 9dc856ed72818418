"""Box counts of the boundaries and the fitted dimensions."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.art.drawing.zoom import draw_dimension
from attention_atlas.pipeline.jobs import job

COLUMNS = ["seed", "box", "count", "slope", "error", "fitted"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        tables = [read_csv(path, COLUMNS) for path in (snakemake.input.shared, snakemake.input.separate)]
        save_figure(draw_dimension(*tables), *snakemake.output)
