"""The minimal attention map of one pixel while three or more distinct points are left.

Points live on the rows of a flat scratch array with a fixed stride, so that the
compiler sees that rows never overlap and puts the points of a pixel side by
side in the lanes of the vector unit; rows are filled up to whole vectors.

Two things make it fast and change nothing but rounding:

- Points that agree to ``MERGED`` stay together for ever: they become one point
  with a weight. Near agreement the map contracts quadratically, so this
  happens within a few iterations. Most pixels go on with two points, which
  ``minimal_attention_pairs`` takes over.
- A state that repeats to ``STILL`` after one or two iterations repeats for
  ever: the clock jumps ahead by whole periods.
"""

import math

import numpy as np

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lane_extras import lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, larger, less, load, store
from attention_atlas.numerics.vector_math import LOG2_E
from attention_atlas.numerics.vectors import exp2

__all__ = ["MAX_N", "MERGED", "NORM_SHIFT", "START_BLOCK", "STILL", "iterate_crowd", "scratch", "start_points"]

MAX_N = 255
STRIDE = 264  # a multiple of 8 lanes, and not of a memory page
# Rows of the scratch array
X, Y, WEIGHT, NEW_X, NEW_Y, QUERY_X, QUERY_Y, TOP, SUM, SUM_X, SUM_Y, FIRST, ROWS = range(13)
# A few units in the last place of numbers up to 1
MERGED = 1e-15
STILL = 1e-15
START_BLOCK = 2  # blocks 0 and 1 of the stream hold W_Q and W_V
NORM_SHIFT = 1e-8  # added to every norm, as in the published map
FUSE = {"contract", "nsz"}


@inner
def scratch():
    """Memory for a pixel. Places without a point hold NaN, which agrees with nothing."""
    s = np.ones(ROWS * STRIDE)
    s[X * STRIDE : (X + 1) * STRIDE] = math.nan
    return s


@inner
def start_points(s, n, normals):
    """Unit vectors from n pairs of normals, weights one."""
    for i in range(n):
        x, y = normals[2 * i], normals[2 * i + 1]
        norm = math.sqrt(x * x + y * y)
        s[X * STRIDE + i] = x / norm
        s[Y * STRIDE + i] = y / norm
        s[WEIGHT * STRIDE + i] = 1.0


@inner(fastmath=FUSE)
def _write_logits(s, logits, m, lanes, shift_logits):
    """logits[j m + i] = q_i . k_j, less max_j q_i . k_j with ``shift_logits``.

    Without the shift the softmax is the same quotient as long as exp cannot
    overflow. A row is written in whole vectors; what stands beyond its end is
    overwritten by the next.
    """
    for j in range(m):
        x, y = s[X * STRIDE + j], s[Y * STRIDE + j]
        for i in range(lanes):
            logits[j * m + i] = s[QUERY_X * STRIDE + i] * x + s[QUERY_Y * STRIDE + i] * y
    if shift_logits:
        for i in range(m):
            top = logits[i]
            for j in range(1, m):
                top = max(top, logits[j * m + i])
            for j in range(m):
                logits[j * m + i] -= top


@inner(fastmath=FUSE)
def _sum_weights(s, logits, m):
    """SUM = sum_j w_j e_ij and SUM_X, SUM_Y = sum_j w_j e_ij x_j with e_ij = exp(logit)."""
    for k in range(0, m * m, LANES):
        store(logits, k, exp2(larger(load(logits, k), broadcast(-1000.0))))
    for i in range(0, m, LANES):
        total = sum_x = sum_y = broadcast(0.0)
        for j in range(m):
            e = load(logits, j * m + i) * s[WEIGHT * STRIDE + j]
            total = total + e
            sum_x = sum_x + e * s[X * STRIDE + j]
            sum_y = sum_y + e * s[Y * STRIDE + j]
        store(s, SUM * STRIDE + i, total)
        store(s, SUM_X * STRIDE + i, sum_x)
        store(s, SUM_Y * STRIDE + i, sum_y)


@inner(fastmath=FUSE)
def _advance(s, logits, m, lanes, a, b, wq, wv, shift_logits):
    """One iteration of the m points: NEW_X, NEW_Y from X, Y."""
    for i in range(lanes):
        x, y = s[X * STRIDE + i], s[Y * STRIDE + i]
        s[QUERY_X * STRIDE + i] = (wq[0, 0] * x + wq[0, 1] * y) * (LOG2_E * a)
        s[QUERY_Y * STRIDE + i] = (wq[1, 0] * x + wq[1, 1] * y) * (LOG2_E * b)
    _write_logits(s, logits, m, lanes, shift_logits)
    _sum_weights(s, logits, m)
    for i in range(lanes):
        # W_V times the sums; their quotient by SUM is taken together with the normalisation
        u = wv[0, 0] * s[SUM_X * STRIDE + i] + wv[0, 1] * s[SUM_Y * STRIDE + i]
        v = wv[1, 0] * s[SUM_X * STRIDE + i] + wv[1, 1] * s[SUM_Y * STRIDE + i]
        scale = 1.0 / (math.sqrt(u * u + v * v) + NORM_SHIFT * s[SUM * STRIDE + i])
        s[NEW_X * STRIDE + i] = u * scale
        s[NEW_Y * STRIDE + i] = v * scale


@inner
def _any_agree(s, m):
    """Whether two points may agree to MERGED: do they to twice that in x?"""
    pairs, bound = broadcast(0.0), broadcast(2.0 * MERGED)
    for j in range(m):
        x = broadcast(s[X * STRIDE + j])
        for i in range(0, m, LANES):
            dx = load(s, X * STRIDE + i) - x
            pairs = pairs + less(larger(dx, dx * -1.0), bound)
    # each point agrees with itself
    return lane_sum(pairs) > m


@inner
def _merge(s, m, lanes):
    """Merge points that agree to MERGED, keeping their order; the number left."""
    for i in range(lanes):
        s[FIRST * STRIDE + i] = float(i)
    for j in range(m - 1, -1, -1):
        x, y, index = s[X * STRIDE + j], s[Y * STRIDE + j], float(j)
        for i in range(lanes):
            dx, dy = abs(s[X * STRIDE + i] - x), abs(s[Y * STRIDE + i] - y)
            s[FIRST * STRIDE + i] = index if max(dx, dy) <= MERGED else s[FIRST * STRIDE + i]
    left = 0
    for i in range(m):
        first = int(s[FIRST * STRIDE + i])
        if first == i:
            s[X * STRIDE + left] = s[X * STRIDE + i]
            s[Y * STRIDE + left] = s[Y * STRIDE + i]
            s[WEIGHT * STRIDE + left] = s[WEIGHT * STRIDE + i]
            s[TOP * STRIDE + i] = float(left)  # where point i went
            left += 1
        else:
            target = int(s[TOP * STRIDE + first])
            s[TOP * STRIDE + i] = float(target)
            s[WEIGHT * STRIDE + target] += s[WEIGHT * STRIDE + i]
    for i in range(left, lanes):
        s[X * STRIDE + i] = math.nan
    return left


@inner
def _agrees(s, m, tolerance):
    """Whether max_i |x_i,1 - x_1,1| < tolerance."""
    for i in range(1, m):  # noqa: SIM110 (a loop, not a generator, for Numba)
        if not abs(s[X * STRIDE + i] - s[X * STRIDE]) < tolerance:
            return False
    return True


@inner
def _count_clusters(s, m, tolerance):
    """Groups of points within ``tolerance`` of their first member in both coordinates."""
    count = 0
    for i in range(m):
        x, y = s[X * STRIDE + i], s[Y * STRIDE + i]
        known = False
        for c in range(count):
            dx, dy = abs(s[NEW_X * STRIDE + c] - x), abs(s[NEW_Y * STRIDE + c] - y)
            known = known or max(dx, dy) < tolerance
        if not known:
            s[NEW_X * STRIDE + count] = x
            s[NEW_Y * STRIDE + count] = y
            count += 1
    return count


@inner
def _equals(s, m, past, tolerance):
    """Whether no coordinate differs by more than ``tolerance`` from the state ``past`` (2, m)."""
    for i in range(m):
        if not abs(s[X * STRIDE + i] - past[0, i]) <= tolerance:
            return False
        if not abs(s[Y * STRIDE + i] - past[1, i]) <= tolerance:
            return False
    return True


@inner
def _period(s, m, history, known, t, tolerance):
    """Smallest p with X_t = X_(t-p) to ``tolerance``, 0 if there is none among the known states."""
    for p in range(1, known + 1):
        if _equals(s, m, history[(t - p) % history.shape[0]], tolerance):
            return p
    return 0


@inner
def _step_and_merge(s, logits, m, history, t, a, b, wq, wv, shift_logits):
    """Keep the state at t in ``history`` and go to t + 1; the number of points left."""
    lanes = (m + 7) // 8 * 8
    _advance(s, logits, m, lanes, a, b, wq, wv, shift_logits)
    now = t % history.shape[0]
    for i in range(lanes):
        history[now, 0, i] = s[X * STRIDE + i]
        history[now, 1, i] = s[Y * STRIDE + i]
        s[X * STRIDE + i] = s[NEW_X * STRIDE + i]
        s[Y * STRIDE + i] = s[NEW_Y * STRIDE + i]
    return _merge(s, m, lanes) if _any_agree(s, m) else m


@inner
def iterate_crowd(s, logits, n, history, a, b, wq, wv, iterations, tolerance, period_tolerance, shift_logits):
    """Iterate the n points in ``s`` until the end or until one or two are left.

    Returns the points left, iterations done, the iteration since which the
    criterion holds (-1: it does not hold), the period (0: none known) and the
    clusters at the end (0: not at the end). ``history`` (longest period, 2, STRIDE) and
    ``logits`` (n**2 + 32) are scratch.
    """
    longest = history.shape[0]
    # np.int64: what a plain 0 is passed to would be compiled for that number too
    m, t, known, settled, period = n, np.int64(0), 0, 0, 0
    inside = _agrees(s, m, tolerance)
    entered = t
    while t < iterations and m > 2:
        left = _step_and_merge(s, logits, m, history, t, a, b, wq, wv, shift_logits)
        known = min(known + 1, longest) if left == m else 0
        m = left
        t += 1
        was_inside, inside = inside, _agrees(s, m, tolerance)
        if inside and not was_inside:
            entered = t
        if settled == 0 and known > 0:
            settled = _period(s, m, history, min(known, 2), t, STILL)
            if settled > 0:
                period = _period(s, m, history, settled, t, period_tolerance)
                jump = (iterations - t) // settled * settled
                t += jump
                if not (inside and was_inside):
                    entered += jump
    clusters = 0
    if t >= iterations:
        clusters = _count_clusters(s, m, tolerance)
        if settled == 0:
            period = _period(s, m, history, known, t, period_tolerance)
    return m, t, entered if inside else -1, period, clusters
