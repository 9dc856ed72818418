"""Points on S^2 with the tangent projections of a fixed vector and of the attention field."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.geometry.sphere import random_points, tangent_projection

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns particle, x, y, z, fixed_x .. (of the fixed vector), field_x .. (of attention)."""
    points = random_points(settings["seed"], [0], settings["particles"], 3)[0]
    fixed = tangent_projection(points, np.broadcast_to(np.array(settings["vector"], dtype=float), points.shape))
    field = attention_field(points, settings["flow"], settings["beta"])
    columns = {"particle": np.arange(len(points))}
    for prefix, vectors in (("", points), ("fixed_", fixed), ("field_", field)):
        columns |= {f"{prefix}{axis}": vectors[:, k] for k, axis in enumerate("xyz")}
    return pd.DataFrame(columns)
