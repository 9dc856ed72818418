"""Which attractors many nearly equal starts end on, and which of them a published run found."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.map import Window
from attention_atlas.papers.mean_field.classes import CLASSES, IRREGULAR, STRANGE
from attention_atlas.papers.mean_field.results import SweepResult

__all__ = [
    "GROUP_COLUMNS",
    "MATCH_COLUMNS",
    "Group",
    "Match",
    "group_attractors",
    "group_table",
    "match_published",
    "match_rows",
    "nearby_starts",
]

Floats = NDArray[np.float64]
# Exponents of one attractor differ by this much at most between runs (they are averages)
SAME_CHAOTIC = 2e-2
SAME_REGULAR = 5e-3
COMPARED = 3
# Averages over a part of a chaotic run differ by this much from those of a long one
MIXED = 1e-2
GROUP_COLUMNS = ["attractor", "runs", "late_runs", "share", "class", "period"]
MATCH_COLUMNS = [
    "index",
    "beta",
    "kind",
    "attractor",
    "class",
    "period",
    "share",
    "distance",
    "distance_all",
    "worst_exponent",
    "chaotic_share",
    "distinct_values",
    "chaotic_values",
    "attractors",
    *(f"published_{k + 1}" for k in range(COMPARED)),
    *(f"lyapunov_{k + 1}" for k in range(COMPARED)),
]


class Group(NamedTuple):
    """One attractor at one parameter and the runs that ended on it.

    ``late`` of the members reached it only within the saved steps, coming from a chaotic
    transient; ``exponents`` and ``spread`` are those of the others, where there are any.
    """

    members: NDArray[np.int64]
    late: int
    code: int
    period: int
    exponents: Floats
    spread: Floats
    ranges: Floats


class Match(NamedTuple):
    """What a published run was on: 'attractor', 'transient' (chaotic first, then the attractor) or 'none'.

    ``distance`` is the largest difference of the compared exponents from the attractor's, or from
    the mixture's, ``chaotic_share`` the part of the run that was chaotic.
    """

    kind: str
    attractor: int
    distance: float
    chaotic_share: float


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
    """Tell the attractors of the runs ``chosen`` apart, largest share first.

    Runs are alike in class, period and the first three exponents. A periodic run that
    arrived late joins the attractor with its period.
    """
    late = (result.period[chosen] > 0) & (result.arrival[chosen] > result.period[chosen])
    groups = _alike(result, chosen[~late])
    late_members: list[list[int]] = [[] for _ in groups]
    orphans = []
    for run in chosen[late]:
        homes = [k for k, group in enumerate(groups) if result.period[group[0]] == result.period[run]]
        if homes:
            late_members[homes[0]].append(int(run))
        else:
            orphans.append(int(run))
    described = [_describe(result, group, extra) for group, extra in zip(groups, late_members, strict=True)]
    described += [_describe(result, [], group) for group in _alike(result, np.array(orphans, dtype=np.int64), False)]
    return sorted(described, key=lambda group: (-group.members.size, group.code, group.period))


def _alike(result: SweepResult, runs: NDArray[np.int64], by_exponents: bool = True) -> list[list[int]]:
    """Lists of runs that share class and period, and the compared exponents within a tolerance."""
    exponents = result.spectrum.exponents[:, :COMPARED]
    groups: list[list[int]] = []
    for run in runs[np.lexsort((exponents[runs, 0], result.period[runs], result.code[runs]))]:
        tolerance = SAME_CHAOTIC if result.code[run] in IRREGULAR else SAME_REGULAR
        for group in groups:
            first = group[0]
            alike = result.code[first] == result.code[run] and result.period[first] == result.period[run]
            if alike and (not by_exponents or np.all(np.abs(exponents[first] - exponents[run]) <= tolerance)):
                group.append(int(run))
                break
        else:
            groups.append([int(run)])
    return groups


def _describe(result: SweepResult, settled: list[int], late: list[int]) -> Group:
    members = np.array(sorted(settled + late))
    shown = np.array(sorted(settled or late))
    exponents = result.spectrum.exponents[shown]
    extremes = result.ranges[shown]
    return Group(
        members=members,
        late=len(late),
        code=int(result.code[shown[0]]),
        period=int(result.period[shown[0]]),
        exponents=exponents.mean(axis=0),
        spread=np.ptp(exponents, axis=0),
        ranges=np.stack([extremes[:, :, 0].min(axis=0), extremes[:, :, 1].max(axis=0)], axis=-1),
    )


def match_published(published: Floats, groups: list[Group], chaotic: Floats, tolerance: float = 2e-3) -> Match:
    """Find the attractor of a published run by its leading exponents.

    Averages over a run that was chaotic for a share f of its steps and then reached a
    periodic orbit are f times the ``chaotic`` exponents plus 1 - f times the orbit's: if
    no attractor fits, f is fitted for each orbit.
    """
    compared = published.size
    distances = [float(np.abs(group.exponents[:compared] - published).max()) for group in groups]
    best = int(np.argmin(distances))
    if distances[best] <= tolerance:
        return Match(
            "attractor", best, distances[best], float(groups[best].period == 0 and groups[best].code in STRANGE)
        )
    fits = [_mixture(published, chaotic[:compared], group, k) for k, group in enumerate(groups) if group.period > 0]
    fits = [fit for fit in fits if 0.0 < fit.chaotic_share < 1.0]
    nearest = min(fits, key=lambda fit: fit.distance, default=None)
    if nearest is not None and nearest.distance <= MIXED:
        return nearest
    return Match("none", best, distances[best], float("nan"))


def _mixture(published: Floats, chaotic: Floats, group: Group, number: int) -> Match:
    regular = group.exponents[: published.size]
    direction = chaotic - regular
    share = float(direction @ (published - regular) / (direction @ direction))
    distance = float(np.abs(regular + share * direction - published).max())
    return Match("transient", number, distance, share)


def group_table(groups: list[Group], **columns: object) -> pd.DataFrame:
    """A table with a row a group: share, class, period, exponents, range of m_1; ``columns`` go in front."""
    runs = sum(group.members.size for group in groups)
    rows = []
    for number, group in enumerate(groups):
        row = dict(columns) | {
            "attractor": number,
            "runs": group.members.size,
            "late_runs": group.late,
            "share": group.members.size / runs,
            "class": CLASSES[group.code],
            "period": group.period,
        }
        row |= {f"lyapunov_{k + 1}": value for k, value in enumerate(group.exponents)}
        row |= {"spread_1": group.spread[0], "m1_min": group.ranges[0, 0], "m1_max": group.ranges[0, 1]}
        rows.append(row)
    return pd.DataFrame(rows)


def _gaps(row: pd.Series, group: Group) -> Floats:
    """Differences of all exponents that both have from the attractor's."""
    size = min(group.exponents.size, sum(str(name).startswith("lyapunov_") for name in row.index))
    return np.abs(group.exponents[:size] - np.array([row[f"lyapunov_{k + 1}"] for k in range(size)], dtype=float))


def match_rows(published: pd.DataFrame, groups: list[list[Group]], steps: int) -> pd.DataFrame:
    """What each published run was on, a row a run.

    ``groups`` are the attractors found at the published values, in their order. ``chaotic_values`` is the
    number of distinct values that a run of ``steps`` steps has if its chaotic share brings one a
    step and the rest repeats; ``distinct_values`` is the published number. ``distance_all`` is the largest
    difference over all exponents, that of ``worst_exponent``.
    """
    chaotic = [group for found in groups for group in found if group.code in STRANGE and group.period == 0]
    weights = [group.members.size for group in chaotic]
    mean = np.average([group.exponents for group in chaotic], axis=0, weights=weights) if chaotic else None
    rows = []
    for (_, row), found in zip(published.iterrows(), groups, strict=True):
        wanted = np.array([row[f"lyapunov_{k + 1}"] for k in range(COMPARED)])
        match = match_published(wanted, found, np.full(COMPARED, np.nan) if mean is None else mean)
        group = found[match.attractor]
        share = match.chaotic_share if match.kind != "none" else np.nan
        gaps = _gaps(row, group)
        rows.append(
            {
                "index": int(row["index"]),
                "beta": row["beta"],
                "kind": match.kind,
                "attractor": match.attractor,
                "class": CLASSES[group.code],
                "period": group.period,
                "share": group.members.size / sum(other.members.size for other in found),
                "distance": match.distance,
                "distance_all": gaps.max(),
                "worst_exponent": int(gaps.argmax()) + 1,
                "chaotic_share": share,
                "distinct_values": int(row["distinct_values"]),
                "chaotic_values": round(share * steps + group.period) if np.isfinite(share) else np.nan,
                "attractors": len(found),
            }
            | {f"published_{k + 1}": wanted[k] for k in range(COMPARED)}
            | {f"lyapunov_{k + 1}": group.exponents[k] for k in range(COMPARED)}
        )
    return pd.DataFrame(rows, columns=MATCH_COLUMNS)
