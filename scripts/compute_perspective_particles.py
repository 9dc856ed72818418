"""Particles on the circle or the sphere: one panel's run, recorded densely at the start and sparsely later."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import _library  # noqa: F401
from attention_atlas.dynamics.clustering_batch import published_step
from attention_atlas.dynamics.self_attention_flow import euler_flow
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.jobs import job

# Records along a run, at steps that grow like a square; traces are drawn through them.
RECORDS = 400


def main(settings: Mapping[str, Any], panel: Mapping[str, Any], dimension: int, letter: str, output: str) -> None:
    quadratic = np.round(panel["steps"] * np.linspace(0, 1, RECORDS) ** 2).astype(int)
    steps = np.unique(np.concatenate([quadratic, panel["snapshots"]]))
    start = random_points(settings["seed"], [ord(letter)], panel["particles"], dimension)
    step_size = published_step(settings["flow"], panel["beta"], settings["step_size"])
    run = euler_flow(start, settings["flow"], panel["beta"], step_size, steps)
    write_npz(output, positions=run.positions[0], steps=steps, times=run.times)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.settings,
            snakemake.params.settings["panels"][snakemake.wildcards.panel],
            int(snakemake.wildcards.dimension),
            snakemake.wildcards.panel,
            snakemake.output[0],
        )
