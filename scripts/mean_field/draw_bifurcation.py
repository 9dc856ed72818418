"""A bifurcation diagram over its Lyapunov exponents: pixels for the PNG, every value for the PDF."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.mean_field.drawing.diagrams import draw_bifurcation, parameter_column
from attention_atlas.pipeline.jobs import job

ARRAYS = ["values", "all", "sliced", "few", "low", "high"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        picture = read_npz(snakemake.input.picture, ARRAYS)
        table = read_csv(
            snakemake.input.table, [parameter_column(settings["parameter"]), "class", "period", "lyapunov_1"]
        )
        for path, interpolation in ((snakemake.output.png, "antialiased"), (snakemake.output.pdf, "none")):
            figure = draw_bifurcation(settings["parameter"], picture, table, settings["half_width"], interpolation)
            save_figure(figure, path, dpi=400)
