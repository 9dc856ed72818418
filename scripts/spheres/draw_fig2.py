"""Figure 2: outcome of the ascent against delta."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.split import draw_split_outcomes
from attention_atlas.pipeline.jobs import job

COLUMNS = ["delta", "single", "antipodal", "other", "mean_energy", "top_dirac_energy", "mean_min_abs_inner", "blew_up"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        save_figure(draw_split_outcomes(read_csv(snakemake.input.outcomes, COLUMNS)), *snakemake.output)
