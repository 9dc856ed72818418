"""Figure 5: minimising densities over (angle, epsilon)."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.densities import draw_density_waterfall
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        weights = read_csv(snakemake.input.weights, ["epsilon", "angle", "weight"])
        save_figure(draw_density_waterfall(weights), *snakemake.output)
