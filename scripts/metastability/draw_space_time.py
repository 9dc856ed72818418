"""Space-time pictures of some runs with their cluster numbers."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_npz
from attention_atlas.papers.metastability.drawing.clusters import draw_space_time
from attention_atlas.pipeline.jobs import job

NAMES = ["beta", "log_times", "paths", "plateau_clusters", "plateau_starts", "plateau_ends"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        save_figure(draw_space_time([read_npz(path, NAMES) for path in snakemake.input.runs]), *snakemake.output)
