"""Kernels of the phase diagrams: many independent systems, one at a time in each thread.

Every system is computed from its own start alone, so neither the threads nor
the division into slabs show in its bits.

A system with Q = K = V = I stops once all its pairs are closer than the
threshold: the published step moves each particle into the cone of all
particles, and the flow points into it; the spherical convex hull of points
with pairwise angles below pi/2 has the diameter of the points, so the largest
angle never grows again. All later records are n (n - 1) without computing.
"""

import math

import numpy as np
from numba import prange

from attention_atlas.dynamics.self_attention.adaptive import (
    FAILED,
    MERGE_EVERY,
    TOO_MANY_STEPS,
    adaptive_step,
    field,
    interpolate,
    merge_close,
    squares,
)
from attention_atlas.dynamics.self_attention.field import close_pairs, spread
from attention_atlas.numerics.copies import copy_matrix
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES, broadcast, larger, less, load, sqrt
from attention_atlas.numerics.native import lane_max
from attention_atlas.numerics.separate import Separate

__all__ = ["ADAPTIVE", "adaptive_clustering"]


@inner
def _farthest(x, new, k1, k4, weights, active, h):
    """A bound of how far from x any particle comes on the cubic from x to new with the slopes k1 and k4, before it is normalised."""
    d, width = x.shape
    farthest = broadcast(0.0)
    for block in range(0, active, LANES):
        straight, first, last = broadcast(0.0), broadcast(0.0), broadcast(0.0)
        for c in range(d):
            at = c * width + block
            change, slope, end = load(new, at) - load(x, at), load(k1, at), load(k4, at)
            straight, first, last = straight + change * change, first + slope * slope, last + end * end
        # share (1 - share)^2 is at most 4 / 27
        reach = sqrt(straight) + (sqrt(first) + sqrt(last)) * (4.0 / 27.0 * h)
        farthest = larger(reach * less(broadcast(0.0), load(weights, block)), farthest)
    return lane_max(farthest)


@inner
def _settled_pairs(x, work, weights, active, h, threshold):
    """Weighted number of close pairs throughout a step; -1 if a pair may cross the threshold on the way.

    A particle that comes at most s from its place turns by at most arcsin(s), an angle of two particles by twice as much.
    """
    reach = _farthest(x, work[4], work[0], work[3], weights, active, h)
    if not reach < 0.5:
        return -1.0
    angle, change = math.acos(threshold), 2.0 * math.asin(reach) + 1e-9
    near = close_pairs(x, weights, active, math.cos(min(math.pi, angle + change)))
    # closer pairs than ``change`` could part: then only a particle may be close to itself
    nearest = close_pairs(x, weights, active, math.cos(angle - change)) if change < angle else squares(weights, active)
    return near if near == nearest else -1.0


@inner
def _record_step(x, work, weights, active, now, h, times, threshold, record, near, n, counts):
    """Counts at the times within a step of length h, from number ``record`` on; returns the next record and what was counted last."""
    last = record
    while last < times.shape[0] and times[last] <= now + h:
        last += 1
    settled = _settled_pairs(x, work, weights, active, h, threshold) if last - record > 1 else -1.0
    if settled >= 0.0:
        counts[record:last] = int(settled) - n
        return last, settled
    while record < last:
        interpolate(x, work[4], work[0], work[3], active, h, (times[record] - now) / h, work[1])
        near = close_pairs(work[1], weights, active, threshold)
        counts[record] = int(near) - n
        record += 1
    return record, near


@inner
def _in_their_span(x, active, coordinates):
    """The points in an orthonormal basis of their span, in ``coordinates`` >= active coordinates: inner products stay as they are.

    Gram and Schmidt's way, each point twice; places without a particle get the first unit vector.
    """
    d, width = x.shape
    found, basis, rest = np.zeros((coordinates, width)), np.zeros((active, d)), np.empty(d)
    found[0, active:] = 1.0
    rank = 0
    for i in range(active):
        for c in range(d):
            rest[c] = x[c, i]
        for _ in range(2):
            for k in range(rank):
                along = 0.0
                for c in range(d):
                    along += basis[k, c] * rest[c]
                found[k, i] += along
                for c in range(d):
                    rest[c] -= along * basis[k, c]
        square = 0.0
        for c in range(d):
            square += rest[c] * rest[c]
        if square > 0.0:
            found[rank, i] = math.sqrt(square)
            for c in range(d):
                basis[rank, c] = rest[c] / found[rank, i]
            rank += 1
    return found


def _adaptive_run(start, factor, times, threshold, normalised, shift, settings, counts):
    """One system by the adaptive integrator; returns (status, trial steps)."""
    n, d = start.shape
    tolerance, distance, limit, reach = settings[0], settings[1], settings[2], settings[3]
    width = -(-n // LANES) * LANES
    none = np.empty((0, 0))
    x, weights = np.empty((d, width)), np.empty(width)
    work, kernel = np.empty((6, d, width)), np.empty(n * LANES)
    spread(start, x, weights)
    work[:] = 0.0
    owner = np.arange(n)
    model = np.array([factor, shift, 1.0 / n])
    active, accepted, trials, record = n, 0, 0, 0
    now, h = 0.0, reach
    everything = float(n * n)
    near = close_pairs(x, weights, active, threshold)
    field(x, weights, active, model, none, none, normalised, kernel, work[5], work[0])
    while record < times.shape[0] and near != everything:
        if trials >= limit:
            return TOO_MANY_STEPS, trials
        trials += 1
        error = adaptive_step(x, weights, active, h, model, none, none, normalised, kernel, work)
        if error != error:
            return FAILED, trials
        if error <= tolerance:
            record, near = _record_step(x, work, weights, active, now, h, times, threshold, record, near, n, counts)
            copy_matrix(work[4], x)
            copy_matrix(work[3], work[0])
            now += h
            accepted += 1
            if accepted % MERGE_EVERY == 0:
                left = merge_close(x, weights, owner, active, distance)
                if left < active:
                    active = left
                    coordinates = active + -active % 4
                    if coordinates < x.shape[0]:
                        x, work = _in_their_span(x, active, coordinates), np.zeros((6, coordinates, width))
                    field(x, weights, active, model, none, none, normalised, kernel, work[5], work[0])
                near = close_pairs(x, weights, active, threshold)
        h *= min(5.0, max(0.2, 0.9 * (tolerance / max(error, 1e-300)) ** (1.0 / 3.0)))
    for t in range(record, times.shape[0]):
        counts[t] = n * n - n
    return 0, trials


ADAPTIVE = Separate("adaptive_clustering", _adaptive_run)
adaptive_run = ADAPTIVE.call


@compiled(parallel=True)
def adaptive_clustering(starts, factor, times, threshold, normalised, shift, settings, counts, status, trials):
    """The flow with Q = K = V = I by the adaptive integrator; see ``euler_clustering`` for the counts.

    ``factor`` and ``shift`` are those of ``field``; ``settings``: error per step (radians), merging distance, largest number of
    trial steps, first step size.
    """
    for run in prange(starts.shape[0]):
        status[run], trials[run] = adaptive_run(
            starts[run], factor, times, threshold, normalised, shift, settings, counts[run]
        )
