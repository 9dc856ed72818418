"""A continuation to the right and to the left under the diagram from the common start."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.mean_field.drawing.studies import draw_continuation
from attention_atlas.pipeline.jobs import job

COLUMNS = ["chain", "start_beta", "direction", "beta", "class", "period"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        source = snakemake.input
        common = read_npz(source.common, ["values", "all", "sliced", "few", "low", "high"])
        followed = read_npz(source.picture, ["chain", "beta", "all", "low", "high"])
        table = read_csv(source.table, COLUMNS)
        for path, interpolation in ((snakemake.output.png, "antialiased"), (snakemake.output.pdf, "none")):
            save_figure(draw_continuation(common, followed, table, interpolation), path, dpi=400)
