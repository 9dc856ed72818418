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
from attention_atlas.numerics.sweeps import sweep_values

__all__ = ["tables"]


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


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    return {"growth_rates": rate_table(settings), "k_max": staircase_table(settings)}
