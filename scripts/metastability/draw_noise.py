"""Fraction of runs with k_max clusters against the noise of the start."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.clusters import draw_noise
from attention_atlas.pipeline.jobs import job

COLUMNS = ["beta", "equivalent", "k_max", "fraction_first_k_max", "fraction_k_max", "race_k_max"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        save_figure(draw_noise(read_csv(snakemake.input.noise, COLUMNS)), *snakemake.output)
