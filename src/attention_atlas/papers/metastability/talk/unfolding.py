"""Unfolding one period: tokens that repeat k times around the circle move like those of one period on a circle of their own.

With phi = k theta and m tokens a period, dphi_i/ds = -(1/m) sum_j H(phi_i - phi_j), H(phi) = sum_{q < k} h((phi + 2 pi q) / k), h the
kernel of attention: k clusters on the circle are consensus after unfolding.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.papers.metastability.talk.circle import pair_velocities, runge_kutta

__all__ = ["unfolded_velocities", "unfolding_table"]

RECORDS = 200


def unfolded_velocities(angles: np.ndarray, beta: float, fold: int) -> np.ndarray:
    """Right side for the tokens of one period, phi (m,)."""
    differences = (angles[:, None] - angles[None, :])[..., None] + 2 * np.pi * np.arange(fold)
    kernel = np.sin(differences / fold) * np.exp(beta * (np.cos(differences / fold) - 1))
    return -kernel.sum(axis=-1).mean(axis=-1)


def unfolding_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, number, time, value: ``circle`` (angles of all k m tokens), ``unfolded`` (phi of the m tokens, in their own flow)."""
    fold, beta, steps = settings["fold"], settings["beta"], settings["steps"]
    phi = uniform_angles(settings["seed"], [0], settings["tokens"])[0]
    theta = (phi[None, :] / fold + 2 * np.pi * np.arange(fold)[:, None] / fold).ravel()
    step, every = settings["duration"] / steps, max(1, steps // RECORDS)
    circle = runge_kutta(lambda x: pair_velocities(x, beta), theta, step, steps, every)
    unfolded = runge_kutta(lambda x: unfolded_velocities(x, beta, fold), phi, step, steps, every)
    times = step * every * np.arange(len(circle))
    tables = [
        pd.DataFrame({
            "part": part, "number": np.repeat(np.arange(frames.shape[1]), len(times)), "time": np.tile(times, frames.shape[1]),
            "value": frames.T.ravel(),
        })
        for part, frames in (("circle", circle), ("unfolded", unfolded))
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)
