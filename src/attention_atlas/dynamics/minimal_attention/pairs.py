"""The minimal attention map of many pixels that have one or two distinct points left.

Two points with weights need one exponential each,

    x_i <- W_V (w_i x_i + r x_o), normalised,   r = w_o exp(q_i . (k_o - k_i)),

too little work to fill a vector with one pixel, so pixels are put side by side:
``LANES`` pixels step together, and a lane that is finished takes the next pixel
from the list. A lane knows nothing of its neighbours, so the result does not
depend on which pixels share a vector.

A single point moves by x <- W_V x, normalised: its period comes from powers of W_V.
"""

import math

import numpy as np

from attention_atlas.dynamics.minimal_attention.crowd import MERGED, NORM_SHIFT, STILL
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vector_math import exp

__all__ = ["PAIR_COLUMNS", "finish_pairs"]

LANES = 64
# Rows of the scratch array, LANES numbers each. The first PAIR_COLUMNS are a pixel's
# entry in the list; OLD_* is the state one iteration before.
X0, Y0, X1, Y1, W0, W1, A, B, T, ENTERED, INSIDE, PIXEL = range(12)
OLD_X0, OLD_Y0, OLD_X1, OLD_Y1, KNOWN, SETTLED, WAS_INSIDE, EVENT, ACTIVE, ROWS = range(12, 22)
PAIR_COLUMNS = 12
# exp of this is as good as infinite weight, and its square is finite
MAX_LOGIT = 100.0


@inner(forceinline=True, fastmath={"contract", "nsz"})
def _new_point(x, y, weight, other_x, other_y, other_weight, a, b, wq, wv):
    """Image of point (x, y) in a pair."""
    query_x = (wq[0, 0] * x + wq[0, 1] * y) * a
    query_y = (wq[1, 0] * x + wq[1, 1] * y) * b
    logit = query_x * (other_x - x) + query_y * (other_y - y)
    r = other_weight * exp(min(logit, MAX_LOGIT))
    sum_x = weight * x + r * other_x
    sum_y = weight * y + r * other_y
    u = wv[0, 0] * sum_x + wv[0, 1] * sum_y
    v = wv[1, 0] * sum_x + wv[1, 1] * sum_y
    scale = 1.0 / (math.sqrt(u * u + v * v) + NORM_SHIFT * (weight + r))
    return u * scale, v * scale


@inner(fastmath={"contract", "nsz"})
def _advance_lanes(p, wq, wv, iterations, tolerance):
    """One iteration of every lane; EVENT is 1 where something has to be decided."""
    for i in range(LANES):
        x0, y0 = p[X0 * LANES + i], p[Y0 * LANES + i]
        x1, y1 = p[X1 * LANES + i], p[Y1 * LANES + i]
        w0, w1 = p[W0 * LANES + i], p[W1 * LANES + i]
        a, b = p[A * LANES + i], p[B * LANES + i]
        u0, v0 = _new_point(x0, y0, w0, x1, y1, w1, a, b, wq, wv)
        u1, v1 = _new_point(x1, y1, w1, x0, y0, w0, a, b, wq, wv)
        moved = max(max(abs(u0 - x0), abs(v0 - y0)), max(abs(u1 - x1), abs(v1 - y1)))
        back0 = max(abs(u0 - p[OLD_X0 * LANES + i]), abs(v0 - p[OLD_Y0 * LANES + i]))
        back1 = max(abs(u1 - p[OLD_X1 * LANES + i]), abs(v1 - p[OLD_Y1 * LANES + i]))
        back = max(back0, back1) if p[KNOWN * LANES + i] > 0.5 else 1.0
        still = min(moved, back) if p[SETTLED * LANES + i] < 0.5 else 1.0
        apart = max(abs(u0 - u1), abs(v0 - v1))
        t = p[T * LANES + i] + 1.0
        inside = 1.0 if abs(u0 - u1) < tolerance else 0.0
        p[WAS_INSIDE * LANES + i] = p[INSIDE * LANES + i]
        p[ENTERED * LANES + i] = t if inside > p[INSIDE * LANES + i] else p[ENTERED * LANES + i]
        p[INSIDE * LANES + i] = inside
        p[T * LANES + i] = t
        p[KNOWN * LANES + i] += 1.0
        p[OLD_X0 * LANES + i] = x0
        p[OLD_Y0 * LANES + i] = y0
        p[OLD_X1 * LANES + i] = x1
        p[OLD_Y1 * LANES + i] = y1
        p[X0 * LANES + i] = u0
        p[Y0 * LANES + i] = v0
        p[X1 * LANES + i] = u1
        p[Y1 * LANES + i] = v1
        event = 1.0 if still <= STILL else 0.0
        event = 1.0 if apart <= MERGED else event
        event = 1.0 if t >= iterations else event
        p[EVENT * LANES + i] = event * p[ACTIVE * LANES + i]


@inner
def _lane_period(p, lane, ring, step, longest, tolerance):
    """Smallest p' <= ``longest`` with the state now equal to that p' steps ago, else 0."""
    size = ring.shape[0]
    for period in range(1, min(longest, int(p[KNOWN * LANES + lane])) + 1):
        past = (step - period) % size
        largest = 0.0
        for row in range(4):
            largest = max(largest, abs(p[row * LANES + lane] - ring[past, row, lane]))
        if largest <= tolerance:
            return period
    return 0


@inner
def _direction(powers, k, x, y):
    """W_V**k (x, y), normalised."""
    u = powers[k, 0, 0] * x + powers[k, 0, 1] * y
    v = powers[k, 1, 0] * x + powers[k, 1, 1] * y
    norm = math.sqrt(u * u + v * v)
    return u / norm, v / norm


@inner
def period_of_one(x, y, powers, remaining, longest, tolerance):
    """Period of a single point ``remaining`` iterations on; ``powers[k]`` is W_V**k up to a factor."""
    u, v = _direction(powers, remaining, x, y)
    for period in range(1, min(longest, remaining) + 1):
        past_u, past_v = _direction(powers, remaining - period, x, y)
        if max(abs(u - past_u), abs(v - past_v)) <= tolerance:
            return period
    return 0


@inner
def _decide(p, lane, ring, step, powers, iterations, tolerance, period_tolerance):
    """(finished, clusters, period) of a lane whose EVENT is set; moves the clock of one that repeats."""
    longest = ring.shape[0]
    t = int(p[T * LANES + lane])
    apart = max(abs(p[X0 * LANES + lane] - p[X1 * LANES + lane]), abs(p[Y0 * LANES + lane] - p[Y1 * LANES + lane]))
    if apart <= MERGED:
        x, y = p[X0 * LANES + lane], p[Y0 * LANES + lane]
        return True, 1, period_of_one(x, y, powers, iterations - t, longest, period_tolerance)
    clusters = 1 if apart < tolerance else 2
    if p[SETTLED * LANES + lane] > 0.5:
        return True, clusters, int(p[SETTLED * LANES + lane])
    settled = _lane_period(p, lane, ring, step, 2, STILL)
    if settled == 0:  # the last iteration
        return True, clusters, _lane_period(p, lane, ring, step, longest, period_tolerance)
    period = _lane_period(p, lane, ring, step, settled, period_tolerance)
    jump = (iterations - t) // settled * settled
    p[T * LANES + lane] += jump
    if p[INSIDE * LANES + lane] + p[WAS_INSIDE * LANES + lane] < 1.5:
        p[ENTERED * LANES + lane] += jump
    p[SETTLED * LANES + lane] = period
    return t + jump >= iterations, clusters, period


@inner
def _take(p, lane, pairs, count, taken, active):
    """Put the next entry of the list into a lane, or switch the lane off."""
    p[ACTIVE * LANES + lane] = 0.0
    if taken < count:
        for column in range(PAIR_COLUMNS):
            p[column * LANES + lane] = pairs[taken, column]
        p[KNOWN * LANES + lane] = 0.0
        p[SETTLED * LANES + lane] = 0.0
        p[WAS_INSIDE * LANES + lane] = pairs[taken, INSIDE]
        p[ACTIVE * LANES + lane] = 1.0
        taken += 1
        active += 1
    return taken, active


@inner
def finish_pairs(
    pairs, count, wq, wv, powers, iterations, tolerance, period_tolerance, longest_period, clusters, time, period
):
    """Iterate the first ``count`` entries of ``pairs`` (any, PAIR_COLUMNS) to the end.

    Results go to ``clusters``, ``time`` and ``period`` (1-D) at the entry's PIXEL.
    """
    p = np.ones(ROWS * LANES)
    p[ACTIVE * LANES :] = 0.0
    ring = np.ones((longest_period, 4, LANES))
    # np.int64: what a plain 0 is passed to would be compiled for that number too
    taken, active, step = np.int64(0), np.int64(0), 0
    for lane in range(LANES):
        taken, active = _take(p, lane, pairs, count, taken, active)
    while active > 0:
        now = step % longest_period
        for row in range(4):
            for i in range(LANES):
                ring[now, row, i] = p[row * LANES + i]
        _advance_lanes(p, wq, wv, float(iterations), tolerance)
        step += 1
        for lane in range(LANES):
            if p[EVENT * LANES + lane] > 0.5:
                done, found, repeats = _decide(
                    p, lane, ring, step, powers, iterations, tolerance, period_tolerance
                )  # fmt: skip
                if done:
                    pixel = int(p[PIXEL * LANES + lane])
                    clusters[pixel] = found
                    period[pixel] = repeats
                    time[pixel] = int(p[ENTERED * LANES + lane]) if p[INSIDE * LANES + lane] > 0.5 else -1
                    active -= 1
                    taken, active = _take(p, lane, pairs, count, taken, active)
