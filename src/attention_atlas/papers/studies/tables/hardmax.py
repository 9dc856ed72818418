"""Hardmax attention: the four starts of Figure 2 exactly, by the engine and with softmax; leaders of random starts."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.hardmax import exact_table, followed_sets, random_table, rationals
from attention_atlas.papers.studies.settings import log_values

__all__ = ["tables"]


def positions(points: np.ndarray, settings: Mapping[str, Any], steps: int, **kernel: Any) -> np.ndarray:
    """Tokens (R, steps + 1, n, d) at all steps."""
    step = settings["alpha"] / (1 + settings["alpha"])
    flow = attention_flow(
        points, space="free", normalisation="averaging", method="euler", step=step,
        times=step * np.arange(steps + 1), observe=["positions"], **kernel,
    )  # fmt: skip
    return flow.positions


def comparisons(
    row: str, points: np.ndarray, exact: pd.DataFrame, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How far the engine's hardmax is from the exact run, and its softmax at each beta."""
    steps, tolerance = settings["steps"], settings["tie_tolerance"]
    places = exact[["x", "y"]].to_numpy().reshape(steps + 1, len(points), 2)

    def distances(**kernel: Any) -> tuple[np.ndarray, np.ndarray]:
        found = positions(points, settings, steps, **kernel)[0]
        return found, np.linalg.norm(found - places, axis=-1).max(axis=1)

    engine = pd.DataFrame(
        {
            "row": row,
            "step": np.arange(steps + 1),
            "exact_ties": distances(kernel="hardmax")[1],
            "with_tolerance": distances(kernel="hardmax", tie_tolerance=tolerance)[1],
        }
    )
    hard, lines = followed_sets(places, tolerance), []
    for beta in log_values(settings["softmax_betas"]):
        soft, away = distances(kernel="softmax", beta=float(beta))
        same = (followed_sets(soft, tolerance) == hard).all(axis=(1, 2))
        agreed = steps + 1 if same.all() else int(np.argmin(same))
        lines.append(
            {"row": row, "beta": beta, "agreed_steps": agreed, "largest_distance": away.max(), "at_end": away[-1]}
        )
    return engine, pd.DataFrame(lines)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The study's tables by the names of their files."""
    tokens, engine, softmax = [], [], []
    for row, given in settings["rows"].items():
        exact_points = rationals(given)
        exact = exact_table(row, exact_points, Fraction(str(settings["alpha"])), settings["steps"])
        tokens.append(exact)
        both = comparisons(row, np.array(exact_points, dtype=float), exact, settings)
        engine.append(both[0])
        softmax.append(both[1])
    chance = settings["random"]
    runs = []
    for dimension in chance["dimensions"]:
        starts = token_starts(
            "box", tokens=chance["tokens"], dimension=dimension, runs=chance["runs"], seed=chance["seed"]
        )
        runs.append(random_table(positions(starts, settings, chance["steps"], kernel="hardmax")))
    return {
        "hardmax_tokens": pd.concat(tokens),
        "hardmax_engine": pd.concat(engine),
        "hardmax_softmax": pd.concat(softmax),
        "hardmax_random": pd.concat(runs),
    }
