"""Exit times against the number of particles."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.theory import draw_exit_times
from attention_atlas.pipeline.jobs import job

EXITS = ["beta", "particles", "exit_time", "standard_error", "linear_theory"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        slopes = read_csv(snakemake.input.slopes, ["beta", "slope", "slope_error", "asymptotic_slope"])
        figure = draw_exit_times(read_csv(snakemake.input.exits, EXITS), slopes, snakemake.params.settings)
        save_figure(figure, *snakemake.output)
