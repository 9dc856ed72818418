"""The whole Lyapunov spectrum against the parameter."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.mean_field.drawing.diagrams import draw_spectrum, parameter_column
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        parameter = snakemake.params.parameter
        columns = [parameter_column(parameter), "class", "period", "lyapunov_1", "status_1"]
        table = read_csv(snakemake.input.table, columns)
        save_figure(draw_spectrum(parameter, table), snakemake.output.png, snakemake.output.pdf, dpi=400)
