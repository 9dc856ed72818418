"""Lifetime of the state of k equal clusters at equal angles, displaced a little, against beta."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.metastability.cluster_flow import cluster_flow
from attention_atlas.papers.metastability.cluster_states import merging_rate
from attention_atlas.papers.metastability.line_fits import fit_line
from attention_atlas.progress import Progress

__all__ = ["tables"]


def first_merge(clusters: int, beta: float, settings: Mapping[str, Any], run: int) -> tuple[float, str]:
    """log s of the first merge and how the run ended. The displacements are keyed by (seed, clusters, run)."""
    key = np.random.SeedSequence([settings["seed"], clusters, run])
    moves = np.random.Generator(np.random.Philox(key)).standard_normal(clusters) * settings["perturbation"]
    history = cluster_flow(2 * np.pi * np.arange(clusters) / clusters + moves, beta)
    merges = history.log_merge_times
    return (float(merges[0]) if len(merges) else np.nan), history.status


def lifetime_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    betas, rows = sweep_values(settings["betas"]), []
    progress = Progress("lifetimes", len(settings["clusters"]) * len(betas), "values")
    for clusters in settings["clusters"]:
        for beta in betas:
            found = [first_merge(clusters, float(beta), settings, run) for run in range(settings["runs"])]
            logs = np.array([log for log, _ in found])
            kept = logs[np.isfinite(logs)]
            rows.append(
                {
                    "clusters": clusters,
                    "beta": beta,
                    "mean_log_lifetime": kept.mean() if len(kept) else np.nan,
                    "standard_error": kept.std(ddof=1) / np.sqrt(len(kept)) if len(kept) > 1 else np.nan,
                    "log_merging_rate": np.log(merging_rate(float(beta), clusters)),
                    "runs": len(logs),
                    "without_merge": int(len(logs) - len(kept)),
                }
            )
            progress(len(rows))
    return pd.DataFrame(rows)


def slope_table(table: pd.DataFrame) -> pd.DataFrame:
    """Slope of the log lifetime against beta in the upper half of the sweep, beside two theories.

    ``rate_slope`` is the slope of -log(merging rate) fitted over the same points, ``limit_slope`` is 1 - cos(2 pi / k).
    They differ because the rate is beta e^{-beta (1 - cos)} times a constant for k ≥ 3 (and e^{-2 beta} for k = 2).
    """
    rows = []
    for clusters, group in table.groupby("clusters"):
        upper = group[(group["beta"] >= group["beta"].median()) & np.isfinite(group["standard_error"])]
        if len(upper) < 2:
            continue
        fit = fit_line(upper["beta"], upper["mean_log_lifetime"], upper["standard_error"])
        rate = fit_line(upper["beta"], -upper["log_merging_rate"], upper["standard_error"])
        limit = 1 - np.cos(2 * np.pi / clusters)
        rows.append({"clusters": clusters, **fit._asdict(), "rate_slope": rate.slope, "limit_slope": limit})
    return pd.DataFrame(rows)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    lifetimes = lifetime_table(settings)
    return {"plateau_lifetime": lifetimes, "plateau_lifetime_slopes": slope_table(lifetimes)}
