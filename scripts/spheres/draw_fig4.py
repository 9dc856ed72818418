"""Figure 4: ratio of the four particles against delta, one line a step size."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.four import draw_four_ratios
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        ratios = read_csv(snakemake.input.ratios, ["delta", "tau", "mean_tanh_ratio", "converged"])
        save_figure(draw_four_ratios(ratios), *snakemake.output)
