"""Attention without normalisation: polytopes, hyperplanes, and the rank of the attention matrix."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.emergence import (
    attention_matrix,
    boundary_distance,
    hull_violation,
    leading_coordinates,
    limit_table,
    line_groups,
    one_dimension_row,
)

__all__ = ["tables"]

FREE: dict[str, Any] = {"space": "free", "normalisation": "rescaled", "beta": 1.0, "observe": ["positions"]}


def rescaled(starts: np.ndarray, value: np.ndarray, times: Any, **method: Any) -> np.ndarray:
    """z (R, T, n, d)."""
    return attention_flow(starts, value=value, times=times, **FREE, **method).positions


def box(settings: Mapping[str, Any], dimension: int, runs: int) -> np.ndarray:
    """Uniform starts in a cube."""
    return token_starts(
        "box", tokens=settings["tokens"], dimension=dimension, runs=runs, seed=settings["seed"], half_width=settings["half_width"]
    )  # fmt: skip


def panel_tables(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paths of one start for each matrix by the authors' step with true Runge-Kutta, and how far frozen attention leads away."""
    paths, frozen = [], []
    times = np.arange(0, settings["last_time"] + 1e-9, settings["step"])
    for name, rows in settings["values"].items():
        value = np.array(rows, dtype=float)
        starts = box(settings, len(value), 1)
        found = rescaled(starts, value, times, method="rk4", step=settings["step"])[0]
        other = rescaled(starts, value, times, method="rk4_frozen", step=settings["step"])[0]
        frozen.append({"panel": name, "difference": np.linalg.norm(found[-1] - other[-1], axis=1).max()})
        for time, points in zip(times, found, strict=True):
            coordinates = {f"z{k + 1}": points[:, k] for k in range(len(value))}
            leading = leading_coordinates(value, points, 2)
            frame = pd.DataFrame({"panel": name, "time": time, "token": np.arange(len(points)), **coordinates})
            paths.append(frame.assign(first=leading[:, 0], second=leading[:, 1]))
    return pd.concat(paths), pd.DataFrame(frozen)


def start_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Many starts: limits and hulls for V = I, values of the leading coordinates, the mixed case."""
    many, limits, hulls, groups = settings["many"], [], [], []
    times = np.linspace(0, many["polytope_time"], 31)
    found = rescaled(box(settings, 2, many["runs"]), np.eye(2), times, tolerance=1e-12)
    for run, path in enumerate(found):
        number, vertices, error = limit_table(path[-1])
        limits.append({"run": run, "limits": number, "vertices": vertices, "error": error})
        worst = max(hull_violation(path[k], path[k + 1]) for k in range(len(times) - 1))
        hulls.append({"run": run, "violation": worst})
    for name, count in (("plane", 1), ("complex_minus", 1), ("complex_plus", 1), ("symmetric", 2)):
        value = np.array(settings["values"][name], dtype=float)
        time = many["time"] if count == 1 else many["conjecture_time"]
        ends = rescaled(box(settings, len(value), many["runs"]), value, [time])[:, 0]
        for run, points in enumerate(leading_coordinates(value, ends, count)):
            if count == 1:
                number, spread = line_groups(points[:, 0])
            else:
                parts = [line_groups(points[:, k]) for k in range(count)]
                labels = {tuple(np.round(point / 0.1)) for point in points}
                number, spread = max(len(labels), max(part[0] for part in parts)), max(part[1] for part in parts)
            groups.append({"panel": name, "count": count, "run": run, "groups": number, "spread": spread})
    value = np.array(settings["values"]["mixed"], dtype=float)
    ends = rescaled(box(settings, 3, many["runs"]), value, [many["mixed_time"]])[:, 0]
    mixed = [{"run": run, "distance": boundary_distance(points[:, :2]).max()} for run, points in enumerate(ends)]
    return {
        "emergence_limits": pd.DataFrame(limits),
        "emergence_hulls": pd.DataFrame(hulls),
        "emergence_groups": pd.DataFrame(groups),
        "emergence_mixed": pd.DataFrame(mixed),
    }


def rank_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The attention matrix on the line, and in many dimensions under attention and under dx/dt = Vx alone."""
    line = settings["line"]
    starts = token_starts(
        "box", tokens=line["tokens"], dimension=1, runs=line["runs"], seed=line["seed"], half_width=line["half_width"]
    )
    ends = rescaled(starts, np.eye(1), [line["time"]])[:, 0] * np.exp(line["time"])
    rows = [one_dimension_row(start[:, 0], attention_matrix(end)) for start, end in zip(starts, ends, strict=True)]
    high = settings["high"]
    start = token_starts("box", tokens=high["tokens"], dimension=high["dimension"], seed=high["seed"])
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([high["seed"], 1])))
    root = generator.uniform(-1, 1, (high["dimension"], high["dimension"]))
    value = root @ root.T
    found = {
        "attention": attention_flow(
            start, space="free", beta=1.0, value=value, times=[high["time"]], observe=["positions"]
        ).positions[0, 0]
    }
    eigenvalues, vectors = np.linalg.eigh(value)
    found["linear"] = (start[0] @ vectors * np.exp(high["time"] * eigenvalues)) @ vectors.T
    matrices, ranks = [], []
    for flow, tokens in found.items():
        matrix = attention_matrix(tokens)
        ranks.append({"flow": flow, "rank": np.linalg.matrix_rank(matrix, tol=1e-6)})
        i, j = np.indices(matrix.shape)
        matrices.append(pd.DataFrame({"flow": flow, "i": i.ravel(), "j": j.ravel(), "weight": matrix.ravel()}))
    return {
        "emergence_line": pd.DataFrame(rows),
        "emergence_ranks": pd.DataFrame(ranks),
        "emergence_attention": pd.concat(matrices),
    }


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The study's tables by the names of their files."""
    paths, frozen = panel_tables(settings)
    return {"emergence_paths": paths, "emergence_frozen": frozen} | start_tables(settings) | rank_tables(settings)
