"""The zoom into a boundary as GIF and MP4."""

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.files import read_npz
from attention_atlas.papers.art.drawing.zoom import zoom_frames
from attention_atlas.papers.art.zoom import Window
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        arrays = read_npz(snakemake.input.windows, ["windows", "time"])
        windows = [Window(*map(float, bounds)) for bounds in arrays["windows"]]
        frames = list(zoom_frames(windows, arrays["time"], settings["iterations"]))
        write_gif(snakemake.output.gif, frames, snakemake.params.frames_per_second)
        write_mp4(snakemake.output.mp4, frames, snakemake.params.frames_per_second)
