"""Figure 4: the four particles at the end of some descents."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.four import draw_four_circles
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        columns = ["circle", "delta", "tau", "x", "y", "d11", "d22", "converged"]
        save_figure(draw_four_circles(read_csv(snakemake.input.circles, columns)), *snakemake.output)
