"""Kernels that follow whole trajectories of the self-attention flow (see ``self_attention_flow``)."""

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
from attention_atlas.dynamics.self_attention.field import attention_sums, spread, step_and_normalise, transform
from attention_atlas.numerics.copies import copy_matrix
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES
from attention_atlas.numerics.separate import Separate

__all__ = ["ADAPTIVE", "EULER", "adaptive_trajectories", "euler_trajectories"]


@inner
def _collect(x, owner, out):
    n, d = out.shape
    for i in range(n):
        for c in range(d):
            out[i, c] = x[c, owner[i]]


def _euler_trajectory(start, factor, shift, normalised, query_key, value, step_size, record_steps, positions):
    """One run of ``euler_trajectories``; whether all points kept a direction."""
    n, d = start.shape
    width = -(-n // LANES) * LANES
    x, sums, keys = np.empty((d, width)), np.empty((d, width)), np.empty((d, width))
    weights, kernel = np.empty(width), np.empty(n * LANES)
    owner = np.arange(n)
    spread(start, x, weights)
    step, well = 0, True
    for t in range(record_steps.shape[0]):
        while step < record_steps[t]:
            senders = x
            if query_key.shape[0] > 0:
                transform(query_key, x, n, keys)
                senders = keys
            attention_sums(x, senders, x, weights, n, factor, shift, normalised, 1.0 / n, kernel, sums)
            if value.shape[0] > 0:
                transform(value, sums, n, keys)
                sums, keys = keys, sums
            if not step_and_normalise(x, sums, n, step_size) > 0.0:
                well = False
            step += 1
        _collect(x, owner, positions[t])
    return well


EULER = Separate("euler_trajectory", _euler_trajectory)
euler_trajectory = EULER.call


@compiled(parallel=True)
def euler_trajectories(starts, factor, shift, normalised, query_key, value, step_size, record_steps, positions, status):
    """Published steps; ``positions[r, t]`` gets the points (n, d) of run r at ``record_steps[t]``."""
    for run in prange(starts.shape[0]):
        if not euler_trajectory(
            starts[run], factor, shift, normalised, query_key, value, step_size, record_steps, positions[run]
        ):
            status[run] = FAILED


def _adaptive_trajectory(start, model, normalised, query_key, value, times, settings, positions):
    n, d = start.shape
    tolerance, distance, limit, h = settings[0], settings[1], settings[2], settings[3]
    width = -(-n // LANES) * LANES
    x, weights = np.empty((d, width)), np.empty(width)
    work, kernel = np.zeros((6, d, width)), np.empty(n * LANES)
    spread(start, x, weights)
    owner = np.arange(n)
    active, accepted, trials, record, now = n, 0, 0, 0, 0.0
    field(x, weights, active, model, query_key, value, normalised, kernel, work[5], work[0])
    while record < times.shape[0]:
        if trials >= limit:
            return TOO_MANY_STEPS, trials
        trials += 1
        error = adaptive_step(x, weights, active, h, model, query_key, value, normalised, kernel, work)
        if error != error:
            return FAILED, trials
        if error <= tolerance:
            while record < times.shape[0] and times[record] <= now + h:
                interpolate(x, work[4], work[0], work[3], active, h, (times[record] - now) / h, work[1])
                _collect(work[1], owner, positions[record])
                record += 1
            copy_matrix(work[4], x)
            copy_matrix(work[3], work[0])
            now += h
            accepted += 1
            if distance > 0.0 and accepted % MERGE_EVERY == 0:
                left = merge_close(x, weights, owner, active, distance)
                if left < active:
                    active = left
                    field(x, weights, active, model, query_key, value, normalised, kernel, work[5], work[0])
        h *= min(5.0, max(0.2, 0.9 * (tolerance / max(error, 1e-300)) ** (1.0 / 3.0)))
        # a single particle may rest for ever: the step must not overflow
        h = min(h, 1e6)
    return 0, trials


ADAPTIVE = Separate("adaptive_trajectory", _adaptive_trajectory)
adaptive_trajectory = ADAPTIVE.call


@compiled(parallel=True)
def adaptive_trajectories(starts, model, normalised, query_key, value, times, settings, positions, status, trials):
    """The continuous flow at ``times``; ``settings``: tolerance, merging distance (0: never), most trial steps, first step."""
    for run in prange(starts.shape[0]):
        status[run], trials[run] = adaptive_trajectory(
            starts[run], model, normalised, query_key, value, times, settings, positions[run]
        )
