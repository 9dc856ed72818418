"""Figure 2: three circles coloured by <x, Dx>."""

import numpy as np

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.split import draw_split_circles
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        circles = read_csv(snakemake.input.circles, ["configuration", "x", "y", "weight", "energy"])
        save_figure(draw_split_circles(circles, np.array(snakemake.params.D, dtype=float)), *snakemake.output)
