"""Outcomes of the ascent on Figure 2 of arXiv 2501.03096: one cluster, an antipodal pair, or something else."""

import numpy as np
import pandas as pd

from attention_atlas.geometry.sphere import cluster_centres, cluster_labels
from attention_atlas.papers.spheres.theory import top_dirac_energy

__all__ = ["OUTCOMES", "min_abs_inner", "outcome", "outcome_table", "sweep_row"]

OUTCOMES = ("single", "antipodal", "other")


def outcome(points: np.ndarray, cluster_distance: float) -> str:
    """What a run of points (n, d) ended in.

    Clusters are chains of points no more than ``cluster_distance`` apart. 'single': one of them;
    'antipodal': two, the mean direction of one within ``cluster_distance`` of the other's opposite.
    """
    labels = cluster_labels(points, cluster_distance)
    if labels.max() == 0:
        return "single"
    if labels.max() == 1:
        first, second = cluster_centres(points, labels)
        if np.linalg.norm(first + second) <= cluster_distance:
            return "antipodal"
    return "other"


def min_abs_inner(points: np.ndarray) -> np.ndarray:
    """Smallest |<x_i, x_j>| over the pairs of points (..., n, d): 1 if all lie on one line."""
    return np.abs(points @ np.swapaxes(points, -1, -2)).min(axis=(-2, -1))


def outcome_table(positions: np.ndarray, cluster_distance: float, status: np.ndarray | None = None) -> pd.DataFrame:
    """Outcome of each run of positions (R, n, d).

    Columns outcome ('single', 'antipodal', 'other', or the status of a run that is not 'ok') and min_abs_inner
    (empty for those).
    """
    runs = len(positions)
    good = np.full(runs, True) if status is None else np.asarray(status) == "ok"
    names = [outcome(points, cluster_distance) if ok else "" for points, ok in zip(positions, good, strict=True)]
    if status is not None:
        names = [name or str(why) for name, why in zip(names, status, strict=True)]
    inner = np.array([min_abs_inner(points) for points in positions])
    return pd.DataFrame({"outcome": names, "min_abs_inner": np.where(good, inner, np.nan)})


def sweep_row(delta: float, outcomes: pd.DataFrame, energies: np.ndarray, matrix: np.ndarray, beta: float) -> dict:
    """One row of fig2.csv from the runs of one delta.

    Counts single, antipodal, other and blew_up (every run that failed); means over the good runs.
    """
    counts = {name: int((outcomes["outcome"] == name).sum()) for name in OUTCOMES}
    good = outcomes["outcome"].isin(OUTCOMES).to_numpy()
    return {
        "delta": delta,
        **counts,
        "blew_up": int((~good).sum()),
        "mean_energy": float(np.mean(energies[good])) if good.any() else np.nan,
        "top_dirac_energy": top_dirac_energy(matrix, beta),
        "mean_min_abs_inner": float(outcomes["min_abs_inner"].mean()) if good.any() else np.nan,
        "min_min_abs_inner": float(outcomes["min_abs_inner"].min()) if good.any() else np.nan,
    }
