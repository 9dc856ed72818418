"""Kernels of the phase diagrams: many independent systems, one at a time in each thread.

Every system is computed from its own start alone, so neither the threads nor
the division into slabs show in its bits.

A system with Q = K = V = I stops once all its pairs are closer than the
threshold: the published step moves each particle into the cone of all
particles, and the flow points into it; the spherical convex hull of points
with pairwise angles below pi/2 has the diameter of the points, so the largest
angle never grows again. All later records are n (n - 1) without computing.
"""

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
)
from attention_atlas.dynamics.self_attention.field import close_pairs, spread
from attention_atlas.numerics.copies import copy_matrix
from attention_atlas.numerics.inner import compiled
from attention_atlas.numerics.lanes import LANES
from attention_atlas.numerics.separate import Separate

__all__ = ["ADAPTIVE", "adaptive_clustering"]


def _adaptive_run(start, beta, times, threshold, normalised, shift, settings, counts):
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
    model = np.array([beta, shift, 1.0 / n])
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
            while record < times.shape[0] and times[record] <= now + h:
                share = (times[record] - now) / h
                interpolate(x, work[4], work[0], work[3], active, h, share, work[1])
                near = close_pairs(work[1], weights, active, threshold)
                counts[record] = int(near) - n
                record += 1
            copy_matrix(work[4], x)
            copy_matrix(work[3], work[0])
            now += h
            accepted += 1
            if accepted % MERGE_EVERY == 0:
                left = merge_close(x, weights, owner, active, distance)
                if left < active:
                    active = left
                    field(x, weights, active, model, none, none, normalised, kernel, work[5], work[0])
                near = close_pairs(x, weights, active, threshold)
        h *= min(5.0, max(0.2, 0.9 * (tolerance / max(error, 1e-300)) ** (1.0 / 3.0)))
    for t in range(record, times.shape[0]):
        counts[t] = n * n - n
    return 0, trials


ADAPTIVE = Separate("adaptive_clustering", _adaptive_run)
adaptive_run = ADAPTIVE.call


@compiled(parallel=True)
def adaptive_clustering(starts, beta, times, threshold, normalised, shift, settings, counts, status, trials):
    """The flow with Q = K = V = I by the adaptive integrator; see ``clustering_euler`` for the counts.

    ``settings``: error per step (radians), merging distance, largest number of trial steps, first step size.
    """
    for run in prange(starts.shape[0]):
        status[run], trials[run] = adaptive_run(
            starts[run], beta, times, threshold, normalised, shift, settings, counts[run]
        )
