"""Causal attention with other matrices: trajectories on the sphere for some V, and where tokens end for V = I and random Q, K."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.causal import leading_space, projected

__all__ = ["tables"]


def matrix_name(diagonal: list[float]) -> str:
    """diag(1, 1, -0.5) as it is written in claims."""
    return "diag(" + ", ".join(f"{entry:.3g}" for entry in diagonal).replace("-", "−") + ")"


def value_tables(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paths of the first start, and where tokens of all starts end, for each V."""
    starts = token_starts(
        "uniform", tokens=settings["tokens"], dimension=3, runs=settings["ends"]["runs"], seed=settings["seed"]
    )
    times = np.concatenate([[0.0], np.geomspace(0.05, settings["last_time"], settings["records"])])
    paths, ends = [], []
    for name, diagonal in settings["values"].items():
        flow = attention_flow(
            starts[:1], beta=settings["beta"], mask="causal", value=diagonal, times=times, observe=["positions"]
        )
        rows, tokens = np.meshgrid(np.arange(len(times)), np.arange(settings["tokens"]), indexing="ij")
        x, y, z = flow.positions[0].reshape(-1, 3).T
        paths.append(
            pd.DataFrame({"value": name, "time": times[rows.ravel()], "token": tokens.ravel(), "x": x, "y": y, "z": z})
        )
        flow = attention_flow(
            starts, beta=settings["ends"]["beta"], mask="causal", value=diagonal, times=times[-1:],
            observe=["positions", "largest_distance"],
        )  # fmt: skip
        space, last = leading_space(np.diag(diagonal)), flow.positions[:, 0]
        goal = projected(starts[:, :1], space)
        ends.append(
            pd.DataFrame(
                {
                    "value": name,
                    "matrix": matrix_name(diagonal),
                    "run": np.arange(len(starts)),
                    "largest": max(diagonal),
                    "multiplicity": space.shape[1],
                    "to_projection": np.linalg.norm(last - goal, axis=-1).max(axis=1),
                    "smallest_inner": np.linalg.norm(last @ space, axis=-1).min(axis=1),
                    "plus_side": (last @ space[:, 0] > 0).sum(axis=1),
                    "spread": flow.observables["largest_distance"][:, 0],
                    "status": flow.status,
                }
            )
        )
    return pd.concat(paths), pd.concat(ends)


def theorem_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """V = I with random Q and K, a pair for each run: how far the last token is from the first."""
    lines = []
    for dimension in settings["dimensions"]:
        starts = token_starts(
            "uniform", tokens=settings["tokens"], dimension=dimension, runs=settings["runs"], seed=settings["seed"]
        )
        flow = attention_flow(
            starts, beta=settings["beta"], mask="causal", query="normal", key="normal", drawn="run",
            weights_seed=settings["seed"], times=[0.0, settings["last_time"]], observe=["positions"],
        )  # fmt: skip
        last = flow.positions[:, 1]
        lines.append(
            pd.DataFrame(
                {
                    "dimension": dimension,
                    "run": np.arange(len(starts)),
                    "distance": np.linalg.norm(last - starts[:, :1], axis=-1).max(axis=1),
                    "first_moved": np.linalg.norm(last[:, 0] - starts[:, 0], axis=-1),
                    "status": flow.status,
                }
            )
        )
    return pd.concat(lines)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The study's tables by the names of their files."""
    paths, ends = value_tables(settings["atlas"])
    return {"causal_paths": paths, "causal_ends": ends, "causal_theorem": theorem_table(settings["theorem"])}
