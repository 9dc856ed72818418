"""The reduced equation and the boundaries of the phase diagrams."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.drawing.phase import draw_phase_curve
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        figure = draw_phase_curve(
            {
                "sa": read_csv(snakemake.input.curve, ["time", "beta"]),
                "usa": read_csv(snakemake.input.curve_usa, ["time", "beta"]),
            },
            read_csv(snakemake.input.boundaries, ["flow", "dimension", "beta", "half_time", "last_time"]),
            read_csv(snakemake.input.solutions, ["flow", "beta", "time", "inner_product"]),
        )
        save_figure(figure, *snakemake.output)
