"""Staircase of the energy and its distance to the limit of large beta."""

import numpy as np

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.clusters import draw_staircase
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        steps = read_csv(snakemake.input.steps, ["beta", "rescaled_time", "energy"])
        merges = read_csv(snakemake.input.merges, ["beta", "merge", "rescaled_time", "limit_time"])
        angles = np.array(snakemake.params.settings["angles"], dtype=float)
        save_figure(draw_staircase(steps, merges, angles), *snakemake.output)
