"""Maps of the cluster number over the parameters of two heads."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.fields import draw_heads
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        maps = read_csv(snakemake.input.maps, ["map", "x", "y", "clusters", "stable_share"])
        save_figure(draw_heads(maps, snakemake.params.settings), *snakemake.output)
