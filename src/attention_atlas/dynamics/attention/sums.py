"""Weighted sums over senders for one block of receivers: the innermost loops of the engine.

Lanes are receivers of one system, or systems (see ``law``); the argument ``lanes`` (None, or a number) says which by its type,
so that one source serves both. Senders are taken eight at a time and one by one at the ends of a range, in ascending order
and by fused multiply-adds: a sum depends neither on the division into tiles nor on senders that a mask leaves out.
"""

import math

from attention_atlas.dynamics.attention.law import (
    CAUSAL,
    CAUSAL_WINDOW,
    GRAPH,
    HARDMAX,
    NO_MASK,
    SIGMOID,
    SOFTMAX,
    UNNORMALISED,
    WINDOW,
)
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.native import (
    ALL_LANES,
    chosen,
    exp2_bounded,
    exp2_infinite,
    exp2_negative,
    fma,
    larger,
    reaches,
    sender,
    smaller,
)
from attention_atlas.numerics.vectors import NATIVE, load_native, store, uniform_native

__all__ = ["block_sums", "receivers_left", "row_statistics"]

TILE = 8
LN_2 = math.log(2.0)


@inner(forceinline=True)
def _first_last(law, block, lanes):
    """Numbers of the first and the last receiver of a block."""
    if lanes is None:
        return block * NATIVE, min(law.tokens, (block + 1) * NATIVE) - 1
    return block, block


@inner(forceinline=True)
def receivers_left(law, block, lanes):
    """Bits of the lanes of a block that hold tokens, not filling."""
    if lanes is None:
        return (1 << min(NATIVE, law.tokens - block * NATIVE)) - 1
    return ALL_LANES


@inner(forceinline=True)
def _ranges(law, block, lanes):
    """Senders [begin, end) that any receiver of the block may see, and [inner, outer) that all of them see."""
    first, last = _first_last(law, block, lanes)
    begin, end, inner, outer = 0, law.tokens, 0, law.tokens
    if law.mask == CAUSAL or law.mask == CAUSAL_WINDOW:
        end, outer = last + 1, first + 1
    if law.mask == WINDOW:
        end, outer = min(end, last + law.window + 1), min(outer, first + law.window + 1)
    if law.mask == WINDOW or law.mask == CAUSAL_WINDOW:
        begin, inner = max(0, first - law.window), max(0, last - law.window)
    if law.mask == GRAPH:
        outer = 0
    return begin, end, inner, outer


@inner(forceinline=True)
def _bits(law, graph, block, j, lanes):
    """Bits of the receivers of the block that see sender j."""
    if law.mask == NO_MASK:
        return ALL_LANES
    if law.mask == GRAPH:
        return int(graph[block, j])
    first, last = _first_last(law, block, lanes)
    low, high = first, last
    if law.mask != CAUSAL:
        high = min(high, j + law.window)
    low = max(low, j if law.mask != WINDOW else j - law.window)
    if high < low:
        return 0
    if lanes is None:
        return ((1 << (high - first + 1)) - 1) & ~((1 << (low - first)) - 1)
    return ALL_LANES


@inner(forceinline=True)
def _score(x, keys, law, here, at, lanes):
    """<x_i, k_j> of the receivers at ``here`` and the sender at ``at``."""
    s = uniform_native(0.0)
    for c in range(0, law.dimension * law.width, law.width):
        s = fma(load_native(x, c + here), sender(keys, c + at, lanes), s)
    return s


@inner(forceinline=True)
def _scores(x, keys, law, here, at, lanes):
    """The scores of eight senders from ``at`` on."""
    z = uniform_native(0.0)
    s0, s1, s2, s3, s4, s5, s6, s7 = z, z, z, z, z, z, z, z
    q = law.stride
    for c in range(0, law.dimension * law.width, law.width):
        y, o = load_native(x, c + here), c + at
        s0, s1 = fma(y, sender(keys, o, lanes), s0), fma(y, sender(keys, o + q, lanes), s1)
        s2, s3 = fma(y, sender(keys, o + 2 * q, lanes), s2), fma(y, sender(keys, o + 3 * q, lanes), s3)
        s4, s5 = fma(y, sender(keys, o + 4 * q, lanes), s4), fma(y, sender(keys, o + 5 * q, lanes), s5)
        s6, s7 = fma(y, sender(keys, o + 6 * q, lanes), s6), fma(y, sender(keys, o + 7 * q, lanes), s7)
    return s0, s1, s2, s3, s4, s5, s6, s7


@inner(forceinline=True)
def _softmax(s, factor, shift):
    return exp2_negative(fma(s, factor, shift))


@inner(forceinline=True)
def _unnormalised(s, factor, shift):
    return exp2_infinite(s * factor)


@inner(forceinline=True)
def _hardmax(s, factor, shift):
    return reaches(s, shift)


@inner(forceinline=True)
def _sigmoid(s, factor, shift):
    return 1.0 / (exp2_bounded(fma(s * -1.0, factor, shift)) + 1.0)


@inner(forceinline=True)
def _weight(kernel, s, factor, shift):
    """a_ij before the division by the sum of the row; ``shift`` belongs to the exponent of 2, or is the bound of the hardmax."""
    if kernel == SOFTMAX:
        return _softmax(s, factor, shift)
    if kernel == HARDMAX:
        return _hardmax(s, factor, shift)
    if kernel == UNNORMALISED:
        return _unnormalised(s, factor, shift)
    return _sigmoid(s, factor, shift)


@inner(forceinline=True)
def _each(weight, s, factor, shift):
    return (
        weight(s[0], factor, shift),
        weight(s[1], factor, shift),
        weight(s[2], factor, shift),
        weight(s[3], factor, shift),
        weight(s[4], factor, shift),
        weight(s[5], factor, shift),
        weight(s[6], factor, shift),
        weight(s[7], factor, shift),
    )


@inner(forceinline=True)
def _weights(law, s, factor, shift):
    """The same for eight; the branches stand outside, so that eight chains run side by side."""
    if law.kernel == SOFTMAX:
        return _each(_softmax, s, factor, shift)
    if law.kernel == HARDMAX:
        return _each(_hardmax, s, factor, shift)
    if law.kernel == UNNORMALISED:
        return _each(_unnormalised, s, factor, shift)
    return _each(_sigmoid, s, factor, shift)


@inner(forceinline=True)
def _masked(law, graph, block, j, a, lanes):
    a0, a1, a2, a3, a4, a5, a6, a7 = a
    return (
        chosen(_bits(law, graph, block, j, lanes), a0, 0.0),
        chosen(_bits(law, graph, block, j + 1, lanes), a1, 0.0),
        chosen(_bits(law, graph, block, j + 2, lanes), a2, 0.0),
        chosen(_bits(law, graph, block, j + 3, lanes), a3, 0.0),
        chosen(_bits(law, graph, block, j + 4, lanes), a4, 0.0),
        chosen(_bits(law, graph, block, j + 5, lanes), a5, 0.0),
        chosen(_bits(law, graph, block, j + 6, lanes), a6, 0.0),
        chosen(_bits(law, graph, block, j + 7, lanes), a7, 0.0),
    )


@inner(forceinline=True)
def _add(values, law, here, at, a, sums, lanes):
    """sums_c += a_j v_jc, or a_j (v_jc - v_ic), over eight senders."""
    a0, a1, a2, a3, a4, a5, a6, a7 = a
    q = law.stride
    for c in range(law.dimension):
        o = c * law.width + at
        f = load_native(sums, c * NATIVE)
        if law.differences:
            y = load_native(values, c * law.width + here)
            f = fma(a0, sender(values, o, lanes) - y, f)
            f = fma(a1, sender(values, o + q, lanes) - y, f)
            f = fma(a2, sender(values, o + 2 * q, lanes) - y, f)
            f = fma(a3, sender(values, o + 3 * q, lanes) - y, f)
            f = fma(a4, sender(values, o + 4 * q, lanes) - y, f)
            f = fma(a5, sender(values, o + 5 * q, lanes) - y, f)
            f = fma(a6, sender(values, o + 6 * q, lanes) - y, f)
            f = fma(a7, sender(values, o + 7 * q, lanes) - y, f)
        else:
            f = fma(a1, sender(values, o + q, lanes), fma(a0, sender(values, o, lanes), f))
            f = fma(a3, sender(values, o + 3 * q, lanes), fma(a2, sender(values, o + 2 * q, lanes), f))
            f = fma(a5, sender(values, o + 5 * q, lanes), fma(a4, sender(values, o + 4 * q, lanes), f))
            f = fma(a7, sender(values, o + 7 * q, lanes), fma(a6, sender(values, o + 6 * q, lanes), f))
        store(sums, c * NATIVE, f)


@inner(forceinline=True)
def _add_one(values, law, here, at, a, sums, lanes):
    """The same for one sender."""
    for c in range(law.dimension):
        v = sender(values, c * law.width + at, lanes)
        if law.differences:
            v = v - load_native(values, c * law.width + here)
        store(sums, c * NATIVE, fma(a, v, load_native(sums, c * NATIVE)))


@inner
def _largest_scores(x, keys, law, graph, block, lanes):
    """The largest score of each receiver of the block."""
    begin, end, inner, outer = _ranges(law, block, lanes)
    here, best, j = block * NATIVE, uniform_native(-math.inf), begin
    while j < end:
        if j >= inner and j + TILE <= outer:
            s0, s1, s2, s3, s4, s5, s6, s7 = _scores(x, keys, law, here, j * law.stride, lanes)
            left = larger(larger(s0, s1), larger(s2, s3))
            best = larger(larger(left, larger(larger(s4, s5), larger(s6, s7))), best)
            j += TILE
        else:
            bits = _bits(law, graph, block, j, lanes)
            if bits != 0:
                best = larger(chosen(bits, _score(x, keys, law, here, j * law.stride, lanes), -math.inf), best)
            j += 1
    return best


@inner(forceinline=True)
def _shift(kernel, x, keys, law, factor, graph, block, lanes):
    """What ``_weight`` adds to exponents of 2, or the bound of the hardmax."""
    if kernel == HARDMAX or (kernel == SOFTMAX and law.shift < 0.0):
        best = _largest_scores(x, keys, law, graph, block, lanes)
        if kernel == HARDMAX:
            return best - larger(best, best * -1.0) * law.tie
        # an infinite score must not make a NaN of inf - inf that looks like a weight
        return smaller(best * -factor, 1e300)
    return uniform_native(-law.bias if kernel == SIGMOID else -law.shift)


@inner
def block_sums(x, keys, values, law, factor, graph, block, sums, lanes):
    """sums[c] = sum_j a_ij v_jc, or of v_j - v_i if the law says so, for the receivers of a block, (d * NATIVE,).

    Returns sum_j a_ij, which is 1 in the rows of a softmax and a hardmax.
    """
    begin, end, inner, outer = _ranges(law, block, lanes)
    here, j = block * NATIVE, begin
    for c in range(law.dimension):
        store(sums, c * NATIVE, uniform_native(0.0))
    shift = _shift(law.kernel, x, keys, law, factor, graph, block, lanes)
    total = uniform_native(0.0)
    while j < end:
        at = j * law.stride
        if j + TILE <= end and (law.mask != GRAPH or _seen(graph, block, j)):
            a = _weights(law, _scores(x, keys, law, here, at, lanes), factor, shift)
            if j < inner or j + TILE > outer:
                a = _masked(law, graph, block, j, a, lanes)
            _add(values, law, here, at, a, sums, lanes)
            a0, a1, a2, a3, a4, a5, a6, a7 = a
            total = total + a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7
            j += TILE
        elif j + TILE <= end:
            j += TILE
        else:
            b = chosen(
                _bits(law, graph, block, j, lanes),
                _weight(law.kernel, _score(x, keys, law, here, at, lanes), factor, shift),
                0.0,
            )
            _add_one(values, law, here, at, b, sums, lanes)
            total = total + b
            j += 1
    scale = uniform_native(1.0)
    if law.kernel == SOFTMAX or law.kernel == HARDMAX:
        scale, total = 1.0 / total, scale
    elif law.kernel == UNNORMALISED:
        scale = uniform_native(1.0 / law.tokens)
        total = total * scale
    for c in range(law.dimension):
        store(sums, c * NATIVE, load_native(sums, c * NATIVE) * scale)
    return total


@inner(forceinline=True)
def _seen(graph, block, j):
    """Whether any receiver of the block sees one of eight senders."""
    bits = 0
    for k in range(j, j + TILE):
        bits |= int(graph[block, k])
    return bits != 0


@inner
def row_statistics(x, keys, law, factor, graph, block, logs, found, lanes):
    """Entropy -sum_j p_ij ln p_ij and participation 1 / sum_j p_ij^2 of the rows of a block, p the row made to sum to 1.

    Written to the first 2 NATIVE places of ``found``; ``logs`` is scratch of NATIVE numbers.
    """
    begin, end, _, _ = _ranges(law, block, lanes)
    here = block * NATIVE
    # rows made to sum to 1 are those of the softmax, and cannot overflow
    kernel = SOFTMAX if law.kernel == UNNORMALISED else law.kernel
    shift = _shift(kernel, x, keys, law, factor, graph, block, lanes)
    total, squares, weighted = uniform_native(0.0), uniform_native(0.0), uniform_native(0.0)
    for j in range(begin, end):
        a = chosen(
            _bits(law, graph, block, j, lanes),
            _weight(kernel, _score(x, keys, law, here, j * law.stride, lanes), factor, shift),
            0.0,
        )
        total, squares = total + a, fma(a, a, squares)
        store(logs, 0, larger(a, 1e-320))
        for lane in range(NATIVE):
            logs[lane] = math.log(logs[lane])
        weighted = fma(a, load_native(logs, 0), weighted)
    inverse = 1.0 / total
    store(found, NATIVE, total * total / squares)
    store(logs, 0, total)
    for lane in range(NATIVE):
        logs[lane] = math.log(logs[lane])
    store(found, 0, load_native(logs, 0) - weighted * inverse)
