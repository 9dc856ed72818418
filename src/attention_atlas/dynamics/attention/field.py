"""The velocity of all tokens: normalisation in, attention of all heads, normalisation out, projection.

Two phases for each head, each over blocks of receivers that know nothing of one another: keys, then sums. A
single large system shares its blocks among threads, in chunks whose number depends on the system alone.
"""

import math
from typing import Any

from numba import prange, types

from attention_atlas.dynamics.attention.law import (
    AVERAGING,
    NGPT,
    PERI,
    POST,
    PRE,
    RESCALED,
    SQRT,
)
from attention_atlas.dynamics.attention.modes import find_moments, mode_sums
from attention_atlas.dynamics.attention.signatures import (
    FORMS,
    GRAPH,
    INT,
    LAW,
    MATRICES,
    MATRIX,
    REAL,
    STACK,
    TRUTH,
    VECTOR,
)
from attention_atlas.dynamics.attention.sums import block_sums, receivers_left
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.native import chosen, fma
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, load_native, sqrt, store, uniform_native

__all__ = [
    "KEYS",
    "NEW",
    "POINT",
    "SPARE",
    "UNIT",
    "WORK_ROWS",
    "field",
    "head_scores",
    "normalise_blocks",
    "on_sphere",
    "prepare_field",
    "speed_of",
    "token_keys",
]

# Forms of a matrix (see ``weights.FORMS``)
IDENTITY, MULTIPLE, DIAGONAL, GENERAL = range(4)
# Rows of the working memory (rows, d * width): seven slopes, then a new point, tokens of length 1, keys, what is left to an
# observer, and the point that is observed
NEW, UNIT, KEYS, SPARE, POINT = 7, 8, 9, 10, 11
WORK_ROWS = 12


@inner(forceinline=True)
def on_sphere(scheme):
    """Whether tokens keep the length 1."""
    return scheme == POST or scheme == NGPT or scheme == SQRT


@inner(forceinline=True)
def _takes_directions(scheme):
    return scheme == PRE or scheme == PERI


@inner(forceinline=True)
def _square(x, here, step, dimension):
    """Sum of the squares of the coordinates that stand at ``here``, here + step, ..."""
    square = uniform_native(0.0)
    for c in range(here, here + dimension * step, step):
        y = load_native(x, c)
        square = fma(y, y, square)
    return square


@inner
def normalise_blocks(x, out, width, dimension, first, last):
    """out = x / |x| for a range of blocks; out may be x."""
    for here in range(first * NATIVE, last * NATIVE, NATIVE):
        inverse = 1.0 / sqrt(_square(x, here, width, dimension))
        for c in range(here, here + dimension * width, width):
            store(out, c, load_native(x, c) * inverse)


@inner(forceinline=True)
def _transform(form, matrix, x, x_step, x_here, scale, out, out_step, out_here, adds, dimension):
    """out = scale M x of the lanes of one block, added to what is there if ``adds``."""
    if form == GENERAL:
        for c in range(dimension):
            total = uniform_native(0.0)
            at = x_here
            for k in range(dimension):
                total = fma(load_native(x, at), matrix[c, k], total)
                at += x_step
            o = out_here + c * out_step
            store(out, o, fma(total, scale, load_native(out, o)) if adds else total * scale)
        return
    for c in range(dimension):
        factor = scale
        if form == MULTIPLE:
            factor *= matrix[0, 0]
        elif form == DIAGONAL:
            factor *= matrix[0, c]
        o, y = out_here + c * out_step, load_native(x, x_here + c * x_step)
        store(out, o, fma(y, factor, load_native(out, o)) if adds else y * factor)


def _token_keys(law, scheme, x, form, matrix, work, first, last):
    """Phase one: directions and keys of a range of blocks."""
    d, width = law.dimension, law.width
    if _takes_directions(scheme):
        normalise_blocks(x, work[UNIT], width, d, first, last)
        x = work[UNIT]
    if form != IDENTITY:
        for here in range(first * NATIVE, last * NATIVE, NATIVE):
            _transform(form, matrix, x, width, here, 1.0, work[KEYS], width, here, False, d)


_KEYS = Separate("keys", _token_keys)
token_keys = _KEYS.call


@inner(forceinline=True)
def _finish(law, scheme, alone, here, bits, project, speed, x, out, pulls):
    """Normalise the pull, note its length, multiply it by the speed and project it, in the lanes that hold tokens."""
    d, width = law.dimension, law.width
    scale = uniform_native(speed)
    if scheme == PERI or scheme == NGPT or pulls.shape[0] > 0:
        length = sqrt(_square(out, here, width, d))
        if scheme == PERI or scheme == NGPT:
            scale = speed / length
        if pulls.shape[0] > 0:
            store(pulls, here, length * scale)
    radial = uniform_native(-1.0 if scheme == AVERAGING and not alone else 0.0)
    if project:
        for c in range(here, here + d * width, width):
            radial = fma(load_native(x, c), load_native(out, c), radial)
        radial = radial * scale * -1.0
    for c in range(here, here + d * width, width):
        store(out, c, chosen(bits, fma(load_native(x, c), radial, load_native(out, c) * scale), 0.0))


def _pulls(
    law, scheme, project, speed, factor, scores, x, key_form, head, graph, form, matrix, work, tables, out, pulls, sums,
    first, last, lanes,
):  # fmt: skip
    """Phase two: the pull of a head on a range of blocks, and after the last head the velocity.

    ``head`` is (number, weight, whether it is the last).
    """
    d, width = law.dimension, law.width
    receivers, values = scores, x
    if _takes_directions(scheme):
        receivers, values = work[UNIT], work[UNIT]
    keys = receivers if key_form == IDENTITY else work[KEYS]
    alone = head[0] == 0 and head[2] and head[1] == 1.0 and form == IDENTITY
    # the pull less the token itself
    stays = scheme == RESCALED or (scheme == AVERAGING and alone)
    # a multiple of the token is projected away
    radial_is_lost = project and form <= MULTIPLE and scheme != NGPT
    for block in range(first, last):
        here = block * NATIVE
        if law.modes:
            total = mode_sums(receivers, law, tables[0], block, sums)
        else:
            total = block_sums(receivers, keys, values, law, factor, graph, block, sums, lanes)
        # what is lacking of the receiver's own value
        own = total if law.differences else total - total
        if stays:
            own = own - 1.0
        elif radial_is_lost and law.differences and pulls.shape[0] == 0:
            own = total - total
        if stays or law.differences:
            for c in range(d):
                y = load_native(values, c * width + here)
                store(sums, c * NATIVE, fma(own, y, load_native(sums, c * NATIVE)))
        _transform(form, matrix, sums, NATIVE, 0, head[1], out, width, here, head[0] > 0, d)
        if head[2]:
            _finish(law, scheme, alone, here, receivers_left(law, block, lanes), project, speed, x, out, pulls)


_PULLS = Separate("pulls", _pulls)
pulls_of_blocks = _PULLS.call


@inner(forceinline=True)
def _blocks_of(chunk, chunks, blocks):
    """First block of a chunk, and the one after its last.

    Neighbouring chunks go to one thread; blocks are taken from both ends in turn, since with a causal mask later ones cost more.
    """
    place = chunk // 2 if chunk % 2 == 0 else chunks - 1 - chunk // 2
    return place * blocks // chunks, (place + 1) * blocks // chunks


@compiled(parallel=True, no_cpython_wrapper=True)
def _phase_in_threads(
    phase, law, scheme, project, speed, factor, scores, x, key_form, key_matrix, head, graph, form, matrix, work, tables, out, pulls,
    sums,
):  # fmt: skip
    for chunk in prange(sums.shape[0]):
        first, last = _blocks_of(chunk, sums.shape[0], law.blocks)
        if phase == 0:
            token_keys(law, scheme, scores, key_form, key_matrix, work, first, last)
        else:
            pulls_of_blocks(
                law, scheme, project, speed, factor, scores, x, key_form, head, graph, form, matrix, work, tables, out, pulls, sums[chunk],
                first, last, None,
            )  # fmt: skip


@inner
def _product(left, right, out, transposed):
    """out = left right, or left^T right."""
    d = out.shape[0]
    for row in range(d):
        for column in range(d):
            out[row, column] = 0.0
        for k in range(d):
            number = left[k, row] if transposed else left[row, k]
            for column in range(d):
                out[row, column] += number * right[k, column]


@inner
def _entry(form, matrix, row, column):
    if form == GENERAL:
        return matrix[row, column]
    if row != column:
        return 0.0
    if form == IDENTITY:
        return 1.0
    return matrix[0, 0] if form == MULTIPLE else matrix[0, row]


@inner
def _exponential(form, matrix, time, out, spare):
    """out = e^(time M): Taylor's series of degree 18 of time M / 2^s of norm at most 1/2, squared s times. ``spare`` is (2, d, d)."""
    d = out.shape[0]
    term, other = spare[0], spare[1]
    norm = 0.0
    for row in range(d):
        total = 0.0
        for column in range(d):
            total += abs(time * _entry(form, matrix, row, column))
        norm = max(norm, total)
    squarings = max(0, math.ceil(math.log2(norm)) + 1) if 0.0 < norm < 1e300 else 0
    small = time * 0.5**squarings
    for row in range(d):
        for column in range(d):
            term[row, column] = out[row, column] = 1.0 if row == column else 0.0
    for degree in range(1, 19):
        for row in range(d):
            for column in range(d):
                other[row, column] = 0.0
            for k in range(d):
                number = small / degree * _entry(form, matrix, row, k)
                for column in range(d):
                    other[row, column] += number * term[k, column]
        term, other = other, term
        for row in range(d):
            for column in range(d):
                out[row, column] += term[row, column]
    for _ in range(squarings):
        _product(out, out, term, False)
        for row in range(d):
            for column in range(d):
                out[row, column] = term[row, column]


def _rescaled_keys(time, key_form, key_matrix, form, matrix, tables):
    """tables[0] = e^(tV)^T Q^T K e^(tV), of the scores between rescaled tokens."""
    d = tables.shape[1]
    _exponential(form, matrix, time, tables[1], tables[2:4])
    for row in range(d):
        for column in range(d):
            tables[2, row, column] = 0.0
        for k in range(d):
            number = _entry(key_form, key_matrix, row, k)
            for column in range(d):
                tables[2, row, column] += number * tables[1, k, column]
    _product(tables[1], tables[2], tables[0], True)


@inner
def speed_of(law, scheme, time):
    """The factor of the pull at a time of the flow."""
    if scheme == SQRT:
        return 1.0 / math.sqrt(time + 1.0)
    return law.alpha if scheme == NGPT else 1.0


_RESCALED = Separate("rescaled_keys", _rescaled_keys)
rescaled_keys = _RESCALED.call


@inner(forceinline=True)
def head_scores(law, scheme, time, h, forms, matrices, tables):
    """Factor, form and matrix of the scores of head h at a time."""
    key_form, form = forms[1][h], forms[2][h]
    key_matrix, matrix = matrices[0][h], matrices[1][h]
    factor = law.factor
    if scheme == RESCALED:
        if form == MULTIPLE or form == IDENTITY:
            factor *= math.exp(2.0 * time * (matrix[0, 0] if form == MULTIPLE else 1.0))
        else:
            rescaled_keys(time, key_form, key_matrix, form, matrix, tables)
            key_form, key_matrix = GENERAL, tables[0]
    return factor, key_form, key_matrix


def _field(
    law, scheme, project, speed, time, scores, x, forms, matrices, graph, work, tables, out, pulls, sums, inside, lanes
):
    """The velocity of the tokens x in ``out``, and the length of the pull on each token in ``pulls`` unless that is empty.

    Parameters
    ----------
    scheme
        The normalisation at this time (a mix_ln is post_ln or pre_ln).
    project
        Whether to project to the tangent space (the flow) or not (the published steps), on the sphere.
    scores
        The tokens whose scores are used: x, but for the frozen Runge-Kutta method.
    forms
        (scale, key_form, value_form), each (heads,).
    matrices
        (keys, values), each (heads, d, d).
    work, tables, pulls, sums
        Working memory: (WORK_ROWS, d * width); what the law needs: (4, d, d) matrices of the rescaled flow, (1, 3, K + 2) of
        sums by modes, or of size 0; (width,); (chunks, d * NATIVE).
    inside
        1 if threads share the blocks, else 0.
    lanes
        None, or a number if systems are in lanes.
    """
    heads = forms[0].shape[0]
    project = project and on_sphere(scheme)
    if law.modes:
        if _takes_directions(scheme):
            token_keys(law, scheme, scores, IDENTITY, matrices[0][0], work, 0, law.blocks)
        find_moments(law, work[UNIT] if _takes_directions(scheme) else x, tables[0])
    for h in range(heads):
        factor, key_form, key_matrix = head_scores(law, scheme, time, h, forms, matrices, tables)
        form, matrix = forms[2][h], matrices[1][h]
        head = (h, forms[0][h], h == heads - 1)
        if inside:
            for phase in range(2):
                _phase_in_threads(
                    phase, law, scheme, project, speed, factor, scores, x, key_form, key_matrix, head, graph, form, matrix,
                    work, tables, out, pulls, sums,
                )  # fmt: skip
        else:
            if key_form != IDENTITY or _takes_directions(scheme):
                token_keys(law, scheme, scores, key_form, key_matrix, work, 0, law.blocks)
            pulls_of_blocks(
                law, scheme, project, speed, factor, scores, x, key_form, head, graph, form, matrix, work, tables, out, pulls, sums[0],
                0, law.blocks, lanes,
            )  # fmt: skip


_FIELD = Separate("field", _field)
field = _FIELD.call


def prepare_field(lanes: Any) -> None:
    """Make the velocity ready for kernels, with the type of the argument of this name."""
    _KEYS.prepare(LAW, INT, VECTOR, INT, MATRIX, MATRIX, INT, INT)
    head = types.Tuple((INT, REAL, TRUTH))
    _PULLS.prepare(
        LAW, INT, TRUTH, REAL, REAL, VECTOR, VECTOR, INT, head, GRAPH, INT, MATRIX, MATRIX, STACK, VECTOR, VECTOR, VECTOR, INT, INT,
        lanes,
    )  # fmt: skip
    _RESCALED.prepare(REAL, INT, MATRIX, INT, MATRIX, STACK)
    _FIELD.prepare(
        LAW, INT, TRUTH, REAL, REAL, VECTOR, VECTOR, FORMS, MATRICES, GRAPH, MATRIX, STACK, VECTOR, VECTOR, MATRIX, INT, lanes
    )  # fmt: skip
