"""Two attention heads on the circle: what a run ended in."""

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_velocities
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.geometry.cluster_counting import CountingRule, cluster_numbers, groups_on_circle
from attention_atlas.papers.metastability.cluster_states import state_rates

__all__ = ["end_state"]

# A state counts as at rest if its distance to the equilibrium, speed over the slowest rate of return, is
# below this part of the kernel's width.
REST = 0.01


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
