"""Fractions of runs with k_max clusters against the noise of the start."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import most_unstable_degree
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.linear_race import winning_probabilities
from attention_atlas.papers.metastability.plateau_statistics import choose_plateaus
from attention_atlas.papers.metastability.plateaus import Plateau
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], settings: Mapping[str, Any], ratio: float, output: str) -> None:
    rows = []
    for path in paths:
        archive = read_npz(path, ["beta", "plateaus"])
        beta = float(archive["beta"])
        k_max = most_unstable_degree(beta)
        lives = defaultdict(list)
        for position, run, clusters, start, end in archive["plateaus"]:
            lives[int(position), int(run)].append(Plateau(int(clusters), float(start), float(end)))
        for position, equivalent in enumerate(settings["equivalent"]):
            chosen = choose_plateaus([lives[position, run] for run in range(settings["runs"])], ratio)
            rows.append(
                {
                    "beta": beta,
                    "equivalent": equivalent,
                    "k_max": k_max,
                    "runs": settings["runs"],
                    "fraction_first_k_max": (chosen["first_clusters"] == k_max).mean(),
                    "fraction_k_max": (chosen["clusters"] == k_max).mean(),
                    "mean_first_clusters": chosen["first_clusters"].mean(),
                    "mean_clusters": chosen["clusters"].mean(),
                    "race_k_max": winning_probabilities(beta, equivalent)[k_max - 1],
                }
            )
    write_csv(pd.DataFrame(rows), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(list(snakemake.input.runs), params.settings, params.ratio, snakemake.output[0])
