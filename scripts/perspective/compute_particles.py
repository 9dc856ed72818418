"""Particles on the circle or the sphere: the runs of all panels, recorded densely at the start and sparsely later."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.clustering.batch import published_step
from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.pipeline.jobs import job

# Records along a run, at steps that grow like a square; traces are drawn through them.
RECORDS = 400


def one_panel(settings: Mapping[str, Any], letter: str, dimension: int) -> dict[str, np.ndarray]:
    """Positions (records, n, d), steps and times; the start is keyed by the panel's letter."""
    panel = settings["panels"][letter]
    quadratic = np.round(panel["steps"] * np.linspace(0, 1, RECORDS) ** 2).astype(int)
    steps = np.unique(np.concatenate([quadratic, panel["snapshots"]]))
    start = random_points(settings["seed"], [ord(letter)], panel["particles"], dimension)
    step_size = published_step(settings["flow"], panel["beta"], settings["step_size"])
    run = euler_flow(start, settings["flow"], panel["beta"], step_size, steps)
    return {"positions": run.positions[0], "steps": steps, "times": run.times}


def main(settings: Mapping[str, Any], dimension: int, output: str) -> None:
    arrays: dict[str, Any] = {}
    for letter in settings["panels"]:
        run = one_panel(settings, letter, dimension)
        arrays |= {f"{letter}_{name}": values for name, values in run.items()}
    write_npz(output, **arrays)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.dimension), snakemake.output[0])
