"""Staircase: energy of a few particles against log(s)/beta, and the limit of large beta."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.papers.metastability.cluster_flow import cluster_flow
from attention_atlas.papers.metastability.staircase import limit_staircase, order_parameter

__all__ = ["tables"]

# Rows of the table for one beta at most.
ROWS = 2000


def curve(angles: np.ndarray, beta: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Energy against time, and the merges beside their limits."""
    history = cluster_flow(angles, beta)
    energy = order_parameter(history.positions, history.masses, beta)
    finite = np.flatnonzero(np.isfinite(history.log_times))
    kept = finite[:: max(1, len(finite) // ROWS)]
    if len(finite) and kept[-1] != finite[-1]:
        kept = np.append(kept, finite[-1])
    steps = pd.DataFrame(
        {
            "beta": beta,
            "rescaled_time": history.log_times[kept] / beta,
            "energy": energy[kept],
            "status": history.status,
        }
    )
    times, values = limit_staircase(angles)
    merges = pd.DataFrame(
        {
            "beta": beta,
            "merge": np.arange(1, len(history.log_merge_times) + 1),
            "clusters": history.clusters,
            "rescaled_time": history.log_merge_times / beta,
            "limit_time": times[1 : len(history.log_merge_times) + 1],
            "limit_energy": values[1 : len(history.log_merge_times) + 1],
            "largest_fall": max(0.0, float(-np.diff(energy).min())),
            "status": history.status,
        }
    )
    return steps, merges


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    angles = np.array(settings["angles"], dtype=float)
    curves = [curve(angles, beta) for beta in settings["betas"]]
    steps, merges = (pd.concat(parts, ignore_index=True) for parts in zip(*curves, strict=True))
    return {"staircase": steps, "staircase_merges": merges}
