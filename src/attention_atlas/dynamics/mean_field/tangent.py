"""Tangent dynamics of the mean-field map: leading exponents forwards, trailing ones by the inverse transpose.

A step multiplies tangent vectors by the Jacobian J. Some directions shrink by
more than the sixteen digits of a float64 in a single step, so the last columns of
a forward QR are rounding noise. They are the *leading* ones of the inverse
transpose: from J Q = Q' R follows J^-T Q = Q' R^-T. For a block companion matrix
J^-T costs no more than J: with w the softmax weight of the oldest entry and
J_old = w B its block,

    y_new = J_old^-T x_old,    y_slot = x_slot - J_slot^T y_new.

The kernel takes w J^-T, which neither overflows nor divides by w, and keeps the product of w.

Tangents and cotangents lie in a ring beside the window's: rows 3 s to 3 s + 2
belong to slot s. volumes : (VOLUME_ROWS * LANES,), rows |det B| as mantissa and
exponent, w as mantissa and exponent, number of singular steps.
"""

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.jacobian import enter_slopes, fill_jacobian
from attention_atlas.dynamics.mean_field.kernel import (
    enter,
    mean_value,
    put_attention,
    record_entry,
    softmax_weights,
)
from attention_atlas.dynamics.mean_field.qr import multiply, orthonormalise
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES, broadcast, larger, less, load, store
from attention_atlas.numerics.separate import Separate

__all__ = ["INVERSE", "VOLUME_ROWS", "TangentBlocks", "advance_tangents", "enter_all_slopes"]

# |det B| below this counts as an exact zero
ZERO = 1e-280
# Rows of ``volumes``; the last counts the singular steps
VOLUME_ROWS = 5
# Scratch of a block: the inverse of B
INVERSE = 9


class TangentBlocks(NamedTuple):
    """Arrays of all blocks, one a row; see the heads of ``mean_field_jacobian`` and ``mean_field_qr``.

    tangents have ``columns`` vectors, cotangents ``dual_columns``.
    """

    slopes: NDArray[np.float64]
    jacobians: NDArray[np.float64]
    inverses: NDArray[np.float64]
    tangents: NDArray[np.float64]
    sums: NDArray[np.float64]
    cotangents: NDArray[np.float64]
    dual_sums: NDArray[np.float64]
    removed: NDArray[np.float64]
    volumes: NDArray[np.float64]


@inner(forceinline=True)
def _push(jacobian, tangents, slot, context, columns):
    """New rows of the tangent matrix, in place of those of ``slot``."""
    width = columns * LANES
    for column in range(columns):
        y0, y1, y2 = broadcast(0.0), broadcast(0.0), broadcast(0.0)
        here = column * LANES
        for row in range(3 * context):
            u = load(tangents, row * width + here)
            at = ((row // 3) * 9 + row % 3) * LANES
            y0 = y0 + load(jacobian, at) * u
            y1 = y1 + load(jacobian, at + 3 * LANES) * u
            y2 = y2 + load(jacobian, at + 6 * LANES) * u
        to = 3 * slot * width + here
        store(tangents, to, y0)
        store(tangents, to + width, y1)
        store(tangents, to + 2 * width, y2)


@inner(forceinline=True)
def _invert_oldest(jacobian, inverse, volume, weight, oldest, patterns):
    """B^-1 of the oldest block w B; log |det B| and log w are added to ``volume``.

    Patterns that are padding count as an identity.
    """
    at = oldest * 9 * LANES
    a, b, c = load(jacobian, at) / weight, load(jacobian, at + LANES) / weight, load(jacobian, at + 2 * LANES) / weight
    at += 3 * LANES
    d, e, f = load(jacobian, at) / weight, load(jacobian, at + LANES) / weight, load(jacobian, at + 2 * LANES) / weight
    at += 3 * LANES
    g, h, i = load(jacobian, at) / weight, load(jacobian, at + LANES) / weight, load(jacobian, at + 2 * LANES) / weight
    if patterns < 3:
        i = i + 1.0
    if patterns < 2:
        e = e + 1.0
    p0, p1, p2 = e * i - f * h, f * g - d * i, d * h - e * g
    det = a * p0 + b * p1 + c * p2
    size = larger(det, det * -1.0)
    zero = broadcast(ZERO)
    store(volume, (VOLUME_ROWS - 1) * LANES, load(volume, (VOLUME_ROWS - 1) * LANES) + less(size, zero))
    multiply(volume, 0, larger(size, zero))
    multiply(volume, 2 * LANES, weight)
    scale = broadcast(1.0) / det
    store(inverse, 0, p0 * scale)
    store(inverse, 3 * LANES, p1 * scale)
    store(inverse, 6 * LANES, p2 * scale)
    store(inverse, LANES, (c * h - b * i) * scale)
    store(inverse, 4 * LANES, (a * i - c * g) * scale)
    store(inverse, 7 * LANES, (b * g - a * h) * scale)
    store(inverse, 2 * LANES, (b * f - c * e) * scale)
    store(inverse, 5 * LANES, (c * d - a * f) * scale)
    store(inverse, 8 * LANES, (a * e - b * d) * scale)


@inner(forceinline=True)
def _pull(jacobian, inverse, cotangents, weight, oldest, context, columns):
    """Cotangents times w J^-T; the new rows take the place of those of ``oldest``."""
    width = columns * LANES
    for column in range(columns):
        here = column * LANES
        to = 3 * oldest * width + here
        x0, x1, x2 = load(cotangents, to), load(cotangents, to + width), load(cotangents, to + 2 * width)
        y0 = load(inverse, 0) * x0 + load(inverse, 3 * LANES) * x1 + load(inverse, 6 * LANES) * x2
        y1 = load(inverse, LANES) * x0 + load(inverse, 4 * LANES) * x1 + load(inverse, 7 * LANES) * x2
        y2 = load(inverse, 2 * LANES) * x0 + load(inverse, 5 * LANES) * x1 + load(inverse, 8 * LANES) * x2
        for row in range(3 * context):
            at = ((row // 3) * 9 + row % 3) * LANES
            part = load(jacobian, at) * y0 + load(jacobian, at + 3 * LANES) * y1 + load(jacobian, at + 6 * LANES) * y2
            cell = row * width + here
            store(cotangents, cell, weight * load(cotangents, cell) - part)
        store(cotangents, to, y0)
        store(cotangents, to + width, y1)
        store(cotangents, to + 2 * width, y2)


@compiled
def enter_all_slopes(blocks, tangent_blocks, coefficients, slot, phase, patterns):
    """Slopes of all entries of the windows; ``slot`` and ``phase`` are those of the newest."""
    context, cycle = coefficients.context, coefficients.positional.shape[1]
    for block in range(blocks.windows.shape[0]):
        window, query, gains = blocks.windows[block], blocks.queries[block], blocks.gains[block]
        slopes, jacobian = tangent_blocks.slopes[block], tangent_blocks.jacobians[block]
        for age in range(context - 1, -1, -1):
            s, p = (slot - age) % context, (phase - age) % cycle
            t0, t1, t2, t3 = enter(window, query, gains, coefficients, s, p)
            enter_slopes(slopes, jacobian, gains, coefficients.response, s, context, patterns, t0, t1, t2, t3)


def _advance_block(
    block, blocks, tangent_blocks, coefficients, slot, phase, steps, tape, columns, dual_columns, patterns, every
):
    context, cycle = coefficients.context, coefficients.positional.shape[1]
    window, query, gains = blocks.windows[block], blocks.queries[block], blocks.gains[block]
    weights, slopes = blocks.weights[block], tangent_blocks.slopes[block]
    jacobian, inverse = tangent_blocks.jacobians[block], tangent_blocks.inverses[block]
    tangents, sums = tangent_blocks.tangents[block], tangent_blocks.sums[block]
    cotangents, dual_sums = tangent_blocks.cotangents[block], tangent_blocks.dual_sums[block]
    removed, volume = tangent_blocks.removed[block], tangent_blocks.volumes[block]
    s, p = slot, phase
    for step in range(steps):
        total = softmax_weights(window, query, weights, context)
        x, y, z = mean_value(window, weights, total, context)
        fill_jacobian(window, slopes, query, weights, jacobian, total, s, context, x, y, z)
        s = s + 1 if s + 1 < context else 0
        p = p + 1 if p + 1 < cycle else 0
        weight = load(weights, s * LANES) / total
        _invert_oldest(jacobian, inverse, volume, weight, s, patterns)
        _push(jacobian, tangents, s, context, columns)
        _pull(jacobian, inverse, cotangents, weight, s, context, dual_columns)
        put_attention(window, s, x, y, z)
        t0, t1, t2, t3 = enter(window, query, gains, coefficients, s, p)
        enter_slopes(slopes, jacobian, gains, coefficients.response, s, context, patterns, t0, t1, t2, t3)
        if (step + 1) % every == 0:
            orthonormalise(tangents, removed, sums, 3 * context, columns)
            orthonormalise(cotangents, removed, dual_sums, 3 * context, dual_columns)
        record_entry(tape, block, step, window, s, gains, coefficients.response, t0, t1, t2, t3)


_ADVANCE = Separate("mean_field_tangents", _advance_block)
advance_block = _ADVANCE.call


@compiled(parallel=True)
def _advance_blocks(
    blocks, tangent_blocks, coefficients, slot, phase, steps, tape, columns, dual_columns, patterns, every
):
    for block in prange(blocks.windows.shape[0]):
        advance_block(
            block,
            blocks,
            tangent_blocks,
            coefficients,
            slot,
            phase,
            steps,
            tape,
            columns,
            dual_columns,
            patterns,
            every,
        )


def advance_tangents(blocks, *others):
    """``steps`` steps with tangents and cotangents, orthonormalised after each ``every`` steps; arguments as of ``_advance_blocks``."""
    _ADVANCE.prepare_for(0, blocks, *others)
    _advance_blocks(blocks, *others)
