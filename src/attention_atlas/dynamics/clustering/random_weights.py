"""Phase diagrams with random weights by the published steps: eight systems at a time in each thread.

With V = I a step goes into the cone of the particles, so a system is over once all its pairs are
above 1 - span threshold / n: then the second eigenvalue of the Gram matrix is below the span threshold, and
both stay so. Eight systems that are over are computed no further. With another V clusters may part again.
"""

import numpy as np
from numba import njit, prange

from attention_atlas.dynamics.clustering.vector_kernels import aligned, inner_products
from attention_atlas.dynamics.clustering.vector_statistics import cluster_counts, count_above, span_dimensions
from attention_atlas.dynamics.clustering.weighted_kernels import enter_matrix, enter_points, transform, weighted_move
from attention_atlas.dynamics.self_attention.adaptive import FAILED
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, store

__all__ = ["prepare_share", "random_weights_clustering"]

_MODEL = {"cache": True, "error_model": "numpy"}
# Vectors of systems that share the memory of a thread
_SHARE = 4


@njit(**_MODEL)
def _enter_layer(layer, first, last, query_keys, values, layer_of_run, stride, matrix, value):
    """Put the matrices of one layer of all runs into their places."""
    for place in range(NATIVE):
        number = layer_of_run[min(first + place, last - 1), layer]
        enter_matrix(query_keys[number], place, stride, matrix)
        if values.shape[1] > 0:
            enter_matrix(values[number], place, stride, value)


@njit(**_MODEL)
def _measure(products, n, thresholds, final, statistics, scratch, found):
    """Close pairs, pairs above ``final`` and, if asked for, clusters, span, clusters of the finer threshold: five rows of ``found``."""
    store(found, 0, count_above(products, n, thresholds[0]))
    store(found, NATIVE, count_above(products, n, final))
    if statistics:
        store(
            found,
            2 * NATIVE,
            cluster_counts(products, n, thresholds[0], scratch, scratch[n * NATIVE : (n + 1) * NATIVE]),
        )
        store(
            found,
            4 * NATIVE,
            cluster_counts(products, n, thresholds[2], scratch, scratch[n * NATIVE : (n + 1) * NATIVE]),
        )
        store(found, 3 * NATIVE, span_dimensions(products, n, thresholds[1], scratch))


@njit(**_MODEL)
def _write(found, t, every, first, last, pairs, identity, done, counts, clusters, spans, fine):
    """Record t of the runs ``first`` to ``last``; notes which are over, and returns whether all are."""
    everything = True
    for run in range(first, last):
        place = run - first
        near = pairs if done[place] else int(found[place])
        counts[run, t] = 2 * near
        if t % every == 0:
            clusters[run, t // every] = 1 if done[place] else int(found[2 * NATIVE + place])
            spans[run, t // every] = 1 if done[place] else int(found[3 * NATIVE + place])
            fine[run, t // every] = 1 if done[place] else int(found[4 * NATIVE + place])
        if identity and int(found[NATIVE + place]) == pairs:
            done[place] = True
        everything = everything and done[place]
    return everything


@njit(**_MODEL)
def _vector_of_runs(
    starts,
    first,
    last,
    model,
    matrices,
    layer_of_run,
    steps_per_layer,
    record_steps,
    every,
    memory,
    counts,
    clusters,
    spans,
    fine,
    status,
):
    """Runs ``first`` to ``last``, at most NATIVE of them."""
    factor, sign, step_size, threshold, span_threshold, fine_threshold, softmax = model
    thresholds = (threshold, span_threshold, fine_threshold)
    query_keys, values = matrices
    x, moved, keys, pulled, matrix, value, panel, products, scratch, found = memory
    _, n, d = starts.shape
    coordinates, particles, pairs = d + -d % 4, n + -n % 4, n * (n - 1) // 2
    stride = coordinates + 1
    final = max(thresholds[0], thresholds[2], 1.0 - thresholds[1] / n)
    identity = values.shape[1] == 0 and sign == 0.0
    step, present, over = 0, -1, False
    done = np.zeros(NATIVE, np.bool_)
    for place in range(NATIVE):
        # a place without a run repeats the last one
        enter_points(starts[min(first + place, last - 1)], place, stride, x)
    for t in range(record_steps.shape[0]):
        while step < record_steps[t] and not over:
            layer = min(step // steps_per_layer, layer_of_run.shape[1] - 1)
            if layer != present:
                _enter_layer(layer, first, last, query_keys, values, layer_of_run, stride, matrix, value)
                present = layer
            transform(matrix, x, particles, coordinates, stride, keys)
            if identity:
                weighted_move(x, keys, x, n, coordinates, stride, factor, step_size, softmax, panel, moved)
            elif values.shape[1] == 0:
                weighted_move(x, keys, keys, n, coordinates, stride, factor, sign * step_size, softmax, panel, moved)
            else:
                transform(value, x, particles, coordinates, stride, pulled)
                weighted_move(x, keys, pulled, n, coordinates, stride, factor, step_size, softmax, panel, moved)
            x, moved = moved, x
            step += 1
        if not over:
            inner_products(x, n, coordinates, stride, products)
            _measure(products, n, thresholds, final, t % every == 0, scratch, found)
        over = _write(found, t, every, first, last, pairs, identity, done, counts, clusters, spans, fine)
    for run in range(first, last):
        total = 0.0
        for at in range(run - first, n * stride * NATIVE, NATIVE):
            total += x[at]
        if total != total:
            status[run] = FAILED


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
    """Runs ``begin`` to ``end``, a vector after the other in the same memory."""
    _, n, d = starts.shape
    coordinates, particles = d + -d % 4, n + -n % 4
    stride = coordinates + 1
    points, square = particles * stride * NATIVE, coordinates * stride * NATIVE
    memory = (
        aligned(points),
        aligned(points),
        aligned(points),
        aligned(points),
        aligned(square),
        aligned(square),
        aligned(4 * particles * NATIVE),
        aligned(n * (n - 1) // 2 * NATIVE),
        aligned((2 * n + 1) * NATIVE),
        aligned(5 * NATIVE),
    )
    for first in range(begin, end, NATIVE):
        _vector_of_runs(
            starts,
            first,
            min(end, first + NATIVE),
            model,
            matrices,
            layer_of_run,
            steps_per_layer,
            record_steps,
            every,
            memory,
            counts,
            clusters,
            spans,
            fine,
            status,
        )


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
    runs, share = starts.shape[0], _SHARE * NATIVE
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
