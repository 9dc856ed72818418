"""A few heavy clusters on the circle, followed through exponentially long waits.

Once every particle sits in a tight cluster, the clusters move as particles with masses under the
same equation, at speeds like e^{-beta (1 - cos gap)}: for beta = 4000 the waits between merges last up to
e^{8000}, beyond every float. So velocities are divided by the strongest pair's kernel,

    d theta / du = -sum_j m_j sin(theta_i - theta_j) e^{beta (cos(theta_i - theta_j) - c)},
    c = max over pairs of cos(theta_i - theta_j),

and the rescaled time s = e^beta t is kept through its logarithm, ds/du = e^{beta (1 - c)}. The flow in u
has no stiffness: its fastest pair moves at a speed of order one. Two clusters nearer than a small
fraction of the kernel's width 1/sqrt(beta) are joined at their centre of mass, which the pair's own
attraction keeps fixed.
"""

from typing import NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.dormand_prince import SHARES
from attention_atlas.numerics.inner import compiled, inner

__all__ = ["ClusterHistory", "cluster_flow"]

# Coefficients of Dormand and Prince's method.
_A = np.vstack([np.zeros(6), SHARES])
_B4 = np.array([5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40])
_E = np.array([*_A[6], 0.0]) - _B4
_B = np.array([*_A[6], 0.0])
RUNNING, ONE_CLUSTER, TIME_OVER, TOO_MANY_STEPS, STANDS_STILL = 0, 1, 2, 3, 4
WORDS = {1: "one cluster", 2: "time over", 3: "too many steps", 4: "stands still"}
# Largest error of a step: of angles in radians, of the clock relative to the time reached.
TOLERANCE = 1e-9


class ClusterHistory(NamedTuple):
    """Merges of one system and its trace.

    Attributes
    ----------
    log_merge_times : (M,), natural logarithm of the rescaled time s of each merge
    clusters : (M,), number of clusters after each merge
    heavy : (M,), number of those that hold at least ``least_mass``
    log_times : (K,), log s of the trace
    positions : (K, m), angles of all m starting clusters; the joined ones coincide
    masses : (m,)
    status : 'one cluster', 'time over', 'too many steps' or 'stands still' (an unstable equilibrium to the last bit)
    """

    log_merge_times: np.ndarray
    clusters: np.ndarray
    heavy: np.ndarray
    log_times: np.ndarray
    positions: np.ndarray
    masses: np.ndarray
    status: str


@inner
def _velocities(angles, masses, count, beta, reference, out):
    """d theta / du: velocities divided by e^{beta (reference - 1)}, reference the largest cosine of a pair."""
    for i in range(count):
        out[i] = 0.0
    for i in range(count):
        for j in range(i):
            difference = angles[i] - angles[j]
            force = np.sin(difference) * np.exp(beta * (np.cos(difference) - reference))
            out[i] -= masses[j] * force
            out[j] += masses[i] * force


@inner
def _closest(angles, count):
    closest, first, second = -2.0, 0, 0
    for i in range(count):
        for j in range(i):
            cosine = np.cos(angles[i] - angles[j])
            if cosine > closest:
                closest, first, second = cosine, j, i
    return closest, first, second


@inner
def _one_step(angles, masses, count, beta, h, stages, clock, trial, table, high, low):
    """A step of length h in u: error of the angles, the clock's advance and its error, both over e^{beta (1 - c0)}."""
    reference = _closest(angles, count)[0]
    for stage in range(7):
        for i in range(count):
            total = 0.0
            for earlier in range(stage):
                total += table[stage, earlier] * stages[earlier, i]
            trial[i] = angles[i] + h * total
        # the strongest kernel of each moment, not of the step's start: all velocities stay below one
        closest = _closest(trial, count)[0]
        _velocities(trial, masses, count, beta, closest, stages[stage])
        clock[stage] = np.exp(beta * (reference - closest))
    error, advance, clock_error = 0.0, 0.0, 0.0
    for stage in range(7):
        advance += h * high[stage] * clock[stage]
        clock_error += h * low[stage] * clock[stage]
    for i in range(count):
        total = 0.0
        for stage in range(7):
            total += low[stage] * stages[stage, i]
        error = max(error, abs(h * total))
    return error, advance, abs(clock_error)


@inner
def _join(angles, masses, owners, count, first, second):
    """Join two clusters at their centre of mass; ``owners`` are the clusters that hold each of the starting ones."""
    difference = angles[second] - angles[first]
    difference -= 2 * np.pi * np.round(difference / (2 * np.pi))
    angles[first] += difference * masses[second] / (masses[first] + masses[second])
    masses[first] += masses[second]
    for i in range(len(owners)):
        if owners[i] == second:
            owners[i] = first
        elif owners[i] > second:
            owners[i] -= 1
    for i in range(second, count - 1):
        angles[i], masses[i] = angles[i + 1], masses[i + 1]
    return count - 1


@compiled
def _follow(
    angles,
    masses,
    beta,
    log_start,
    log_end,
    join_distance,
    tolerance,
    least_mass,
    table,
    high,
    low,
    merges,
    log_trace,
    trace,
):
    """Run until one cluster is left or the time is over. Returns status, number of merges and of trace rows."""
    count = len(angles)
    stages, trial, clock = np.empty((7, count)), np.empty(count), np.empty(7)
    owners = np.arange(count)
    log_time, h, rows, merged = log_start, 1e-6, 0, 0
    for _ in range(len(log_trace) * 64):
        closest, first, second = _closest(angles, count)
        while count > 1 and closest > np.cos(join_distance):
            count = _join(angles, masses, owners, count, first, second)
            merges[merged, 0], merges[merged, 1] = log_time, count
            merges[merged, 2] = (masses[:count] >= least_mass).sum()
            merged += 1
            closest, first, second = _closest(angles, count)
        if rows < len(log_trace):
            log_trace[rows] = log_time
            for i in range(len(owners)):
                trace[rows, i] = angles[owners[i]]
            rows += 1
        if count == 1 or log_time >= log_end or rows == len(log_trace):
            return (ONE_CLUSTER if count == 1 else TIME_OVER if log_time >= log_end else TOO_MANY_STEPS), merged, rows
        error, advance, clock_error = _one_step(angles, masses, count, beta, h, stages, clock, trial, table, high, low)
        offset = beta * (1.0 - closest)
        # log(s + e^offset advance), and the clock's error relative to the new time
        added = offset + np.log(advance) if advance > 0.0 else -np.inf
        larger, smaller = max(log_time, added), min(log_time, added)
        new_time = larger + np.log1p(np.exp(smaller - larger)) if smaller > -np.inf else larger
        ratio = max(error, clock_error * np.exp(min(offset - new_time, 700.0))) / tolerance
        if not ratio < 1e300:
            # a step far too long overflows the clock
            h *= 0.01
            continue
        if advance > 0.0 and ratio <= 1.0:
            for i in range(count):
                total = 0.0
                for stage in range(7):
                    total += high[stage] * stages[stage, i]
                angles[i] += h * total
            log_time = new_time
        h *= min(4.0, max(0.2, 0.9 * ratio**-0.2)) if ratio > 0.0 else 4.0
        if h > 1e9:
            return STANDS_STILL, merged, rows
    return TOO_MANY_STEPS, merged, rows


def cluster_flow(
    angles: np.ndarray,
    beta: float,
    masses: np.ndarray | None = None,
    *,
    log_start: float = -np.inf,
    log_end: float = np.inf,
    join_fraction: float = 1e-3,
    least_mass: float = 0.0,
    max_steps: int = 200_000,
) -> ClusterHistory:
    """Follow clusters under USA until one is left.

    Parameters
    ----------
    angles
        (m,) positions, radians.
    beta
        Inverse temperature > 0; 4000 and more are no trouble.
    masses
        (m,), sum 1; equal by default.
    log_start, log_end
        Natural logarithms of the rescaled times s of the start and the end.
    join_fraction
        Clusters nearer than this fraction of 1/sqrt(beta) are joined.
    least_mass
        Mass from which on a cluster counts as heavy.
    max_steps
        Bound on the steps.

    Raises
    ------
    AtlasError
        A value out of bounds.
    """
    angles = np.array(angles, dtype=float)
    masses = np.full(len(angles), 1 / len(angles)) if masses is None else np.array(masses, dtype=float)
    if not (np.isfinite(beta) and beta > 0):
        raise AtlasError(f"beta: {beta}, the bound is a finite number > 0; set a positive beta")
    if not (np.isfinite(angles).all() and len(angles) >= 1):
        raise AtlasError("angles: they must be finite numbers, at least one; give angles in radians")
    if not (masses.shape == angles.shape and (masses > 0).all()):
        raise AtlasError("masses: each cluster needs a mass > 0; give one for each angle")
    if not 0 < join_fraction <= 1:
        raise AtlasError(f"join_fraction: {join_fraction} is out of the bounds 0 to 1; set for instance 1.0e-3")
    merges = np.empty((len(angles), 3))
    log_trace, trace = np.empty(max_steps), np.empty((max_steps, len(angles)))
    join_distance = join_fraction / np.sqrt(beta)
    status, merged, rows = _follow(
        angles, masses.copy(), float(beta), float(log_start), float(log_end), join_distance, TOLERANCE,
        float(least_mass), _A, _B, _E, merges, log_trace, trace,
    )  # fmt: skip
    # joined clusters were overwritten in `angles`, the trace keeps their common position
    return ClusterHistory(
        merges[:merged, 0].copy(),
        merges[:merged, 1].astype(int),
        merges[:merged, 2].astype(int),
        log_trace[:rows].copy(),
        trace[:rows].copy(),
        masses,
        WORDS[status],
    )
