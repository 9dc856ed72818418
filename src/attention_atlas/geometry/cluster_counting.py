"""How many clusters are on the circle: a count that must be the same over a whole range of scales.

At a scale epsilon, a *group* is a chain of particles no more than epsilon apart. A group is a *cluster*
if it holds at least ``least_mass`` and is no wider than ``widest``. The number of clusters is *decided*
if at every scale of the range it is the same and the clusters together hold all the mass but
``loose_mass``; otherwise it is ``UNDECIDED``. All lengths are in units of the kernel's width
1/sqrt(beta), beyond which attraction dies off: two groups merging slowly count as two as long as
more than the largest scale separates them, as one once less than the smallest does, and are undecided
in between, where the merge is quick. A crowd that has not condensed is undecided, and so are a few
stragglers between clusters without effect.
"""

from typing import NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner

__all__ = [
    "STANDARD_RULE",
    "UNDECIDED",
    "CountingRule",
    "cluster_numbers",
    "groups_on_circle",
]

UNDECIDED = -1


class CountingRule(NamedTuple):
    """Numbers of the definition; lengths in units of 1/sqrt(beta), masses as fractions of all particles."""

    smallest_scale: float = 0.1
    largest_scale: float = 1.0
    scales: int = 5
    least_mass: float = 0.01
    widest: float = 1.0
    loose_mass: float = 0.02


STANDARD_RULE = CountingRule()


@inner
def _count_at_scale(angles, weights, scale, widest, least_mass):
    """Number of clusters and the mass they hold; ``angles`` in cyclic order, spanning less than a turn."""
    n = len(angles)
    gap_after = -1
    for i in range(n):
        following = angles[i + 1] if i + 1 < n else angles[0] + 2 * np.pi
        if following - angles[i] > scale:
            gap_after = i
            break
    if gap_after < 0:
        return 0, 0.0
    clusters, held, mass, extent = 0, 0.0, 0.0, 0.0
    for step in range(n):
        i = (gap_after + 1 + step) % n
        mass += weights[i]
        following = angles[i + 1] if i + 1 < n else angles[0] + 2 * np.pi
        gap = following - angles[i]
        if gap > scale or step == n - 1:
            if mass >= least_mass and extent <= widest:
                clusters += 1
                held += mass
            mass, extent = 0.0, 0.0
        else:
            extent += max(gap, 0.0)
    return clusters, held


@compiled
def _count_frames(frames, weights, scales, widest, least_mass, loose_mass, counts):
    for frame in range(len(frames)):
        number = -2
        for scale in scales:
            clusters, held = _count_at_scale(frames[frame], weights, scale, widest, least_mass)
            # 1e-9: sums of equal masses are not exact
            if held < 1.0 - loose_mass - 1e-9 or (number >= 0 and clusters != number):
                number = -1
                break
            number = clusters
        counts[frame] = number


def _scales(beta: float, rule: CountingRule) -> np.ndarray:
    if not 0 < rule.smallest_scale <= rule.largest_scale:
        raise AtlasError(
            f"smallest_scale: {rule.smallest_scale} is out of the bounds 0 to {rule.largest_scale}; set less"
        )
    return np.geomspace(rule.smallest_scale, rule.largest_scale, rule.scales) / np.sqrt(beta)


def cluster_numbers(
    frames: np.ndarray, beta: float, weights: np.ndarray | None = None, rule: CountingRule = STANDARD_RULE
) -> np.ndarray:
    """Number of clusters in each frame, ``UNDECIDED`` (-1) where the scales disagree.

    Parameters
    ----------
    frames
        (T, n) angles in cyclic order within each frame (sorted starts stay so under the flow).
    beta
        Inverse temperature, which sets the unit of length 1/sqrt(beta).
    weights
        (n,) masses that sum to 1; equal by default.

    Returns
    -------
    numpy.ndarray
        (T,) int.
    """
    frames = np.atleast_2d(frames)
    weights = np.full(frames.shape[1], 1 / frames.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    counts = np.empty(len(frames), dtype=np.int64)
    scales = _scales(beta, rule)
    _count_frames(frames, weights, scales, rule.widest / np.sqrt(beta), rule.least_mass, rule.loose_mass, counts)
    return counts


def groups_on_circle(angles: np.ndarray, scale: float, weights: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Centre, mass and extent of every chain of particles no more than ``scale`` (radians) apart.

    ``angles`` (n,) in cyclic order. A single chain around the whole circle comes back as one group of extent 2 pi.
    """
    weights = np.full(len(angles), 1 / len(angles)) if weights is None else np.asarray(weights, dtype=float)
    gaps = np.diff(angles, append=angles[0] + 2 * np.pi)
    breaks = np.flatnonzero(gaps > scale)
    if len(breaks) == 0:
        return np.array([np.average(angles, weights=weights)]), np.array([weights.sum()]), np.array([2 * np.pi])
    order = np.roll(np.arange(len(angles)), -(breaks[0] + 1))
    turned = angles[order] + np.where(order <= breaks[0], 2 * np.pi, 0.0)
    label = np.concatenate([[0], np.cumsum(np.diff(turned) > scale)])
    masses = np.bincount(label, weights[order])
    centres = np.bincount(label, weights[order] * turned) / masses
    first = np.flatnonzero(np.diff(label, prepend=-1))
    last = np.append(first[1:], len(angles)) - 1
    return centres, masses, turned[last] - turned[first]
