"""Exit along the fastest direction, in the plane: gradient flow of E = (l1 x^2 + l2 y^2) / 2 - (x^2 + y^2)^2 / 4 near 0.

From a circle of radius epsilon a path reaches the radius r after ln(r / epsilon) / l1, where y / x is of the order
epsilon^(1 - l2 / l1): the smaller the perturbation, the closer the exit is to the fastest direction, as the uniform measure is left
along the mode k_max.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.papers.metastability.talk.circle import runge_kutta

__all__ = ["exits_table", "plane_velocities"]

STEP = 0.01


def plane_velocities(points: np.ndarray, rates: tuple[float, float]) -> np.ndarray:
    """Gradient of E at points (..., 2)."""
    return points * rates - points * (points**2).sum(axis=-1, keepdims=True)


def _exits(starts: np.ndarray, rates: tuple[float, float], radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Places (n, 2) and times (n,) at which paths pass the radius; between two steps linearly in the logarithm of the distance."""
    x, places, times = starts.copy(), np.full_like(starts, np.nan), np.full(len(starts), np.nan)
    number = 0
    while np.isnan(times).any():
        following = runge_kutta(lambda p: plane_velocities(p, rates), x, STEP, 1)[-1]
        before, after = (np.log(np.linalg.norm(p, axis=1)) for p in (x, following))
        passed = np.isnan(times) & (after >= np.log(radius))
        share = ((np.log(radius) - before) / (after - before))[passed]
        places[passed] = x[passed] + share[:, None] * (following - x)[passed]
        times[passed] = STEP * (number + share)
        x, number = following, number + 1
        if number * STEP > 200 / min(rates):
            break
    return places, times


def exits_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, epsilon, number, time, x, y: ``exit`` of each path and ``path`` (of some paths from the largest epsilon)."""
    rates, count = (settings["rates"][0], settings["rates"][1]), settings["paths"]
    # no start exactly on an axis
    turns = 2 * np.pi * (np.arange(count) + 0.5) / count
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    tables = []
    for epsilon in settings["radii"]:
        places, times = _exits(epsilon * circle, rates, settings["exit"])
        tables.append(
            pd.DataFrame({
                "part": "exit", "epsilon": epsilon, "number": np.arange(count), "time": times, "x": places[:, 0], "y": places[:, 1],
            })
        )  # fmt: skip
    epsilon = max(settings["radii"])
    shown = ((np.arange(32) + 0.5) * count / 32).astype(int) if count > 32 else np.arange(count)
    steps = int(8 / min(rates) / STEP)
    frames = runge_kutta(lambda p: plane_velocities(p, rates), epsilon * circle[shown], STEP, steps, 10)
    tables.append(
        pd.DataFrame({
            "part": "path", "epsilon": epsilon, "number": np.repeat(shown, len(frames)),
            "time": np.tile(10 * STEP * np.arange(len(frames)), len(shown)), "x": frames[..., 0].T.ravel(), "y": frames[..., 1].T.ravel(),
        })
    )  # fmt: skip
    return pd.concat(tables, ignore_index=True)
