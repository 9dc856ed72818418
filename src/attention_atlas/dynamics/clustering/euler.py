"""Phase diagrams by the published steps with Q = K = V = I: eight systems at a time in each thread.

A system leaves its place once all its pairs are closer than the threshold, and the next one takes
it: the published step moves each particle into the cone of all particles, and the spherical
convex hull of points with pairwise angles below pi/2 has the diameter of the points, so the largest angle never
grows again. All later records are n (n - 1) without computing.
"""

import numpy as np
from numba import prange

from attention_atlas.dynamics.clustering.vector_kernels import aligned, inner_products, kernels_of
from attention_atlas.dynamics.clustering.vector_moves import move
from attention_atlas.dynamics.self_attention.adaptive import FAILED
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, store

__all__ = ["GROUP", "euler_clustering"]

# Systems that one thread takes at a time: many, so that its places seldom stand empty at the end.
_GROUP = 16 * NATIVE


@inner
def _enter(start, place, stride, x):
    n, d = start.shape
    for i in range(n):
        for c in range(d):
            x[(i * stride + c) * NATIVE + place] = start[i, c]


@inner
def _lost(n, d, place, stride, x):
    """Whether a particle of the system in this place is not a number any more."""
    total = 0.0
    for i in range(n):
        for c in range(d):
            total += x[(i * stride + c) * NATIVE + place]
    return total != total


@inner
def _record(pairs, everything, step, record_steps, record, counts):
    """Write the counts of this step, and all that follow if everything is close; returns the next record."""
    records = record_steps.shape[0]
    while record < records and (record_steps[record] == step or pairs == everything):
        counts[record] = pairs
        record += 1
    return record


def _group(starts, first, last, model, record_steps, counts, status):
    """The systems ``first`` to ``last``; ``model`` as in ``euler_clustering``."""
    factor, shift, own, step_size, uniform, threshold = model
    _, n, d = starts.shape
    coordinates = 2 if d <= 2 else d + -d % 8
    stride, pairs = coordinates + 1, n * (n - 1) // 2
    x, moved = aligned(n * stride * NATIVE), aligned(n * stride * NATIVE)
    kernels, near = aligned(pairs * NATIVE), aligned(NATIVE)
    run_of, step_of, record_of = np.full(NATIVE, -1), np.zeros(NATIVE, np.int64), np.zeros(NATIVE, np.int64)
    waiting, at_work = first, 0
    for place in range(NATIVE):
        # a place without a system computes something harmless
        _enter(starts[min(waiting, last - 1)], place, stride, x)
        if waiting < last:
            run_of[place] = waiting
            waiting, at_work = waiting + 1, at_work + 1
    while at_work > 0:
        inner_products(x, n, d, stride, kernels)
        store(near, 0, kernels_of(kernels, n, factor, shift, threshold))
        move(x, n, coordinates, stride, own, step_size, uniform, kernels, moved)
        for place in range(NATIVE):
            run = run_of[place]
            if run < 0:
                continue
            record = _record(
                2 * int(near[place]), 2 * pairs, step_of[place], record_steps, record_of[place], counts[run]
            )
            record_of[place] = record
            step_of[place] += 1
            if record < record_steps.shape[0]:
                continue
            if _lost(n, d, place, stride, x):
                status[run] = FAILED
            if waiting < last:
                _enter(starts[waiting], place, stride, moved)
                run_of[place], step_of[place], record_of[place] = waiting, 0, 0
                waiting += 1
            else:
                run_of[place] = -1
                at_work -= 1
        x, moved = moved, x


GROUP = Separate("clustering_group", _group)
group_of_runs = GROUP.call


@compiled(parallel=True)
def euler_clustering(starts, model, record_steps, counts, status):
    """Published steps; ``counts[r, t]`` gets the ordered close pairs i != j of run r after ``record_steps[t]`` steps.

    Parameters
    ----------
    starts
        (runs, n, d) unit vectors.
    model
        Six numbers: the kernel is 2^(factor <x_i, x_j> - shift), ``own`` is that of a particle with itself, then the
        step size, ``uniform`` (step size / n for the unnormalised kernel, 0 for the softmax) and the threshold.
    record_steps
        Ascending.
    status
        Becomes FAILED where a point lost its length.
    """
    runs = starts.shape[0]
    # few runs are shared by all threads; the division does not show in the bits
    size = min(_GROUP, NATIVE * max(1, runs // (8 * NATIVE)))
    groups = -(-runs // size)
    for group in prange(groups):
        group_of_runs(starts, group * size, min(runs, (group + 1) * size), model, record_steps, counts, status)
