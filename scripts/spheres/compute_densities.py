"""Figure 5: weights on the circle that minimise the energy for D = diag(1, 1 + epsilon)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.files import write_npz
from attention_atlas.numerics.sweeps import sweep_matrices, sweep_values
from attention_atlas.papers.spheres.exponentiated_gradient import minimising_weights
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], output: str) -> None:
    epsilons = sweep_values(settings["epsilons"])
    flow = minimising_weights(
        sweep_matrices(np.eye(2), 1, 1 + epsilons),
        points=settings["angles"],
        rate=settings["rate"],
        steps=settings["steps"],
        beta=settings["beta"],
        progress=Progress("exponentiated gradient", settings["steps"]),
    )
    write_npz(output, epsilons=epsilons, beta=settings["beta"], **flow._asdict())


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output[0])
