"""Phase diagrams: which times are recorded, and where the probability of a close pair crosses a level."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Records", "crossing_time", "phase_records", "record_times"]


class Records(NamedTuple):
    """All recorded times in ascending order, and where the linear and the logarithmic grid stand in them."""

    times: np.ndarray
    linear: np.ndarray
    logarithmic: np.ndarray


def record_times(last_time: float, count: int, first_share: float, step_size: float | None = None) -> Records:
    """``count`` times from 0 to ``last_time`` equally spaced, and as many log-spaced from ``first_share * last_time``.

    With a ``step_size`` the times are rounded to steps, and the logarithmic grid has each step once only.
    """
    linear = np.linspace(0, last_time, count)
    logarithmic = np.geomspace(first_share * last_time, last_time, count)
    if step_size is not None:
        linear = np.round(linear / step_size) * step_size
        steps = np.unique(np.round(logarithmic / step_size))
        logarithmic = steps[steps > 0] * step_size
    times = np.unique(np.concatenate([linear, logarithmic]))
    return Records(times, np.searchsorted(times, linear), np.searchsorted(times, logarithmic))


def phase_records(settings: Mapping[str, Any], kind: str) -> Records:
    """The recorded times of a phase diagram of ``kind``.

    The published steps of sa are the same for every beta, and the times are rounded
    to them; those of usa depend on beta, so its times stay as they are.
    """
    flow = settings["flows"][kind]
    rounded = kind == "sa" and flow["integrator"] == "published"
    return record_times(
        flow["last_time"],
        settings["records"],
        settings["log_first_share"],
        flow["step_size"] if rounded else None,
    )


def crossing_time(times: np.ndarray, probability: np.ndarray, level: float) -> float:
    """First time at which the probability reaches ``level``, interpolated linearly; NaN if it never does."""
    above = np.flatnonzero(probability >= level)
    if len(above) == 0:
        return float("nan")
    first = above[0]
    if first == 0:
        return float(times[0])
    low, high = probability[first - 1], probability[first]
    return float(times[first - 1] + (level - low) / (high - low) * (times[first] - times[first - 1]))
