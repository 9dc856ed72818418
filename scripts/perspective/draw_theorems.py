"""The clustering theorems in numbers."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.drawing.lines import draw_theorems
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        figure = draw_theorems(
            read_csv(snakemake.input.zero_beta, ["dimension", "time", "collapsed"]),
            read_csv(snakemake.input.hemisphere, ["beta", "time", "low", "median", "high"]),
            read_csv(snakemake.input.rates, ["beta", "rate"]),
            read_csv(snakemake.input.high_dimension, ["dimension", "time", "mean", "spread", "reduced"]),
        )
        save_figure(figure, *snakemake.output)
