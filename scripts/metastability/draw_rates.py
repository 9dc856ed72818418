"""Growth rates of the uniform measure and k_max against beta."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.theory import draw_growth_rates
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        rates = read_csv(snakemake.input.rates, ["d", "beta", "k", "sa_rate"])
        staircase = read_csv(snakemake.input.staircase, ["d", "beta", "k_max", "large_beta_limit"])
        save_figure(draw_growth_rates(rates, staircase), *snakemake.output)
