"""The whole Lyapunov spectrum against the parameter."""

import _library  # noqa: F401
from attention_atlas.drawing.mean_field_diagrams import draw_spectrum
from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        name = "beta" if snakemake.params.parameter == "both" else snakemake.params.parameter
        table = read_csv(snakemake.input.table, [name, "class", "period", "lyapunov_1", "status_1"])
        save_figure(draw_spectrum(name, table), snakemake.output.png, snakemake.output.pdf, dpi=400)
