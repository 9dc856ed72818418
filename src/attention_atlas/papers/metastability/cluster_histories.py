"""The whole life of a run: particles until they sit in tight clusters, then the clusters themselves.

Following 10^4 particles through the exponentially long waits between merges would cost far more than
it tells: once every particle is in a group narrower than a small fraction of the kernel's width,
the groups move as particles with masses (``cluster_flow``), up to an error of the size of that width squared.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from attention_atlas.geometry.cluster_counting import (
    STANDARD_RULE,
    UNDECIDED,
    CountingRule,
    cluster_numbers,
    groups_on_circle,
)
from attention_atlas.papers.metastability.cluster_flow import ClusterHistory, cluster_flow
from attention_atlas.papers.metastability.plateaus import Plateau

__all__ = ["ClusterLife", "cluster_life", "condensed", "tight_groups"]


class ClusterLife(NamedTuple):
    """Cluster numbers of one run over its whole life.

    Attributes
    ----------
    plateaus : stretches of constant number, times as log s
    log_condensed : log s from which on the clusters were followed instead of particles; NaN if never
    status : 'one cluster', 'time over', 'stands still', 'too many steps' or 'not condensed'
    """

    plateaus: list[Plateau]
    log_condensed: float
    status: str


def tight_groups(
    frames: np.ndarray, beta: float, rule: CountingRule, tightness: float
) -> tuple[int, np.ndarray, np.ndarray] | None:
    """First frame with a decided number in which all particles sit in groups narrower than ``tightness`` / sqrt(beta).

    Returns the frame's index, the centres and the masses; None if there is no such frame.
    """
    counts = cluster_numbers(frames, beta, rule=rule)
    for frame in np.flatnonzero(counts != UNDECIDED):
        centres, masses, extents = groups_on_circle(frames[frame], rule.smallest_scale / np.sqrt(beta))
        if (extents <= tightness / np.sqrt(beta)).all():
            return int(frame), centres, masses
    return None


def condensed(beta: float, rule: CountingRule, tightness: float) -> Callable[[np.ndarray, np.ndarray], bool]:
    """Whether the clusters can be followed instead of the particles, as ``circle_flow`` asks with what it has observed."""
    return lambda angles, modes: tight_groups(angles, beta, rule, tightness) is not None


def _merged(counts: list[tuple[float, int]], end: float) -> list[Plateau]:
    """Plateaus from (log time, number) pairs, the last one lasting until ``end``."""
    found: list[Plateau] = []
    for log_time, count in counts:
        if found:
            found[-1] = found[-1]._replace(end=log_time)
            if found[-1].clusters == count:
                continue
        found.append(Plateau(count, log_time, log_time))
    if found:
        found[-1] = found[-1]._replace(end=end)
    return found


def cluster_life(
    times: np.ndarray,
    frames: np.ndarray,
    beta: float,
    rule: CountingRule = STANDARD_RULE,
    tightness: float = 1e-2,
    log_end: float = 700.0,
) -> ClusterLife:
    """Cluster numbers against log s for one run of particles, continued by its clusters.

    Parameters
    ----------
    times
        (T,) rescaled times s > 0 of the frames.
    frames
        (T, n) angles in cyclic order; NaN from where on they were not followed.
    tightness
        Width, in units of 1/sqrt(beta), below which a group is followed as one particle.
    log_end
        log s at which the clusters are left alone.
    """
    followed = int(np.isfinite(frames[:, 0]).sum())
    times, frames = times[:followed], frames[:followed]
    log_times = np.log(times)
    start = tight_groups(frames, beta, rule, tightness)
    last = len(times) if start is None else start[0] + 1
    counts = cluster_numbers(frames[:last], beta, rule=rule)
    sequence = [(float(t), int(c)) for t, c in zip(log_times[:last], counts, strict=True) if c != UNDECIDED]
    if start is None:
        return ClusterLife(_merged(sequence, float(log_times[-1])), float("nan"), "not condensed")
    frame, centres, masses = start
    history = _continue(centres, masses, beta, float(log_times[frame]), log_end, rule)
    sequence += list(zip(history.log_merge_times.tolist(), history.heavy.tolist(), strict=True))
    end = np.inf if history.status == "one cluster" else float(history.log_times[-1])
    return ClusterLife(_merged(sequence, end), float(log_times[frame]), history.status)


def _continue(
    centres: np.ndarray, masses: np.ndarray, beta: float, log_start: float, log_end: float, rule: CountingRule
) -> ClusterHistory:
    # joined where the particles would count as one; light groups, stragglers, are followed but not counted
    return cluster_flow(
        centres,
        beta,
        masses,
        log_start=log_start,
        log_end=log_end,
        join_fraction=rule.smallest_scale,
        least_mass=rule.least_mass,
        max_steps=20_000,
    )


def continued_paths(
    times: np.ndarray,
    frames: np.ndarray,
    chosen: np.ndarray,
    beta: float,
    rule: CountingRule = STANDARD_RULE,
    tightness: float = 1e-2,
) -> tuple[np.ndarray, np.ndarray]:
    """Paths of the ``chosen`` particles of one run, followed by those of their clusters until one is left.

    Returns
    -------
    tuple of numpy.ndarray
        (K,) log s and (K, c) angles; where particles become clusters they jump by less than ``tightness`` / sqrt(beta).
    """
    log_times = np.log(times)
    start = tight_groups(frames, beta, rule, tightness)
    if start is None:
        return log_times, frames[:, chosen]
    frame, centres, masses = start
    history = _continue(centres, masses, beta, float(log_times[frame]), np.inf, rule)
    difference = frames[frame, chosen][:, None] - centres[None, :]
    turns = np.round(difference / (2 * np.pi))
    owner = np.abs(difference - 2 * np.pi * turns).argmin(axis=1)
    rows = np.arange(len(chosen))
    # every path keeps its own number of turns, so that it stays continuous
    later = history.positions[:, owner] + 2 * np.pi * turns[rows, owner]
    later = later - 2 * np.pi * np.round((later - frames[frame, chosen]) / (2 * np.pi))
    keep = _spread_rows(history.log_times)
    joined = np.concatenate([log_times[: frame + 1], history.log_times[keep]])
    return joined, np.concatenate([frames[: frame + 1, chosen], later[keep]])


def _spread_rows(log_times: np.ndarray, distance: float = 0.02) -> np.ndarray:
    """Rows at least ``distance`` apart in log time, and the last of each stretch of equal times."""
    bins = np.floor(log_times / distance)
    return np.flatnonzero(np.diff(bins, append=np.inf) > 0)
