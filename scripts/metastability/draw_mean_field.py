"""Distance between particles and the continuity equation against the number of particles."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.fields import draw_mean_field_limit
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        distances = read_csv(snakemake.input.distances, ["particles", "distance", "standard_error"])
        times = read_csv(snakemake.input.times, ["particles", "scaled_time", "distance"])
        slope = read_csv(snakemake.input.slope, ["slope", "slope_error", "intercept"])
        save_figure(
            draw_mean_field_limit(distances, times, slope, snakemake.params.settings["beta"]), *snakemake.output
        )
