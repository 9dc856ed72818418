"""Lifetimes of cluster states against beta."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.clusters import draw_lifetimes
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        lifetimes = read_csv(snakemake.input.lifetimes, ["clusters", "beta", "mean_log_lifetime", "log_merging_rate"])
        plateaus = read_csv(snakemake.input.plateaus, ["beta", "clusters", "log_start", "log_end"])
        save_figure(draw_lifetimes(lifetimes, plateaus), *snakemake.output)
