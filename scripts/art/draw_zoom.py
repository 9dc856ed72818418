"""Stills of the zoom into a boundary."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_npz
from attention_atlas.papers.art.drawing.zoom import draw_zoom_stills
from attention_atlas.papers.art.zoom import Window
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        arrays = read_npz(snakemake.input.windows, ["windows", "time"])
        windows = [Window(*map(float, bounds)) for bounds in arrays["windows"]]
        save_figure(draw_zoom_stills(windows, arrays["time"]), *snakemake.output, dpi=400)
