"""Two attention heads on the circle: the grids of the maps."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.numerics.sweeps import sweep_values

__all__ = ["MAPS", "grid_heads"]

MAPS = ("repulsion", "turned")


def grid_heads(name: str, settings: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, list[list[Head]]]:
    """Coordinates x and y of all points of a map, (points,), and the heads at each.

    ``repulsion``: x the repelling head's weight, y its beta. ``turned``: x the angle over pi, y beta.
    """
    if name == "repulsion":
        x, y = np.meshgrid(sweep_values(settings["weights"]), sweep_values(settings["second_betas"]))
        heads = [[Head(settings["beta"]), Head(b, -w)] for w, b in zip(x.ravel(), y.ravel(), strict=True)]
    else:
        x, y = np.meshgrid(sweep_values(settings["turns"]), sweep_values(settings["betas"]))
        heads = [
            [Head(b, 0.5, np.pi * t, np.pi * t), Head(b, 0.5, -np.pi * t, -np.pi * t)]
            for t, b in zip(x.ravel(), y.ravel(), strict=True)
        ]
    return x.ravel(), y.ravel(), heads
