"""Figure 4: four particles down the energy, every delta with every step size."""

import numpy as np

from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.spheres.four_descents import descend, write_runs
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        four = snakemake.params.settings
        pairs = np.array([(delta, tau) for tau in four["step_sizes"] for delta in sweep_values(four["deltas"])])
        write_runs(snakemake.output[0], pairs[:, 0], pairs[:, 1], *descend(four, pairs[:, 0], pairs[:, 1]))
