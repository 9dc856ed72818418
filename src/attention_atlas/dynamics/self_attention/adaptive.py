"""Adaptive integration of the self-attention flow, with merging of particles that have met.

Bogacki and Shampine's embedded pair of orders 3 and 2 (first same as last:
three evaluations a step, cubic interpolation for free), the step followed by a
return to the sphere. Unnormalised attention at large beta is stiff only inside
clusters: a cluster of m of n tokens contracts at the rate e^beta m / n, while
the slow motion of the clusters is what one waits for. Particles nearer than
``merge_distance`` are therefore replaced by their mean direction, which
carries the sum of their weights. The first-order change of the field cancels,
so the error is of the order of beta merge_distance**2; afterwards the fast
rate is gone, and the cost falls with the square of the particles left.
"""

import math

import numpy as np
from numba import types

from attention_atlas.dynamics.self_attention.field import attention_sums, close_pairs, remove_radial, transform
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lane_extras import lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, larger, load, sqrt, store
from attention_atlas.numerics.native import lane_max
from attention_atlas.numerics.separate import Separate

__all__ = [
    "FAILED",
    "MERGE_EVERY",
    "TOO_MANY_STEPS",
    "adaptive_step",
    "field",
    "interpolate",
    "merge_close",
    "prepare_steps",
    "squares",
]

TOO_MANY_STEPS = 1
FAILED = 2
# Whether particles may be merged is tested after every so many accepted steps.
MERGE_EVERY = 4

# Row s: how much of the slopes before stage s + 1 has; the last row is the step.
TABLEAU = np.array([[0.5, 0.0, 0.0], [0.0, 0.75, 0.0], [2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0]])


def _field(x, weights, active, model, query_key, value, normalised, kernel, keys, sums):
    """dx/dt of the flow on the sphere, in ``sums``.

    ``model`` holds beta and the shift of the exponent, both times log2(e), and 1/n. Empty matrices
    (0 x 0) stand for the identity.
    """
    factor, shift, inverse_count = model[0], model[1], model[2]
    senders = x
    if query_key.shape[0] > 0:
        transform(query_key, x, active, keys)
        senders = keys
    attention_sums(x, senders, x, weights, active, factor, shift, normalised, inverse_count, kernel, sums)
    if value.shape[0] > 0:
        transform(value, sums, active, keys)
        _copy(keys, active, sums)
    remove_radial(x, weights, sums, active)


_FIELD = Separate("self_attention_field", _field)
field = _FIELD.call


@inner
def _copy(source, active, target):
    d, width = source.shape
    for c in range(d):
        for block in range(0, active, LANES):
            store(target, c * width + block, load(source, c * width + block))


@inner
def _combine(x, active, h, slopes, shares, used, out):
    """out = x + h sum_i shares_i slope_i over the first ``used`` slopes."""
    d, width = x.shape
    for c in range(d):
        for block in range(0, active, LANES):
            at = c * width + block
            change = load(slopes[0], at) * shares[0]
            for stage in range(1, used):
                change = change + load(slopes[stage], at) * shares[stage]
            store(out, at, load(x, at) + change * h)


@inner
def _return_to_sphere(x, active):
    d, width = x.shape
    for block in range(0, active, LANES):
        square = broadcast(0.0)
        for c in range(d):
            here = load(x, c * width + block)
            square = square + here * here
        inverse = 1.0 / sqrt(square)
        for c in range(d):
            at = c * width + block
            store(x, at, load(x, at) * inverse)


@inner
def _largest_error(k1, k2, k3, k4, active, h):
    """Largest length over the particles of the difference of the two orders; a NaN stays one."""
    d, width = k1.shape
    worst = broadcast(0.0)
    total = broadcast(0.0)
    for block in range(0, active, LANES):
        square = broadcast(0.0)
        for c in range(d):
            at = c * width + block
            e = load(k1, at) * (-5.0 / 72.0) + load(k2, at) * (1.0 / 12.0)
            e = e + load(k3, at) * (1.0 / 9.0) - load(k4, at) * 0.125
            square = square + e * e
        total = total + square
        worst = larger(square, worst)
    if not lane_sum(total) < 1e300:
        return math.nan
    return h * math.sqrt(lane_max(worst))


def _adaptive_step(x, weights, active, h, model, query_key, value, normalised, kernel, work):
    """One trial step from x with k1 = field(x) in ``work[0]``.

    Leaves the new point in ``work[4]`` and its field in ``work[3]``; returns the
    error estimate (radians on the sphere). ``work`` is (6, d, width).
    """
    new, keys = work[4], work[5]
    for stage in range(1, 4):
        _combine(x, active, h, work, TABLEAU[stage - 1], stage, new)
        if stage == 3:
            _return_to_sphere(new, active)
        field(new, weights, active, model, query_key, value, normalised, kernel, keys, work[stage])
    return _largest_error(work[0], work[1], work[2], work[3], active, h)


_STEP = Separate("self_attention_step", _adaptive_step)
adaptive_step = _STEP.call


def prepare_steps() -> None:
    """Make ``field`` and ``adaptive_step`` ready for kernels."""
    points, numbers, table = types.float64[:, ::1], types.float64[::1], types.float64[:, :, ::1]
    flow = (numbers, points, points, types.boolean, numbers)
    _FIELD.prepare(points, numbers, types.int64, *flow, points, points)
    _STEP.prepare(points, numbers, types.int64, types.float64, *flow, table)


@inner
def interpolate(x, new, k1, k4, active, h, share, out):
    """Cubic Hermite interpolation at ``share`` of the step from x to new, returned to the sphere."""
    d, width = x.shape
    rest = 1.0 - share
    h00 = (1.0 + 2.0 * share) * rest * rest
    h10 = share * rest * rest * h
    h01 = share * share * (3.0 - 2.0 * share)
    h11 = -share * share * rest * h
    for c in range(d):
        for block in range(0, active, LANES):
            at = c * width + block
            ends = load(x, at) * h00 + load(new, at) * h01
            store(out, at, ends + (load(k1, at) * h10 + load(k4, at) * h11))
    _return_to_sphere(out, active)


@inner
def _nearness(x, i, j):
    square = 0.0
    for c in range(x.shape[0]):
        difference = x[c, i] - x[c, j]
        square += difference * difference
    return square


@inner
def merge_close(x, weights, owner, active, distance):
    """Merge particles nearer than ``distance``; returns how many are left.

    ``owner[token]`` is the particle that stands for a token. The last particle
    takes a freed place; places beyond ``active`` keep weight 0.
    """
    if close_pairs(x, weights, active, 1.0 - distance * distance) <= squares(weights, active):
        return active
    # np.int64: what a plain 0 is passed to would be compiled for that number too
    i = np.int64(0)
    while i < active:
        j = i + 1
        while j < active:
            if _nearness(x, i, j) < distance * distance:
                active -= 1
                _join(x, weights, owner, i, j, active)
            else:
                j += 1
        i += 1
    return active


@inner
def squares(weights, active):
    """What ``close_pairs`` counts if no two particles are close."""
    total = 0.0
    for i in range(active):
        total += weights[i] * weights[i]
    return total


@inner
def _join(x, weights, owner, i, j, last):
    """Particle j joins i, and the last one moves to place j."""
    d = x.shape[0]
    square = 0.0
    for c in range(d):
        x[c, i] = weights[i] * x[c, i] + weights[j] * x[c, j]
        square += x[c, i] * x[c, i]
    for c in range(d):
        x[c, i] /= math.sqrt(square)
        x[c, j] = x[c, last]
    weights[i] += weights[j]
    weights[j] = weights[last]
    weights[last] = 0.0
    for token in range(owner.shape[0]):
        if owner[token] == j:
            owner[token] = i
    for token in range(owner.shape[0]):
        if owner[token] == last:
            owner[token] = j
