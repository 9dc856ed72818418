"""Space-time pictures: the plateaus of the drawn runs as a table."""

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate, most_unstable_degree
from attention_atlas.files import read_npz, write_csv
from attention_atlas.pipeline.jobs import job

NAMES = ["beta", "plateau_clusters", "plateau_starts", "plateau_ends", "log_condensed", "status"]


def main(paths: list[str], output: str) -> None:
    frames = []
    for path in paths:
        archive = read_npz(path, NAMES)
        beta = float(archive["beta"])
        columns = {
            "beta": beta,
            "k_max": most_unstable_degree(beta),
            "clusters": archive["plateau_clusters"],
            "log_start": archive["plateau_starts"],
            "log_end": archive["plateau_ends"],
            "log_unit": -np.log(largest_growth_rate(beta)),
            "status": str(archive["status"][0]),
        }
        frames.append(pd.DataFrame(columns))
    write_csv(pd.concat(frames, ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.runs), snakemake.output[0])
