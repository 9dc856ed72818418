"""The particles of each panel as a looping GIF and an MP4; the end is held for a second."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.papers.perspective.drawing.particles import particle_frames
from attention_atlas.papers.perspective.panel_runs import read_panels
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(
    path: str, settings: Mapping[str, Any], animation: Mapping[str, int], gifs: list[str], mp4s: list[str]
) -> None:
    panels, speed = settings["panels"], animation["frames_per_second"]
    progress = Progress("animations", len(panels), "panels")
    runs = read_panels(path, panels)
    for number, (letter, gif, mp4) in enumerate(zip(panels, gifs, mp4s, strict=True)):
        panel = panels[letter]
        name = rf"{settings['flow'].upper()}, $\beta = {panel['beta']:g}$, $n = {panel['particles']}$"
        pictures = list(particle_frames(runs[letter], name, animation["frames"], animation["pixels"]))
        pictures += [pictures[-1]] * speed
        write_gif(gif, pictures, speed)
        write_mp4(mp4, pictures, speed)
        progress(number + 1)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.input.runs,
            snakemake.params.settings,
            snakemake.params.animation,
            list(snakemake.output.gif),
            list(snakemake.output.mp4),
        )
