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
from numba import njit, prange

from attention_atlas.dynamics.point_statistics import cluster_count, gram_matrix, second_moment, span_dimension
from attention_atlas.dynamics.self_attention_adaptive import (
    FAILED,
    MERGE_EVERY,
    TOO_MANY_STEPS,
    adaptive_step,
    field,
    interpolate,
    merge_close,
)
from attention_atlas.dynamics.self_attention_field import (
    attention_sums,
    close_pairs,
    spread,
    step_and_normalise,
    transform,
)
from attention_atlas.numerics.lanes import LANES

__all__ = ["adaptive_clustering", "random_weights_clustering"]

_MODEL = {"cache": True, "error_model": "numpy"}


@njit(**_MODEL)
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
            x[:], work[0] = work[4], work[3]
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


@njit(parallel=True, **_MODEL)
def adaptive_clustering(starts, beta, times, threshold, normalised, shift, settings, counts, status, trials):
    """The flow with Q = K = V = I by the adaptive integrator; see ``clustering_euler`` for the counts.

    ``settings``: error per step (radians), merging distance, largest number of trial steps, first step size.
    """
    for run in prange(starts.shape[0]):
        status[run], trials[run] = _adaptive_run(
            starts[run], beta, times, threshold, normalised, shift, settings, counts[run]
        )


@njit(**_MODEL)
def _general_steps(
    x, sums, keys, weights, n, beta, query_keys, values, layers, steps_per_layer, first, last, size, kernel
):
    """Published steps number ``first`` to ``last``; returns the smallest length met (0 or NaN: a direction was lost)."""
    smallest = 1e300
    for step in range(first, last):
        layer = layers[min(step // steps_per_layer, layers.shape[0] - 1)]
        transform(query_keys[layer], x, n, keys)
        attention_sums(x, keys, x, weights, n, beta, 0.0, True, 1.0 / n, kernel, sums)
        if values.shape[1] > 0:
            transform(values[layer], sums, n, keys)
            length = step_and_normalise(x, keys, n, size)
        else:
            length = step_and_normalise(x, sums, n, size)
        if not length > 0.0:
            return 0.0
        smallest = min(smallest, length)
    return smallest


@njit(parallel=True, **_MODEL)
def random_weights_clustering(
    starts,
    beta,
    query_keys,
    values,
    layer_of_run,
    steps_per_layer,
    step_size,
    record_steps,
    every,
    thresholds,
    counts,
    clusters,
    spans,
    status,
):
    """Published softmax steps with general weights.

    With V = I a step still goes into the cone of the particles, so a system stops
    once all pairs are above 1 - span threshold / n: then the second eigenvalue of the
    Gram matrix is below the span threshold, and both stay so. With another V
    clusters may part again, and nothing stops early.

    Parameters
    ----------
    query_keys, values
        (layers, d, d) matrices M (exponent beta <x_i, M x_j>) and V; V of size 0 is the identity.
    layer_of_run
        (runs, layers of a run): which matrices a run uses in each stretch of ``steps_per_layer`` steps.
    every
        Clusters and spans are found at each ``every``-th record, from the first on.
    thresholds
        For close pairs (inner product) and for the span (eigenvalue of the Gram matrix).
    """
    runs, n, d = starts.shape
    width = -(-n // LANES) * LANES
    everything = n * n
    final = max(thresholds[0], 1.0 - thresholds[1] / n)
    for run in prange(runs):
        x, sums, keys = np.empty((d, width)), np.empty((d, width)), np.empty((d, width))
        weights, kernel = np.empty(width), np.empty(n * LANES)
        gram, moment, row = np.empty((n, n)), np.empty((d, d)), np.empty(max(n, d))
        stack, unseen = np.empty(n, np.int64), np.empty(n, np.int64)
        spread(starts[run], x, weights)
        layers = layer_of_run[run]
        step = 0
        done = False
        for t in range(record_steps.shape[0]):
            if done:
                counts[run, t] = everything - n
                if t % every == 0:
                    clusters[run, t // every], spans[run, t // every] = 1, 1
                continue
            last = record_steps[t]
            if (
                not _general_steps(
                    x,
                    sums,
                    keys,
                    weights,
                    n,
                    beta,
                    query_keys,
                    values,
                    layers,
                    steps_per_layer,
                    step,
                    last,
                    step_size,
                    kernel,
                )
                > 0.0
            ):
                status[run] = FAILED
            step = last
            near = int(close_pairs(x, weights, n, thresholds[0]))
            counts[run, t] = near - n
            if t % every == 0:
                gram_matrix(x, n, gram)
                clusters[run, t // every] = cluster_count(gram, thresholds[0], stack, unseen)
                if d < n:
                    second_moment(x, n, moment)
                    spans[run, t // every] = span_dimension(moment, thresholds[1], row)
                else:
                    spans[run, t // every] = span_dimension(gram, thresholds[1], row)
            if near == everything and values.shape[1] == 0:
                done = close_pairs(x, weights, n, final) == everything
