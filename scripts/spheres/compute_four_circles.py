"""Figure 4: descents for the circles, and one whose step is too long."""

import numpy as np

from attention_atlas.papers.spheres.four_descents import descend, write_runs
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        circles = snakemake.params.circles
        deltas = np.append(circles["deltas"], circles["bad_delta"])
        step_sizes = np.append(circles["step_sizes"], circles["bad_step_size"])
        runs = descend(snakemake.params.settings, deltas, step_sizes, snakemake.params.frames)
        write_runs(snakemake.output[0], deltas, step_sizes, *runs)
