"""The continuity equation beside particles, its checks and its order."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.fields import draw_continuity
from attention_atlas.pipeline.jobs import job

CHECKS = ["scaled_time", "periodic_share", "highest", "k_max", "mass_drift", "lowest"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        densities = read_csv(snakemake.input.densities, ["scaled_time", "theta", "density", "particle_density"])
        order = read_csv(snakemake.input.order, ["cells", "l1_error"])
        figure = draw_continuity(densities, read_csv(snakemake.input.checks, CHECKS), order, snakemake.params.settings)
        save_figure(figure, *snakemake.output)
