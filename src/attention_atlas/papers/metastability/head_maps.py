"""Two attention heads on the circle: the grids of the maps, and what a run ended in."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_velocities
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.geometry.cluster_counting import CountingRule, cluster_numbers, groups_on_circle
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.metastability.cluster_states import state_rates

__all__ = ["MAPS", "end_state", "grid_heads"]

MAPS = ("repulsion", "turned")
# A state counts as at rest if its distance to the equilibrium, speed over the slowest rate of return, is
# below this part of the kernel's width.
REST = 0.01


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


def end_state(angles: np.ndarray, heads: list[Head], rule: CountingRule) -> dict[str, float]:
    """Cluster number (-1: no clear clusters), speed, and rates of linear stability of the end of a run.

    The unit of length of the count is that of the first, attracting head.
    """
    beta = heads[0].beta
    number = int(cluster_numbers(angles, beta, rule=rule)[0])
    speed = float(np.abs(circle_velocities(angles, interaction_modes(heads, 1e-13))).max())
    inner, outer = float("nan"), float("nan")
    if number > 0:
        centres, masses, _ = groups_on_circle(angles, rule.smallest_scale / np.sqrt(beta))
        inner, outer = state_rates(heads, centres, masses)
    slowest = -max(inner, outer)
    stable = number > 0 and slowest > 0 and speed < REST * slowest / np.sqrt(beta)
    return {"clusters": number, "speed": speed, "inner_rate": inner, "outer_rate": outer, "stable": float(stable)}
