"""One update of one token on the circle, part by part: the mean that attention gives it, its tangent part, the step."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.geometry.sphere import circle_points, normalise, tangent_projection

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, x, y: the tokens (``token`` is the one that moves), the vectors of its update, its place after both kinds of step."""
    tokens, step = circle_points(np.radians(settings["angles"])), settings["step_size"]
    mean = attention_field(tokens, settings["flow"], settings["beta"], project=False)[0]
    token = tokens[0]
    tangent = tangent_projection(token, mean)
    rows = [("token", token), *(("other", other) for other in tokens[1:])]
    rows += [("mean", mean), ("tangent", tangent), ("step", token + step * tangent)]
    # the flow's step is tangent, the published one goes towards the mean itself
    rows += [("next", normalise(token + step * tangent)), ("published", token + step * mean)]
    rows += [("published next", normalise(token + step * mean))]
    return pd.DataFrame([{"part": name, "x": place[0], "y": place[1]} for name, place in rows])
