"""Which attractors many nearly equal starts end on, and which of them a published run found."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.analysis.mean_field_attractors import CHAOTIC, CLASSES, QUASI_PERIODIC
from attention_atlas.analysis.mean_field_sweep import SweepResult
from attention_atlas.dynamics.mean_field_map import Window

__all__ = ["Group", "attractor_rows", "group_attractors", "nearby_starts", "published_class"]

Floats = NDArray[np.float64]
# Exponents of one attractor differ by this much at most between runs (they are averages)
SAME_CHAOTIC = 2e-2
SAME_REGULAR = 5e-3
COMPARED = 3


class Group(NamedTuple):
    """One attractor at one parameter: the runs that ended on it and their mean description."""

    members: NDArray[np.int64]
    code: int
    period: int
    exponents: Floats
    spread: Floats
    ranges: Floats


def nearby_starts(window: Window, runs: int, size: float, seed: int, keys: NDArray[np.int64]) -> Window:
    """Starts (len(keys) * runs, L, M) that differ from ``window`` by up to ``size`` in every number.

    The first of each ``runs`` is the window itself. Drawn by Philox keyed by (seed, key), so a
    start does not depend on what else is drawn.
    """
    shape = window.attention.shape
    starts = np.empty((keys.size, runs, *shape))
    for row, key in enumerate(keys):
        generator = np.random.Generator(np.random.Philox(key=[seed, int(key)]))
        starts[row] = window.attention + generator.uniform(-size, size, (runs, *shape))
        starts[row, 0] = window.attention
    return Window(starts.reshape(-1, *shape), window.phase)


def group_attractors(result: SweepResult, chosen: NDArray[np.int64]) -> list[Group]:
    """Tell the attractors of the runs ``chosen`` apart by class, period and three exponents, largest share first."""
    exponents = result.spectrum.exponents
    compared = min(COMPARED, exponents.shape[1])
    groups: list[list[int]] = []
    for run in chosen[np.lexsort((exponents[chosen, 0], result.period[chosen], result.code[chosen]))]:
        tolerance = SAME_CHAOTIC if result.code[run] in (CHAOTIC, QUASI_PERIODIC) else SAME_REGULAR
        for group in groups:
            first = group[0]
            alike = result.code[first] == result.code[run] and result.period[first] == result.period[run]
            if alike and np.all(np.abs(exponents[first, :compared] - exponents[run, :compared]) <= tolerance):
                group.append(int(run))
                break
        else:
            groups.append([int(run)])
    described = [_describe(np.array(sorted(group)), result) for group in groups]
    return sorted(described, key=lambda group: (-group.members.size, group.code, group.period))


def _describe(members: NDArray[np.int64], result: SweepResult) -> Group:
    exponents = result.spectrum.exponents[members]
    ranges = result.ranges[members]
    extreme = np.stack([ranges[:, :, 0].min(axis=0), ranges[:, :, 1].max(axis=0)], axis=-1)
    first = members[0]
    return Group(
        members,
        int(result.code[first]),
        int(result.period[first]),
        exponents.mean(axis=0),
        np.ptp(exponents, axis=0),
        extreme,
    )


def published_class(largest: float, distinct: int, zero: float = 1e-3) -> tuple[str, int]:
    """Class and period of a published run from its largest exponent and its number of distinct values.

    Up to 256 distinct values are a periodic orbit of as many steps; more are chaotic,
    quasi-periodic or a long period by the exponent.
    """
    if distinct <= 256:
        return "periodic", distinct
    if largest > zero:
        return "chaotic", 0
    return ("quasi-periodic" if largest > -zero else "periodic"), 0


def attractor_rows(groups: list[Group], **columns: object) -> pd.DataFrame:
    """A table with a row a group: share, class, period, exponents and range of m_1; ``columns`` go in front."""
    runs = sum(group.members.size for group in groups)
    rows = []
    for number, group in enumerate(groups):
        row = dict(columns) | {
            "attractor": number,
            "runs": group.members.size,
            "share": group.members.size / runs,
            "class": CLASSES[group.code],
            "period": group.period,
        }
        row |= {f"lyapunov_{k + 1}": value for k, value in enumerate(group.exponents)}
        row |= {"spread_1": group.spread[0], "m1_min": group.ranges[0, 0], "m1_max": group.ranges[0, 1]}
        rows.append(row)
    return pd.DataFrame(rows)
