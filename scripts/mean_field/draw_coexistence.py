"""Shares and exponents of the attractors that nearly equal starts end on."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.mean_field.drawing.studies import draw_coexistence
from attention_atlas.pipeline.jobs import job

COLUMNS = ["beta", "runs", "late_runs", "share", "class", "period", "lyapunov_1"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.table, COLUMNS)
        matches = read_csv(snakemake.input.matches, ["beta", "kind", "published_1"])
        save_figure(draw_coexistence(table, matches), *snakemake.output)
