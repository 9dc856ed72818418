"""Cluster numbers of plateaus over many starts, against k_max and the race of the modes."""

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate, most_unstable_degree
from attention_atlas.papers.metastability.linear_race import winning_probabilities
from attention_atlas.papers.metastability.plateaus import Plateau

__all__ = ["choose_plateaus", "plateau_summary"]

NONE = 0


def _lasts(plateau: Plateau, ratio: float) -> bool:
    return plateau.end - plateau.start >= np.log(ratio)


def choose_plateaus(lives: list[list[Plateau]], ratio: float) -> pd.DataFrame:
    """For each run (plateaus in log time): the first number, the plateau, and the longest-lived number in log time.

    The plateau is the first number that holds until ``ratio`` times its own start. The single cluster at the end,
    which lasts for ever, is the plateau only if nothing before it was one; it never counts as the longest.
    """
    rows = []
    for life in lives:
        plateau = next((one for one in life if _lasts(one, ratio)), None)
        passing = [one for one in life if np.isfinite(one.end)]
        longest = max(passing, key=lambda one: one.end - one.start, default=None)
        rows.append(
            {
                "clusters": plateau.clusters if plateau else NONE,
                "first_clusters": life[0].clusters if life else NONE,
                "longest_clusters": longest.clusters if longest else NONE,
                "log_start": plateau.start if plateau else np.nan,
                "log_end": plateau.end if plateau else np.nan,
            }
        )
    return pd.DataFrame(rows)


def plateau_summary(table: pd.DataFrame, particles: int) -> pd.DataFrame:
    """One row a beta: fractions of runs with k_max clusters (at first, on the plateau, longest), and the race's prediction.

    ``table`` holds beta, clusters, first_clusters, longest_clusters, k_max, log_start, log_end, status.
    """
    rows = []
    for beta, group in table.groupby("beta"):
        k_max = most_unstable_degree(float(beta))
        judged = group[group["clusters"] != NONE]
        share = {name: (judged[name] == k_max).mean() for name in ("clusters", "first_clusters", "longest_clusters")}
        lifetimes = np.exp(judged["log_end"]) - np.exp(judged["log_start"])
        rows.append(
            {
                "beta": beta,
                "k_max": k_max,
                "runs": len(group),
                "without_plateau": int((group["clusters"] == NONE).sum()),
                "fraction_k_max": share["clusters"],
                "fraction_first_k_max": share["first_clusters"],
                "fraction_longest_k_max": share["longest_clusters"],
                "fraction_within_one": (np.abs(judged["clusters"] - k_max) <= 1).mean(),
                "mean_clusters": judged["clusters"].mean(),
                "most_frequent": int(judged["clusters"].mode().iloc[0]) if len(judged) else NONE,
                "race_k_max": winning_probabilities(float(beta), particles)[k_max - 1],
                "median_start": np.exp(judged["log_start"]).median() * largest_growth_rate(float(beta)),
                "median_lifetime": lifetimes.median() * largest_growth_rate(float(beta)),
            }
        )
    return pd.DataFrame(rows)
