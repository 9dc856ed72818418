"""Linear phase: gains of the modes and fitted rates beside theory."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.theory import draw_linear_phase
from attention_atlas.pipeline.jobs import job

RATES = ["beta", "k", "fitted_rate", "theory", "standard_error", "share_of_largest"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        gains = read_csv(snakemake.input.gains, ["beta", "k", "scaled_time", "gain"])
        save_figure(draw_linear_phase(read_csv(snakemake.input.rates, RATES), gains), *snakemake.output)
