"""Figure 2: one slab of the runs of every delta up the energy.

A slab holds a range of runs of each delta. The start of run r of delta number k is keyed by the
index k * runs + r of the whole sweep, so the number of slabs changes nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.files import write_npz
from attention_atlas.geometry.sphere import random_points
from attention_atlas.numerics.sweeps import sweep_matrices, sweep_values
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def slab_runs(runs: int, slabs: int, slab: int) -> range:
    """Numbers of the runs in one slab; the slabs differ by at most one run."""
    return range(runs * slab // slabs, runs * (slab + 1) // slabs)


def main(settings: Mapping[str, Any], slab: int, output: str) -> None:
    deltas = sweep_values(settings["deltas"])
    matrices = sweep_matrices(settings["D"], settings["delta_axis"], deltas)
    mine = slab_runs(settings["runs"], settings["slabs"], slab)
    delta_index = np.repeat(np.arange(len(deltas)), len(mine))
    run_index = np.tile(np.array(mine), len(deltas))
    keys = delta_index * settings["runs"] + run_index
    steps = settings["steps"]
    flow = energy_flow(
        random_points(settings["seed"], keys, settings["particles"], len(settings["D"])),
        matrices[delta_index],
        step_size=settings["step_size"],
        steps=steps,
        direction="ascent",
        beta=settings["beta"],
        noise=settings["noise"],
        noise_seed=settings["seed"],
        runs=keys,
        energy_steps=[steps],
        side_by_side="runs",
        progress=Progress("ascent", steps),
    )
    write_npz(
        output,
        delta_index=delta_index,
        run_index=run_index,
        positions=flow.positions,
        energies=flow.energies[:, -1],
        status=flow.status,
        failed_step=flow.failed_step,
        worst_change=flow.worst_change,
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, int(snakemake.wildcards.slab), snakemake.output[0])
