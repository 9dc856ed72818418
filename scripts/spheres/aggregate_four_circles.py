"""Figure 4: the particles of each circle."""

import numpy as np
import pandas as pd

from attention_atlas.dynamics.energy_flow.record import EnergyFlow
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.four_particles import four_particle_table
from attention_atlas.pipeline.jobs import job


def circle_table(runs: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row a particle: circle, delta, tau, particle, x, y, d11, d22, converged, status."""
    flow = EnergyFlow(*(runs[name] for name in EnergyFlow._fields))
    table = four_particle_table(flow, runs["deltas"], runs["step_sizes"], runs["matrices"])
    circles, particles, _ = flow.positions.shape
    each = np.repeat(np.arange(circles), particles)
    return pd.DataFrame(
        {
            "circle": each,
            "delta": runs["deltas"][each],
            "tau": runs["step_sizes"][each],
            "particle": np.tile(np.arange(particles), circles),
            "x": flow.positions[..., 0].ravel(),
            "y": flow.positions[..., 1].ravel(),
            "d11": runs["matrices"][each, 0, 0],
            "d22": runs["matrices"][each, 1, 1],
            "converged": table["converged"].to_numpy()[each],
            "status": table["status"].to_numpy()[each],
        }
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        names = ["deltas", "step_sizes", "matrices", *EnergyFlow._fields]
        write_csv(circle_table(read_npz(snakemake.input.runs, names)), snakemake.output.circles)
