"""Without normalisation the dynamics differ: the same tokens with layer normalisation (the sphere) and without it (free space).

SA with Q = K = V = I, dx_i/dt = sum_j softmax_j(beta <x_i, x_j>) x_j. Free tokens grow like e^t; the rescaled z = e^{-t} x obey
dz_i/dt = sum_j softmax_j(beta e^{2t} <z_i, z_j>) (z_j - z_i), and gather at several leaders, where normalised ones end as one.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.geometry.sphere import circle_points, cluster_labels
from attention_atlas.papers.metastability.talk.circle import pair_velocities, runge_kutta

__all__ = ["free_velocities", "normalisation_table"]

# Free tokens nearer than this, in units of e^t, are one group.
NEAR = 0.05
RECORDS = 150


def free_velocities(state: np.ndarray, beta: float) -> np.ndarray:
    """Right side for the rescaled tokens; ``state`` (n + 1, 2) holds z and in its last row the time t."""
    z, time = state[:-1], state[-1, 0]
    exponents = beta * np.exp(2 * time) * (z @ z.T)
    kernel = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    pull = kernel @ z / kernel.sum(axis=1, keepdims=True) - z
    return np.concatenate([pull, [[1.0, 0.0]]])


def normalisation_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns model ('normalised', 'free'), part, number, time, x, y, value.

    ``path``: x, y of the token, over e^t where it is free; value: the logarithm of its length. ``groups``: their number at each time.
    """
    beta, steps = settings["beta"], settings["steps"]
    start = uniform_angles(settings["seed"], [0], settings["tokens"])[0]
    step, every = settings["duration"] / steps, max(1, steps // RECORDS)
    times = step * every * np.arange(steps // every + 1)
    # USA and SA in ordinary time differ by Z alone, so that the kernel may be rescaled
    angles = runge_kutta(lambda x: pair_velocities(x, beta, normalised=True), start, step, steps, every)
    state = np.concatenate([circle_points(start), [[0.0, 0.0]]])
    free = runge_kutta(lambda x: free_velocities(x, beta), state, step, steps, every)[:, :-1]
    tables = []
    for model, places, lengths in (
        ("normalised", circle_points(angles), np.zeros(angles.shape)),
        ("free", free, times[:, None] + np.log(np.linalg.norm(free, axis=-1))),
    ):
        tokens = places.shape[1]
        tables.append(
            pd.DataFrame({
                "model": model,
                "part": "path",
                "number": np.repeat(np.arange(tokens), len(times)),
                "time": np.tile(times, tokens),
                "x": places[..., 0].T.ravel(),
                "y": places[..., 1].T.ravel(),
                "value": lengths.T.ravel(),
            })
        )  # fmt: skip
        groups = [cluster_labels(frame, NEAR).max() + 1 for frame in places]
        tables.append(pd.DataFrame({"model": model, "part": "groups", "time": times, "value": groups}))
    return pd.concat(tables, ignore_index=True)[["model", "part", "number", "time", "x", "y", "value"]]
