"""A run on the sphere, the run from the rotated start, and the rotated run: the last two are one and the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.geometry.sphere import normalise, random_points

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns step, particle, x, y, z (the run), moved_x .. (from the rotated start), rotated_x .. (the run, rotated)."""
    start = random_points(settings["seed"], [0], settings["particles"], 3)[0]
    axis = normalise(np.array(settings["axis"], dtype=float))
    turn = Rotation.from_rotvec(np.radians(settings["angle"]) * axis)
    steps = np.arange(settings["steps"] + 1)

    def run(points: np.ndarray) -> np.ndarray:
        flow, beta, size = settings["flow"], settings["beta"], settings["step_size"]
        return euler_flow(points, flow, beta, size, steps).positions.reshape(-1, 3)

    plain, moved = run(start), run(normalise(turn.apply(start)))
    index = pd.MultiIndex.from_product([steps, range(settings["particles"])], names=["step", "particle"])
    columns = {
        f"{prefix}{axis}": places[:, k]
        for prefix, places in (("", plain), ("moved_", moved), ("rotated_", turn.apply(plain)))
        for k, axis in enumerate("xyz")
    }
    return pd.DataFrame(columns, index=index).reset_index()
