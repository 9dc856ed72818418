"""Histogram of the plateaus' cluster numbers against k_max."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.clusters import draw_plateaus
from attention_atlas.pipeline.jobs import job

SUMMARY = ["beta", "fraction_k_max", "fraction_first_k_max", "race_k_max"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        runs = read_csv(snakemake.input.runs, ["beta", "clusters", "first_clusters", "k_max"])
        save_figure(draw_plateaus(runs, read_csv(snakemake.input.summary, SUMMARY)), *snakemake.output)
