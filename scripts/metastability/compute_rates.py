"""Growth rates of the uniform measure and the staircase k_max(beta): closed forms."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import (
    growth_rates,
    large_beta_cluster_number,
    largest_growth_rate,
    most_unstable_degree,
    selfattention_growth_rates,
)
from attention_atlas.files import write_csv
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.pipeline.jobs import job


def rate_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """One row for each d, beta and degree k; ``rate`` per unit of ordinary time, ``scaled_rate`` of s = e^beta t."""
    degrees = np.arange(1, settings["modes"] + 1)
    frames = []
    for dimension in settings["dimensions"]:
        for beta in sweep_values(settings["betas"]):
            scaled = growth_rates(degrees, beta, dimension)
            columns = {
                "d": dimension,
                "beta": beta,
                "k": degrees,
                "rate": scaled * np.exp(beta),
                "scaled_rate": scaled,
                "sa_rate": selfattention_growth_rates(degrees, beta, dimension),
            }
            frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def staircase_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "d": dimension,
            "beta": beta,
            "k_max": most_unstable_degree(beta, dimension),
            "scaled_rate": largest_growth_rate(beta, dimension),
            "large_beta_limit": large_beta_cluster_number(beta, dimension),
        }
        for dimension in settings["dimensions"]
        for beta in sweep_values(settings["staircase_betas"])
    ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(rate_table(snakemake.params.settings), snakemake.output.rates)
        write_csv(staircase_table(snakemake.params.settings), snakemake.output.staircase)
