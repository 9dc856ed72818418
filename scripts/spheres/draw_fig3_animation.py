"""Figure 3: a descent as a looping GIF and an MP4; the end is held for a second."""

from collections.abc import Mapping

import numpy as np

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.dynamics.energy_flow.flow import interaction_energy
from attention_atlas.files import read_npz
from attention_atlas.geometry.sphere import principal_projection
from attention_atlas.papers.spheres.drawing.ends import animation_frames
from attention_atlas.pipeline.jobs import job


def main(path: str, animation: Mapping[str, int], gif: str, mp4: str) -> None:
    archive = read_npz(path, ["matrix", "beta", "frames", "frame_steps"])
    positions = archive["frames"][:, 0]
    energies = interaction_energy(positions, archive["matrix"], float(archive["beta"]))
    # the axes of the end: one projection for the whole film
    axes = principal_projection(positions[-1], 3)[1]
    drawn = positions @ axes.T if positions.shape[-1] > 3 else positions
    pictures = list(
        animation_frames(
            drawn, archive["frame_steps"].tolist(), energies.tolist(), archive["matrix"], animation["pixels"]
        )
    )
    speed = animation["frames_per_second"]
    pictures += [pictures[-1]] * speed
    write_gif(gif, pictures, speed)
    write_mp4(mp4, pictures, speed)
    print(f"{len(np.unique(archive['frame_steps']))} frames at {speed} a second")


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.run, snakemake.params.animation, snakemake.output.gif, snakemake.output.mp4)
