"""What is recorded of one system: numbers computed on the fly, none of which needs an array (n, n)."""

import math

import numpy as np
from numba import prange

from attention_atlas.dynamics.attention.field import (
    KEYS,
    SPARE,
    UNIT,
    field,
    head_scores,
    normalise_blocks,
    speed_of,
    token_keys,
)
from attention_atlas.dynamics.attention.model import OBSERVABLES
from attention_atlas.dynamics.attention.signatures import (
    FORMS,
    GRAPH,
    INT,
    INTS,
    LAW,
    LIMITS,
    MATRICES,
    MATRIX,
    REAL,
    STACK,
    TRUTH,
    VECTOR,
)
from attention_atlas.dynamics.attention.sums import receivers_left, row_statistics
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.native import ALL_LANES, chosen, exp2_infinite, fma, larger, reaches
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.symmetric_eigenvalues import symmetric_eigenvalues
from attention_atlas.numerics.vectors import NATIVE, load_native, store, uniform_native

__all__ = ["largest_speed_and_pull", "observe", "prepare_observe"]

CLUSTERS, CLOSE, DISTANCE, ENERGY, ENTROPY, PARTICIPATION, INNER, VARIANCE, SPAN, RANK, SPEED, RADIUS, ORDER_1 = range(
    13
)
assert OBSERVABLES[ORDER_1] == "order_1" and OBSERVABLES[CLUSTERS] == "clusters"
LN_2 = math.log(2.0)


def _pair_block(kind, law, y, keys, number, factor, graph, block, found):
    """A sum or maximum over the pairs of the receivers of a block with all senders, in found[:NATIVE].

    CLOSE: pairs j != i with <y_i, y_j> > number; DISTANCE: largest |y_i - y_j|^2; ENERGY: sum of e^(beta <y_i, k_j>);
    ENTROPY: entropy and participation of the rows, in found[:2 NATIVE].
    """
    here = block * NATIVE
    if kind == ENTROPY:
        row_statistics(y, keys, law, factor, graph, block, np.empty(NATIVE), found, None)
        return
    result = uniform_native(0.0)
    for j in range(law.tokens):
        s = uniform_native(0.0)
        for c in range(0, law.dimension * law.width, law.width):
            if kind == DISTANCE:
                e = load_native(y, c + here) - y[c + j]
                s = fma(e, e, s)
            else:
                s = fma(load_native(y, c + here), keys[c + j], s)
        if kind == DISTANCE:
            result = larger(s, result)
        elif kind == CLOSE:
            own = j - block * NATIVE
            others = ALL_LANES & ~(1 << own) if 0 <= own < NATIVE else ALL_LANES
            result = result + chosen(others, 1.0 - reaches(uniform_native(number), s), 0.0)
        else:
            result = result + exp2_infinite(s * factor)
    store(found, 0, chosen(receivers_left(law, block, None), result, 0.0))


_PAIR_BLOCK = Separate("pair_block", _pair_block)
pair_block = _PAIR_BLOCK.call


@compiled(parallel=True, no_cpython_wrapper=True)
def _pairs_in_threads(kind, law, y, keys, number, factor, graph, found):
    for chunk in prange(found.shape[0]):
        pair_block(kind, law, y, keys, number, factor, graph, chunk, found[chunk])


def _pairs(kind, law, y, keys, number, factor, graph, inside):
    """Two sums over all tokens (for DISTANCE: the first is a maximum)."""
    first, second = 0.0, 0.0
    found = np.empty((law.blocks if inside else 1, 2 * NATIVE))
    if inside:
        _pairs_in_threads(kind, law, y, keys, number, factor, graph, found)
    for block in range(law.blocks):
        row = found[block if inside else 0]
        if not inside:
            pair_block(kind, law, y, keys, number, factor, graph, block, row)
        for lane in range(min(NATIVE, law.tokens - block * NATIVE)):
            first = max(first, row[lane]) if kind == DISTANCE else first + row[lane]
            second += row[NATIVE + lane] if kind == ENTROPY else 0.0
    return first, second


_PAIRS = Separate("pairs", _pairs)
sums_over_pairs = _PAIRS.call


@inner
def _cluster_count(law, y, distance, rest, near):
    """Groups of tokens that are linked by distances of at most ``distance``; ``rest`` (d * width,) and ``near`` (width,) are scratch.

    The first ``left`` places of ``rest`` hold the tokens that belong to no group yet. A found token moves to the end
    of these, and waits there until its own neighbours are looked for.
    """
    n, d, width = law.tokens, law.dimension, law.width
    for at in range(d * width):
        rest[at] = y[at]
    bound, left, waiting, groups = distance * distance, n, n, 0
    while left > 0:
        if waiting == left:
            left -= 1
            groups += 1
        waiting -= 1
        for here in range(0, left, NATIVE):
            s = uniform_native(0.0)
            for c in range(0, d * width, width):
                e = load_native(rest, c + here) - rest[c + waiting]
                s = fma(e, e, s)
            store(near, here, s)
        for i in range(left - 1, -1, -1):
            if near[i] <= bound:
                left -= 1
                for c in range(0, d * width, width):
                    rest[c + i], rest[c + left] = rest[c + left], rest[c + i]
    return groups


@inner
def _second_moments(law, y, unit, matrix):
    """sum_i y_i y_i^T of the smaller side: (d, d), or the Gram matrix (n, n) if n < d and not ``unit``; returns its size."""
    n, d, width = law.tokens, law.dimension, law.width
    gram = n < d and not unit
    m = n if gram else d
    for row in range(m):
        for column in range(row + 1):
            total = 0.0
            if gram:
                for c in range(0, d * width, width):
                    total += y[c + row] * y[c + column]
            else:
                for i in range(n):
                    total += y[row * width + i] * y[column * width + i]
            matrix[row, column] = matrix[column, row] = total
    return m


@inner
def _mean_and_variance(law, y):
    """sum of |y_i|^2, |sum of y_i|^2, and the mean of |y_i - mean|^2."""
    n, width = law.tokens, law.width
    squares, of_sum, variance = 0.0, 0.0, 0.0
    for c in range(0, law.dimension * width, width):
        # about token 0: for tokens that have met, the plain mean would cost all digits of the variance
        total, square, origin = 0.0, 0.0, y[c]
        for i in range(n):
            total += y[c + i] - origin
            square += y[c + i] * y[c + i]
        mean = origin + total / n
        squares += square
        of_sum += (n * mean) ** 2
        for i in range(n):
            variance += (y[c + i] - mean) ** 2
    return squares, of_sum, variance / n


@inner
def _order(law, u, k, matrix, values, beside):
    """Order parameter number k of directions u."""
    n, d, width = law.tokens, law.dimension, law.width
    if d == 2:
        real, imaginary = 0.0, 0.0
        for i in range(n):
            angle = k * math.atan2(u[width + i], u[i])
            real += math.cos(angle)
            imaginary += math.sin(angle)
        return math.hypot(real, imaginary) / n
    if k == 1:
        return math.sqrt(_mean_and_variance(law, u)[1]) / n
    m = _second_moments(law, u, True, matrix)
    symmetric_eigenvalues(matrix, m, values, beside)
    top = values[0]
    for i in range(1, m):
        top = max(top, values[i])
    return (m * top / n - 1.0) / (m - 1.0) if m > 1 else 1.0


@inner
def _span_or_rank(law, y, threshold, ranked, matrix, values, beside):
    m = _second_moments(law, y, False, matrix)
    symmetric_eigenvalues(matrix, m, values, beside)
    count, total = 0.0, 0.0
    for i in range(m):
        count += 1.0 if values[i] > threshold else 0.0
        values[i] = math.sqrt(max(values[i], 0.0))
        total += values[i]
    if not ranked:
        return count
    entropy = 0.0
    for i in range(m):
        share = values[i] / total
        entropy -= share * math.log(share) if share > 0.0 else 0.0
    return math.exp(entropy)


@inner
def _mean_length(law, v):
    total = 0.0
    for i in range(law.tokens):
        square = 0.0
        for c in range(0, law.dimension * law.width, law.width):
            square += v[c + i] * v[c + i]
        total += math.sqrt(square)
    return total / law.tokens


@inner
def _rows(law, scheme, time, x, forms, matrices, graph, work, tables, inside):
    """Means over tokens and heads of the entropy and the participation of the rows."""
    entropy, participation = 0.0, 0.0
    heads = forms[0].shape[0]
    for h in range(heads):
        factor, key_form, key_matrix = head_scores(law, scheme, time, h, forms, matrices, tables)
        token_keys(law, -1, x, key_form, key_matrix, work, 0, law.blocks)
        keys = work[KEYS] if key_form != 0 else x
        one, other = sums_over_pairs(ENTROPY, law, x, keys, 0.0, factor, graph, inside)
        entropy += one / (heads * law.tokens)
        participation += other / (heads * law.tokens)
    return entropy, participation


def _observe(
    law, scheme, sphere, time, x, forms, matrices, graph, watch, limits, work, tables, pulls, sums, inside, found
):  # fmt: skip
    """The numbers of the codes ``watch`` of the system x at a time, in ``found``.

    ``limits``: distance of clusters, cosine of close pairs, eigenvalue of the span. Leaves the slopes and the new point in ``work``.
    """
    n = law.tokens
    normalise_blocks(x, work[UNIT], law.width, law.dimension, 0, law.blocks)
    y, spare = work[UNIT] if sphere else x, work[SPARE]
    size = max(2, min(law.dimension, law.tokens) if law.tokens < law.dimension else law.dimension)
    matrix, values, beside = np.empty((0, 0)), np.empty(size), np.empty(size)
    for place in range(watch.shape[0]):
        code, number = watch[place], math.nan
        if matrix.shape[0] == 0 and (code == SPAN or code == RANK or code == ORDER_1 + 1):
            matrix = np.empty((law.dimension, law.dimension))
            values, beside = np.empty(law.dimension), np.empty(law.dimension)
        if code == CLUSTERS:
            number = float(_cluster_count(law, y, limits[0], spare, work[KEYS]))
        elif code == CLOSE:
            close = sums_over_pairs(CLOSE, law, work[UNIT], work[UNIT], limits[1], 0.0, graph, inside)[0]
            number = close / (n * (n - 1.0)) if n > 1 else math.nan
        elif code == DISTANCE:
            number = math.sqrt(sums_over_pairs(DISTANCE, law, y, y, 0.0, 0.0, graph, inside)[0])
        elif code == ENERGY:
            token_keys(law, -1, y, forms[1][0], matrices[0][0], work, 0, law.blocks)
            keys = work[KEYS] if forms[1][0] != 0 else y
            number = sums_over_pairs(ENERGY, law, y, keys, 0.0, law.factor, graph, inside)[0] / (
                2.0 * n * n * law.factor * LN_2
            )
        elif code == ENTROPY or code == PARTICIPATION:
            rows = _rows(law, scheme, time, y, forms, matrices, graph, work, tables, inside)
            number = rows[0] if code == ENTROPY else rows[1]
        elif code == INNER:
            squares, of_sum, _ = _mean_and_variance(law, y)
            number = (of_sum - squares) / (n * (n - 1.0)) if n > 1 else math.nan
        elif code == VARIANCE:
            number = _mean_and_variance(law, y)[2]
        elif code == SPAN or code == RANK:
            number = _span_or_rank(law, y, limits[2], code == RANK, matrix, values, beside)
        elif code == SPEED:
            field(
                law, scheme, True, speed_of(law, scheme, time), time, x, x, forms, matrices, graph, work, tables, spare, pulls,
                sums, inside, None,
            )  # fmt: skip
            number = _mean_length(law, spare)
            normalise_blocks(x, work[UNIT], law.width, law.dimension, 0, law.blocks)
        elif code == RADIUS:
            number = _mean_length(law, x)
        elif code >= ORDER_1:
            number = _order(law, work[UNIT], code - ORDER_1 + 1, matrix, values, beside)
        found[place] = number


_OBSERVE = Separate("observe", _observe)
observe = _OBSERVE.call


def prepare_observe() -> None:
    """Make ``observe`` ready for kernels; ``field`` must be."""
    _PAIR_BLOCK.prepare(INT, LAW, VECTOR, VECTOR, REAL, REAL, GRAPH, INT, VECTOR)
    _PAIRS.prepare(INT, LAW, VECTOR, VECTOR, REAL, REAL, GRAPH, INT)
    _OBSERVE.prepare(
        LAW, INT, TRUTH, REAL, VECTOR, FORMS, MATRICES, GRAPH, INTS, LIMITS, MATRIX, STACK, VECTOR, MATRIX, INT, VECTOR
    )  # fmt: skip


@inner
def largest_speed_and_pull(law, scheme, time, x, forms, matrices, graph, work, tables, sums, inside):
    """Largest speed of a token, and largest length of the pull on one."""
    pulls = np.empty(law.width)
    field(
        law, scheme, True, speed_of(law, scheme, time), time, x, x, forms, matrices, graph, work, tables, work[SPARE], pulls,
        sums, inside, None,
    )  # fmt: skip
    fastest, strongest = 0.0, 0.0
    for i in range(law.tokens):
        square = 0.0
        for c in range(0, law.dimension * law.width, law.width):
            square += work[SPARE, c + i] ** 2
        fastest, strongest = max(fastest, square), max(strongest, pulls[i])
    return math.sqrt(fastest), strongest
