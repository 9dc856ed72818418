"""Figure 5: the best exponent for each epsilon beside the printed formula."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.densities import draw_upsilon
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        upsilon = read_csv(snakemake.input.upsilon, ["epsilon", "fitted", "quadratic", "printed", "slope_line"])
        save_figure(draw_upsilon(upsilon), *snakemake.output)
