"""Tables of particles and runs from the raw results of flows on the sphere."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from attention_atlas.geometry.sphere import cluster_centres, cluster_labels, principal_projection

__all__ = ["cluster_table", "energy_histories", "particle_table", "run_statuses", "run_table"]

# d > 3 is drawn along the three principal axes; d = 2 lies in the plane z = 0.
DRAWN = 3

# Relative change of an energy that is rounding only.
ROUNDING = 1e-9

Archive = Mapping[str, np.ndarray]


def run_statuses(archive: Archive) -> np.ndarray:
    """Status of each run, (R,): that of the flow, or 'energy_blew_up'.

    Steps that are too long raise the energy of a descent instead of lowering it (and the other way round for an ascent)
    although every number stays finite: such an end is no minimiser and is not drawn.
    """
    start, end = archive["energies"][:, 0], archive["energies"][:, -1]
    descent = str(archive["direction"]) == "descent"
    with np.errstate(invalid="ignore"):
        wrong = end > start * (1 + ROUNDING) if descent else end < start * (1 - ROUNDING)
    return np.where((archive["status"] == "ok") & wrong, "energy_blew_up", archive["status"])


def _coordinates(points: np.ndarray, axes: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Columns x, y, z of points (m, d), projected on ``axes`` (3, d) if d > 3."""
    drawn = points if axes is None else points @ axes.T
    padded = np.pad(drawn, ((0, 0), (0, DRAWN - drawn.shape[1])))
    return dict(zip("xyz", padded.T, strict=True))


def _axes(archive: Archive) -> np.ndarray | None:
    """Principal axes of all points of the archive that are drawn, or None if d <= 3."""
    good = archive["positions"][run_statuses(archive) == "ok"]
    if archive["matrix"].shape[0] <= DRAWN or not good.size:
        return None
    return principal_projection(good, DRAWN)[1]


def _form(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return np.einsum("...i,ij,...j->...", points, matrix, points)


def particle_table(archive: Archive, panel: str) -> pd.DataFrame:
    """End of each particle of each run that is 'ok': panel, run, particle, x, y, z, quadratic_form <x, Dx>, abs_inner_top.

    ``abs_inner_top`` is |<x, e>| with e the eigenvector of the largest eigenvalue of D.
    """
    matrix = archive["matrix"]
    good = np.flatnonzero(run_statuses(archive) == "ok")
    points = archive["positions"][good]
    runs, particles, dimension = points.shape
    flat = points.reshape(-1, dimension)
    top = np.linalg.eigh(matrix)[1][:, -1]
    return pd.DataFrame(
        {
            "panel": panel,
            "run": np.repeat(good, particles),
            "particle": np.tile(np.arange(particles), runs),
            **_coordinates(flat, _axes(archive)),
            "quadratic_form": _form(flat, matrix),
            "abs_inner_top": np.abs(flat @ top),
        }
    )


def run_table(archive: Archive, panel: str) -> pd.DataFrame:
    """Parameters, status (``run_statuses``) and moments of each run; numbers of a failed run are empty.

    Columns: panel, run, particles, dimension, beta, step_size, steps, status, failed_step (-1: none), energy, worst_change,
    mean_norm |1/n sum x|, second_moment_error (Frobenius distance of 1/n sum x x^T from I/d), max_abs_form.
    """
    points, status = archive["positions"], run_statuses(archive)
    good = status == "ok"
    runs, particles, dimension = points.shape
    moments = np.einsum("rni,rnj->rij", points, points) / particles - np.eye(dimension) / dimension
    numbers = {
        "energy": archive["energies"][:, -1],
        "worst_change": archive["worst_change"],
        "mean_norm": np.linalg.norm(points.mean(axis=1), axis=-1),
        "second_moment_error": np.linalg.norm(moments, axis=(1, 2)),
        "max_abs_form": np.abs(_form(points, archive["matrix"])).max(axis=1),
    }
    return pd.DataFrame(
        {
            "panel": panel,
            "run": np.arange(runs),
            "particles": particles,
            "dimension": dimension,
            "beta": float(archive["beta"]),
            "step_size": float(archive["step_size"]),
            "steps": int(archive["energy_steps"][-1]),
            "status": status,
            "failed_step": archive["failed_step"],
            **{name: np.where(good, values, np.nan) for name, values in numbers.items()},
        }
    )


def energy_histories(archive: Archive, panel: str) -> pd.DataFrame:
    """Columns panel, run, step, energy of all runs; steps after a failure are left out."""
    steps, energies = archive["energy_steps"], archive["energies"]
    table = pd.DataFrame(
        {
            "panel": panel,
            "run": np.repeat(np.arange(len(energies)), len(steps)),
            "step": np.tile(steps, len(energies)),
            "energy": energies.ravel(),
        }
    )
    return table[np.isfinite(table["energy"])].reset_index(drop=True)


def cluster_table(archive: Archive, panel: str, distance: float) -> pd.DataFrame:
    """Clusters at the end of each run that is 'ok': panel, run, cluster, particles, x, y, z, quadratic_form."""
    axes = _axes(archive)
    rows = []
    for run in np.flatnonzero(run_statuses(archive) == "ok"):
        points = archive["positions"][run]
        labels = cluster_labels(points, distance)
        centres = cluster_centres(points, labels)
        rows.append(
            pd.DataFrame(
                {
                    "panel": panel,
                    "run": run,
                    "cluster": np.arange(len(centres)),
                    "particles": np.bincount(labels),
                    **_coordinates(centres, axes),
                    "quadratic_form": _form(centres, archive["matrix"]),
                }
            )
        )
    columns = ["panel", "run", "cluster", "particles", "x", "y", "z", "quadratic_form"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
