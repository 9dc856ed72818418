"""Clusters on spheres: pictures of one run and power per degree of all cases."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.metastability.drawing.fields import draw_spheres
from attention_atlas.pipeline.jobs import job

NAMES = ["dimension", "beta", "times", "positions"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        cases = list(snakemake.params.cases)
        runs = {case: read_npz(path, NAMES) for case, path in zip(cases, snakemake.input.runs, strict=True)}
        powers = read_csv(snakemake.input.powers, ["case", "time_in_units", "degree", "power"])
        rates = read_csv(snakemake.input.rates, ["case", "degree", "share_of_largest", "leading"])
        save_figure(draw_spheres(cases, runs, powers, rates), *snakemake.output)
