"""Film of one run on the sphere, with the power in each degree."""

from collections.abc import Mapping

import numpy as np

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.files import read_npz
from attention_atlas.papers.metastability.drawing.fields import animation_frames
from attention_atlas.pipeline.jobs import job


def chosen_frames(times: np.ndarray, count: int) -> np.ndarray:
    """Observations nearest to times equally spaced in sqrt(time): the beginning is fast, the waits are long."""
    wanted = np.linspace(0, np.sqrt(times[-1]), count) ** 2
    return np.unique([int(np.abs(times - time).argmin()) for time in wanted])


def main(path: str, animation: Mapping[str, int], gif: str, mp4: str) -> None:
    archive = read_npz(path, ["dimension", "beta", "times", "positions", "powers"])
    times = archive["times"] * largest_growth_rate(float(archive["beta"]), int(archive["dimension"]))
    frames = chosen_frames(times, animation["frames"])
    pictures = list(
        animation_frames(archive["positions"][frames], times[frames], archive["powers"][0, frames], animation["pixels"])
    )
    speed = animation["frames_per_second"]
    pictures += [pictures[-1]] * speed
    write_gif(gif, pictures, speed)
    write_mp4(mp4, pictures, speed)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.run, snakemake.params.animation, snakemake.output.gif, snakemake.output.mp4)
