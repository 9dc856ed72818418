"""Figure 5: errors of four approximations of the minimising densities."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.densities import draw_density_errors
from attention_atlas.pipeline.jobs import job

COLUMNS = ["epsilon", "first_order_printed", "first_order_exact", "guess_printed", "guess_fitted"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        save_figure(draw_density_errors(read_csv(snakemake.input.errors, COLUMNS)), *snakemake.output)
