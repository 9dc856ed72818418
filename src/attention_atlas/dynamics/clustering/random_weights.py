"""Phase diagrams with random weights by the published steps: ``SINGLES`` systems at a time in each thread.

A system is over once nothing that is recorded can change any more: one cluster, of one dimension.

With V = I a step goes into the cone of the particles. Once all pairs are above 1 - span threshold / n, the second eigenvalue of the
Gram matrix is below the span threshold, and both stay so.

With another V clusters may part again. But in a softmax particles that differ by D all get the same update y, V times their mean, up
to terms of the size D^3, and one step x <- N(x + step y) divides their distance by |x + step y|. Where the particles of a system
differ by less than ``_ONE``, their mean alone is followed to the last record. If the distance never grows to a tenth
of what the records would show, the system is over.

From time to time the systems that are over leave their places to others, so that the vectors stay full.
"""

import math

import numpy as np
from numba import njit, prange

from attention_atlas.dynamics.clustering.vector_kernels import aligned, inner_products
from attention_atlas.dynamics.clustering.vector_statistics import cluster_counts, count_above, span_dimensions
from attention_atlas.dynamics.clustering.weighted_kernels import (
    enter_matrix,
    enter_points,
    leave_points,
    round_points,
    transform,
    weighted_move,
)
from attention_atlas.dynamics.self_attention.adaptive import FAILED
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, SINGLES, store

__all__ = ["prepare_share", "random_weights_clustering"]

_MODEL = {"cache": True, "error_model": "numpy"}
# Vectors of systems that one thread takes at a time
_SHARE = 8
# Particles of a system that differ by less than this count as one
_ONE = 1e-5


@njit(**_MODEL)
def _enter_layer(layer, runs, query_keys, values, layer_of_run, stride, matrix, value):
    """Put the matrices of one layer of these runs, one a place, into their places."""
    for place in range(SINGLES):
        number = layer_of_run[runs[place], layer]
        enter_matrix(query_keys[number], place, stride, matrix)
        if values.shape[1] > 0:
            enter_matrix(values[number], place, stride, value)


@njit(**_MODEL)
def _measure(products, n, thresholds, final, statistics, scratch, first, found):
    """Close pairs, pairs above ``final`` and, if asked for, clusters, span, clusters of the finer threshold: into five rows of ``found``.

    Those of the systems in the places from ``first`` on.
    """
    store(found, first, count_above(products, n, thresholds[0]))
    store(found, first + SINGLES, count_above(products, n, final))
    if statistics:
        changes = scratch[n * NATIVE : (n + 1) * NATIVE]
        store(found, first + 2 * SINGLES, cluster_counts(products, n, thresholds[0], scratch, changes))
        store(found, first + 4 * SINGLES, cluster_counts(products, n, thresholds[2], scratch, changes))
        store(found, first + 3 * SINGLES, span_dimensions(products, n, thresholds[1], scratch))


@njit(**_MODEL)
def _finish(run, first, every, pairs, results):
    """Records of a run that is over, from record ``first`` on."""
    counts, clusters, spans, fine = results
    for t in range(first, counts.shape[1]):
        counts[run, t] = 2 * pairs
    for t in range(-(-first // every), clusters.shape[1]):
        clusters[run, t] = spans[run, t] = fine[run, t] = 1


@njit(**_MODEL)
def _write(found, t, every, runs, number, pairs, identity, over, results):
    """Record t of the first ``number`` of the ``runs`` in their places; notes which are over, and returns whether all are."""
    counts, clusters, spans, fine = results
    everything = True
    for place in range(number):
        run = runs[place]
        if over[run]:
            continue
        counts[run, t] = 2 * int(found[place])
        if t % every == 0:
            clusters[run, t // every] = int(found[2 * SINGLES + place])
            spans[run, t // every] = int(found[3 * SINGLES + place])
            fine[run, t // every] = int(found[4 * SINGLES + place])
        if identity and int(found[SINGLES + place]) == pairs:
            over[run] = True
            _finish(run, t + 1, every, pairs, results)
        everything = everything and over[run]
    return everything


@njit(**_MODEL)
def _vector_of_runs(
    points,
    runs,
    number,
    first,
    end,
    model,
    matrices,
    layer_of_run,
    steps_per_layer,
    record_steps,
    every,
    memory,
    over,
    results,
):
    """The records ``first`` to ``end`` of the first ``number`` of ``runs``, from ``points`` on, which become those of the last record."""
    factor, sign, step_size, threshold, span_threshold, fine_threshold, softmax = model
    thresholds = (threshold, span_threshold, fine_threshold)
    query_keys, values = matrices
    x, moved, rounded, keys, pulled, matrix, value, panel, products, scratch, found = memory
    _, n, d = points.shape
    coordinates, particles, pairs = d + -d % 4, n + -n % 4, n * (n - 1) // 2
    stride = coordinates + 1
    final = _last_threshold(model, n)
    own = values.shape[1] > 0
    identity = not own and sign == 0.0
    step = step_size if own or identity else sign * step_size
    now, present, finished = 0 if first == 0 else record_steps[first - 1], -1, False
    half = particles * stride * NATIVE
    for place in range(SINGLES):
        enter_points(points[runs[place]], place, stride, x)
    for t in range(first, end):
        while now < record_steps[t] and not finished:
            layer = min(now // steps_per_layer, layer_of_run.shape[1] - 1)
            if layer != present:
                _enter_layer(layer, runs, query_keys, values, layer_of_run, stride, matrix, value)
                present = layer
            round_points(x, rounded)
            transform(matrix, rounded, particles, coordinates, stride, keys)
            if own:
                transform(value, rounded, particles, coordinates, stride, pulled)
            # V x
            images = pulled if own else rounded if identity else keys
            weighted_move(x, rounded, keys, images, n, coordinates, stride, factor, step, softmax, panel, moved)
            x, moved = moved, x
            now += 1
        if finished:
            break
        for first_place in range(0, SINGLES, NATIVE):
            inner_products(x[first_place // NATIVE * half :], n, coordinates, stride, products)
            _measure(products, n, thresholds, final, t % every == 0, scratch, first_place, found)
        finished = _write(found, t, every, runs, number, pairs, identity, over, results)
    for place in range(number):
        leave_points(x, place, stride, points[runs[place]])


@njit(**_MODEL)
def _last_threshold(model, n):
    """Inner product of all pairs above which a system is one cluster of one dimension by all three thresholds."""
    _, _, _, threshold, span_threshold, fine_threshold, _ = model
    return max(threshold, fine_threshold, 1.0 - span_threshold / n)


@njit(**_MODEL)
def _stays_one(points, values, sign, layers, steps_per_layer, step, last, step_size, limit):
    """Whether particles that nearly agree stay within the distance ``limit`` of each other from ``step`` to ``last``; see above."""
    n, d = points.shape
    y, moved = np.zeros(d), np.empty(d)
    for i in range(n):
        for c in range(d):
            y[c] += points[i, c] / n
    square = 0.0
    for i in range(n):
        away = 0.0
        for c in range(d):
            away += (points[i, c] - y[c]) ** 2
        square = max(square, away)
    distance = 2.0 * math.sqrt(square)
    if not distance < _ONE:
        return False
    for now in range(step, last):
        value = values[layers[min(now // steps_per_layer, layers.shape[0] - 1)]]
        square = 0.0
        for a in range(d):
            total = 0.0
            for k in range(d):
                total += value[a, k] * y[k]
            moved[a] = y[a] + sign * step_size * total
            square += moved[a] * moved[a]
        length = math.sqrt(square)
        distance /= length
        if not distance < limit:
            return False
        for a in range(d):
            y[a] = moved[a] / length
    return True


@njit(**_MODEL)
def _retire(points, first, model, matrices, layer_of_run, steps_per_layer, record_steps, every, over, results):
    """Note which systems have become one particle for good, before record ``first``, and write the records that they lack."""
    _, sign, step_size, _, _, _, softmax = model
    query_keys, values = matrices
    own, n = values.shape[1] > 0, points.shape[1]
    if not softmax or (sign == 0.0 and not own):
        return
    limit = math.sqrt(2.0 - 2.0 * _last_threshold(model, n)) / 10
    for run in range(points.shape[0]):
        if not over[run] and _stays_one(
            points[run],
            values if own else query_keys,
            1.0 if own else sign,
            layer_of_run[run],
            steps_per_layer,
            record_steps[first - 1],
            record_steps[-1],
            step_size,
            limit,
        ):
            over[run] = True
            _finish(run, first, every, n * (n - 1) // 2, results)


@njit(**_MODEL)
def _aligned_singles(size):
    return aligned(size // 2).view(np.float32)


@njit(**_MODEL)
def _memory(n, d):
    """What ``_vector_of_runs`` works in."""
    coordinates, particles = d + -d % 4, n + -n % 4
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
    )


@njit(**_MODEL)
def _share_of_runs(
    starts,
    begin,
    end,
    model,
    matrices,
    layer_of_run,
    steps_per_layer,
    record_steps,
    every,
    counts,
    clusters,
    spans,
    fine,
    status,
):
    """Runs ``begin`` to ``end``, a vector after the other in the same memory; from time to time those that are over leave their places."""
    points, runs, over = starts[begin:end].copy(), np.empty(SINGLES, np.int64), np.zeros(end - begin, np.bool_)
    layers = layer_of_run[begin:end]
    results = counts[begin:end], clusters[begin:end], spans[begin:end], fine[begin:end]
    memory, first = _memory(points.shape[1], points.shape[2]), 0
    # after a sixteenth of the records, an eighth, ...: most of those that become one particle do so early
    for part in (16, 8, 4, 2, 1):
        last = -(-record_steps.shape[0] // part)
        if last == first:
            continue
        number = 0
        for run in range(end - begin):
            if not over[run]:
                for place in range(number, SINGLES):  # a place without a run of its own repeats the last one
                    runs[place] = run
                number += 1
            if number == SINGLES or (number > 0 and run == end - begin - 1):
                _vector_of_runs(
                    points,
                    runs,
                    number,
                    first,
                    last,
                    model,
                    matrices,
                    layers,
                    steps_per_layer,
                    record_steps,
                    every,
                    memory,
                    over,
                    results,
                )
                number = 0
        first = last
        _retire(points, first, model, matrices, layers, steps_per_layer, record_steps, every, over, results)
    for run in range(end - begin):
        if math.isnan(points[run].sum()):
            status[begin + run] = FAILED


_SHARE_OF_RUNS = Separate("random_weights_share", _share_of_runs)
share_of_runs = _SHARE_OF_RUNS.call


def prepare_share(starts, model, query_keys, values, *others):
    """Make ready what ``random_weights_clustering`` calls with these arguments."""
    _SHARE_OF_RUNS.prepare_for(starts, 0, 0, model, (query_keys, values), *others)


@njit(parallel=True, **_MODEL)
def random_weights_clustering(
    starts,
    model,
    query_keys,
    values,
    layer_of_run,
    steps_per_layer,
    record_steps,
    every,
    counts,
    clusters,
    spans,
    fine,
    status,
):
    """Published steps with general weights.

    Parameters
    ----------
    starts
        (runs, n, d) unit vectors.
    model
        The factor of <x_i, M x_j> in the exponent of 2; the sign of V = +-M (0: V is a matrix of its own, or the identity);
        step size; thresholds for close pairs (inner product), for the span (eigenvalue of the Gram matrix) and for the finer count of
        clusters (inner product); whether the kernel is the softmax, or divided by n as in USA.
    query_keys, values
        (layers, d, d) matrices M = Q^T K and V; V of size 0 is the identity or, with a sign, +-M.
    layer_of_run
        (runs, layers of a run): which matrices a run uses, each for ``steps_per_layer`` steps.
    every
        Clusters and spans are found at each ``every``-th record, from the first on.
    """
    runs, share = starts.shape[0], _SHARE * SINGLES
    for group in prange(-(-runs // share)):
        share_of_runs(
            starts,
            group * share,
            min(runs, (group + 1) * share),
            model,
            (query_keys, values),
            layer_of_run,
            steps_per_layer,
            record_steps,
            every,
            counts,
            clusters,
            spans,
            fine,
            status,
        )
