"""Systems with random weights by the published steps: ``SINGLES`` systems at a time.

A system is over once nothing that is recorded can change any more: one cluster, of one dimension.

With V = I a step goes into the cone of the particles. Once all pairs are above 1 - span threshold / n, the second eigenvalue of the
Gram matrix is below the span threshold, and both stay so.

With another V, particles that are one group (``merged_particles``) all get the same update y = V x, up to a positive factor, and
a step divides their distance by |x + step y|. If V is positive semidefinite this is at least 1: they stay together.
"""

import math

import numpy as np

from attention_atlas.dynamics.clustering.vector_kernels import aligned, inner_products
from attention_atlas.dynamics.self_attention.adaptive import FAILED
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, SINGLES, store
from attention_atlas.papers.perspective.random_weights.kernels import (
    enter_matrix,
    enter_points,
    leave_points,
    round_points,
    transform,
    weighted_move,
)
from attention_atlas.papers.perspective.random_weights.merged_particles import LEFT, gather
from attention_atlas.papers.perspective.random_weights.statistics import cluster_counts, count_above, span_dimensions

__all__ = ["OVER", "PARTED", "advance_random_weights", "working_memory"]

# What a system's status may be, beside 0 and FAILED: over, and to be computed again without groups, as one has parted
OVER, PARTED = 101, 102


@inner
def _last_threshold(model, n):
    """Inner product of all pairs above which a system is one cluster of one dimension by all three thresholds."""
    _, _, _, threshold, span_threshold, fine_threshold, _, _ = model
    return max(threshold, fine_threshold, 1.0 - span_threshold / n)


@inner
def _enter(system, runs, matrices, own, senders, particles, stride, memory):
    """Put the points, masses and matrices of these runs into their places."""
    points, masses, _, groups, numbers = system
    query_keys, values, which = matrices
    x, single_masses, double_masses, matrix, value = memory
    n = points.shape[1]
    for place in range(SINGLES):
        run = runs[place]
        enter_points(points[run], groups[run], numbers[run], place, senders, particles, stride, x)
        first = place // NATIVE * n * NATIVE + place % NATIVE
        for j in range(senders):
            single_masses[j * SINGLES + place] = masses[run, j]
            double_masses[first + j * NATIVE] = masses[run, j]
        enter_matrix(query_keys[which[run]], place, stride, matrix)
        if own:
            enter_matrix(values[which[run]], place, stride, value)


@inner
def _measure(products, masses, n, model, final, statistics, scratch, first, found):
    """Close pairs, pairs above ``final`` and, if asked for, clusters, span, clusters of the finer threshold: into five rows of ``found``.

    Those of the systems in the places from ``first`` on; pairs inside a group are not counted.
    """
    _, _, _, threshold, span_threshold, fine_threshold, _, _ = model
    store(found, first, count_above(products, masses, n, threshold))
    store(found, first + SINGLES, count_above(products, masses, n, final))
    if statistics:
        changes = scratch[n * NATIVE : (n + 1) * NATIVE]
        store(found, first + 2 * SINGLES, cluster_counts(products, n, threshold, scratch, changes))
        store(found, first + 4 * SINGLES, cluster_counts(products, n, fine_threshold, scratch, changes))
        store(found, first + 3 * SINGLES, span_dimensions(products, masses, n, span_threshold, scratch))


@inner
def _finish(run, first, every, pairs, results):
    """Records of a run that is over, from record ``first`` on."""
    counts, clusters, spans, fine = results
    for t in range(first, counts.shape[1]):
        counts[run, t] = 2 * pairs
    for t in range(-(-first // every), clusters.shape[1]):
        clusters[run, t] = spans[run, t] = fine[run, t] = 1


@inner
def _write(found, t, every, runs, masses, identity, status, results):
    """Record t of the ``runs`` in their places; notes which are over, and returns whether all are."""
    counts, clusters, spans, fine = results
    n = masses.shape[1]
    pairs, everything = n * (n - 1) // 2, True
    for place in range(runs.shape[0]):
        run, inside = runs[place], 0.0
        if status[run] == OVER:
            continue
        for mass in masses[run]:
            inside += mass * (mass - 1.0) / 2.0 if mass > 1.0 else 0.0
        counts[run, t] = 2 * int(found[place] + inside)
        if t % every == 0:
            clusters[run, t // every] = int(found[2 * SINGLES + place])
            spans[run, t // every] = int(found[3 * SINGLES + place])
            fine[run, t // every] = int(found[4 * SINGLES + place])
        if identity and int(found[SINGLES + place] + inside) == pairs:
            status[run] = OVER
            _finish(run, t + 1, every, pairs, results)
        everything = everything and status[run] == OVER
    return everything


def _vector_of_runs(runs, system, model, matrices, steps, record_steps, every, memory, status, results):
    """Some steps of at most ``SINGLES`` runs, and the records at their ends; see ``advance_random_weights``."""
    points, masses, _, groups, numbers = system
    factor, sign, step_size, _, _, _, softmax, _ = model
    x, moved, rounded, keys, pulled, matrix, value, panel, products, scratch, found, light, heavy = memory
    _, n, d = points.shape
    coordinates = d + -d % 4
    stride = coordinates + 1
    final = _last_threshold(model, n)
    own = matrices[1].shape[1] > 0
    identity = not own and sign == 0.0
    step = step_size if own or identity else sign * step_size
    # a place without a run of its own repeats the last one
    # (np.int64: what a plain 0 is passed to would be compiled for that number too)
    places, senders, witnesses = np.empty(SINGLES, np.int64), np.int64(0), 0
    for place in range(SINGLES):
        run = runs[min(place, runs.shape[0] - 1)]
        places[place] = run
        senders, witnesses = max(senders, groups[run]), max(witnesses, numbers[run] - groups[run])
    receivers = senders + witnesses
    receivers += -receivers % 4
    half, size = receivers * stride * NATIVE, receivers * stride * SINGLES
    _enter(system, places, matrices, own, senders, receivers, stride, (x, light, heavy, matrix, value))
    t = steps[2]
    for now in range(steps[0], steps[1] + 1):
        if now > steps[0]:
            round_points(x, size, rounded)
            transform(matrix, rounded, senders + -senders % 4, coordinates, stride, keys)
            if own:
                transform(value, rounded, senders + -senders % 4, coordinates, stride, pulled)
            # V x
            images = pulled if own else rounded if identity else keys
            weighted_move(
                x,
                rounded,
                keys,
                images,
                light,
                senders,
                receivers,
                n,
                coordinates,
                stride,
                factor,
                step,
                softmax,
                panel,
                moved,
            )
            x, moved = moved, x
        while t < steps[3] and record_steps[t] == now:
            for place in range(0, SINGLES, NATIVE):
                inner_products(x[place // NATIVE * half :], senders, coordinates, stride, products)
                mass = heavy[place * n :]
                _measure(products, mass, senders, model, final, t % every == 0, scratch, place, found)
            t += 1
            if _write(found, t - 1, every, runs, masses, identity, status, results):
                return
    for place in range(runs.shape[0]):
        run = runs[place]
        leave_points(x, groups[run], numbers[run], place, senders, receivers, stride, points[run])


_VECTOR_OF_RUNS = Separate("random_weights", _vector_of_runs)
vector_of_runs = _VECTOR_OF_RUNS.call


@inner
def _gather_run(run, system, model, next_record, every, status, results):
    """Unite what has met in a run, and note whether it is over, has failed, or has a group that has parted."""
    points, masses, owners, groups, numbers = system
    n, contracting = points.shape[1], model[7]
    for i in range(numbers[run]):
        if math.isnan(points[run, i, 0]):
            status[run] = FAILED
            return
    limit = math.sqrt(2.0 - 2.0 * _last_threshold(model, n)) / 10
    found, number = gather(points[run], masses[run], owners[run], groups[run], numbers[run], limit)
    if found == LEFT:
        status[run] = PARTED
        return
    groups[run], numbers[run] = found, number
    if contracting and found == 1:
        status[run] = OVER
        _finish(run, next_record, every, n * (n - 1) // 2, results)


@compiled
def _advance(runs, system, model, matrices, steps, record_steps, every, memory, status, results, merging):
    for first in range(0, runs.shape[0], SINGLES):
        mine = runs[first : first + SINGLES]
        vector_of_runs(mine, system, model, matrices, steps, record_steps, every, memory, status, results)
        for run in mine:
            if merging and status[run] == 0:
                _gather_run(run, system, model, steps[3], every, status, results)


def _aligned_singles(size):
    return aligned(size // 2).view(np.float32)


def working_memory(n, d):
    """What ``advance_random_weights`` works in: at most n groups, and witnesses of n / 2."""
    coordinates, particles = d + -d % 4, n + n // 2 + 3
    stride = coordinates + 1
    points, square = particles * stride * SINGLES, coordinates * stride * SINGLES
    return (
        aligned(points),
        aligned(points),
        _aligned_singles(points),
        _aligned_singles(points),
        _aligned_singles(points),
        _aligned_singles(square),
        _aligned_singles(square),
        _aligned_singles(4 * particles * SINGLES),
        aligned(n * (n - 1) // 2 * NATIVE),
        aligned((2 * n + 1) * NATIVE),
        aligned(5 * SINGLES),
        _aligned_singles(n * SINGLES),
        aligned(n * SINGLES),
    )


def advance_random_weights(runs, system, model, matrices, steps, record_steps, every, memory, status, results, merging):
    """Published steps with general weights, and the records at their ends, in one thread.

    Parameters
    ----------
    runs
        Which runs; those side by side in a vector should have about as many groups.
    system
        Of all runs: points (runs, n, d) with the groups and then their witnesses, masses (runs, n), owners (runs, n), number of
        groups (runs,), number of points with witnesses (runs,).
    model
        The factor of <x_i, M x_j> in the exponent of 2; the sign of V = +-M (0: V is a matrix of its own, or the identity);
        step size; thresholds for close pairs (inner product), for the span (eigenvalue of the Gram matrix) and for the finer count of
        clusters (inner product); whether the kernel is the softmax, or divided by n as in USA; whether V is positive semidefinite.
    matrices
        Matrices M = Q^T K and V (matrices, d, d), and which of them a run has (runs,); V of size 0 is the identity or +-M.
    steps, record_steps
        From which step to which, and from which record up to which (not with it) is written on the way; the steps of all records.
    every
        Clusters and spans are found at each ``every``-th record, from the first on.
    memory
        From ``working_memory``.
    status
        0, ``OVER``, ``PARTED`` or ``FAILED`` of each run.
    results
        Close pairs, clusters, spans and clusters of the finer count, (runs, records) each.
    merging
        Whether particles that have met are united at the end of the steps.
    """
    arguments = (runs, system, model, matrices, steps, record_steps, every, memory, status, results)
    _VECTOR_OF_RUNS.prepare_for(*arguments)
    _advance(*arguments, merging)
