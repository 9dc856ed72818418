"""Attention among the particles of eight systems at once, one system in each place of an octet, with Q = K = V = I.

Layout (1-D, float64): coordinate c of particle i of the system in place s is ``x[(i * stride + c) * OCTET + s]``,
with two coordinates or a multiple of eight (further ones are 0) and an odd stride (an even one would crowd a few sets of
the cache). <x_i, x_j> is symmetric: the pairs j < i alone are computed, and pair (i, j) starts at
``_pair(i, j) * OCTET``. Tiles of eight to sixteen sums use what they load several times and hide the latency of the
arithmetic. Sums run over particles in a fixed order and places never mix: a system's bits depend on it alone.
"""

import numpy as np
from numba import njit

from attention_atlas.numerics.vectors import (
    BLOCK,
    OCTET,
    above,
    exp2,
    load_block,
    load_octet,
    sqrt,
    store,
    sum_of_octets,
    uniform_block,
    uniform_octet,
)

__all__ = ["aligned", "inner_products", "kernels_of", "move", "normalise"]

_MODEL = {"cache": True, "error_model": "numpy"}
_INLINE = {**_MODEL, "forceinline": True}


@njit(**_MODEL)
def aligned(size):
    """Zeros whose first number starts a line of the cache: vectors across two lines cost a quarter of the speed."""
    numbers = np.zeros(size + OCTET)
    first = -numbers.ctypes.data // 8 % OCTET
    return numbers[first : first + size]


@njit(**_INLINE)
def _pair(i, j):
    """Number of the pair (i, j), j < i."""
    return i * (i - 1) // 2 + j


@njit(**_INLINE)
def _tile(x, row, length, i, j, products):
    """Inner products of the particles i ... i + 3 with j ... j + 3 (j + 3 < i)."""
    s00 = s01 = s02 = s03 = uniform_octet(0.0)
    s10 = s11 = s12 = s13 = uniform_octet(0.0)
    s20 = s21 = s22 = s23 = uniform_octet(0.0)
    s30 = s31 = s32 = s33 = uniform_octet(0.0)
    i0, j0 = i * row, j * row
    for at in range(0, length, OCTET):
        y0, y1 = load_octet(x, j0 + at), load_octet(x, j0 + row + at)
        y2, y3 = load_octet(x, j0 + 2 * row + at), load_octet(x, j0 + 3 * row + at)
        z = load_octet(x, i0 + at)
        s00, s01, s02, s03 = s00 + z * y0, s01 + z * y1, s02 + z * y2, s03 + z * y3
        z = load_octet(x, i0 + row + at)
        s10, s11, s12, s13 = s10 + z * y0, s11 + z * y1, s12 + z * y2, s13 + z * y3
        z = load_octet(x, i0 + 2 * row + at)
        s20, s21, s22, s23 = s20 + z * y0, s21 + z * y1, s22 + z * y2, s23 + z * y3
        z = load_octet(x, i0 + 3 * row + at)
        s30, s31, s32, s33 = s30 + z * y0, s31 + z * y1, s32 + z * y2, s33 + z * y3
    _store_four(products, _pair(i, j) * OCTET, s00, s01, s02, s03)
    _store_four(products, _pair(i + 1, j) * OCTET, s10, s11, s12, s13)
    _store_four(products, _pair(i + 2, j) * OCTET, s20, s21, s22, s23)
    _store_four(products, _pair(i + 3, j) * OCTET, s30, s31, s32, s33)


@njit(**_INLINE)
def _store_four(array, at, a, b, c, d):
    store(array, at, a)
    store(array, at + OCTET, b)
    store(array, at + 2 * OCTET, c)
    store(array, at + 3 * OCTET, d)


@njit(**_INLINE)
def _corner(x, row, length, i, products):
    """The six inner products among the particles i ... i + 3."""
    s10 = s20 = s21 = s30 = s31 = s32 = uniform_octet(0.0)
    i0 = i * row
    for at in range(0, length, OCTET):
        y0, y1 = load_octet(x, i0 + at), load_octet(x, i0 + row + at)
        y2, y3 = load_octet(x, i0 + 2 * row + at), load_octet(x, i0 + 3 * row + at)
        s10, s20, s30 = s10 + y1 * y0, s20 + y2 * y0, s30 + y3 * y0
        s21, s31, s32 = s21 + y2 * y1, s31 + y3 * y1, s32 + y3 * y2
    store(products, _pair(i + 1, i) * OCTET, s10)
    store(products, _pair(i + 2, i) * OCTET, s20)
    store(products, _pair(i + 2, i + 1) * OCTET, s21)
    store(products, _pair(i + 3, i) * OCTET, s30)
    store(products, _pair(i + 3, i + 1) * OCTET, s31)
    store(products, _pair(i + 3, i + 2) * OCTET, s32)


@njit(**_MODEL)
def inner_products(x, n, coordinates, stride, products):
    """<x_i, x_j> of all pairs j < i."""
    row, length, fours = stride * OCTET, coordinates * OCTET, n - n % 4
    for i in range(0, fours, 4):
        for j in range(0, i, 4):
            _tile(x, row, length, i, j, products)
        _corner(x, row, length, i, products)
    for i in range(fours, n):
        for j in range(i):
            s = uniform_octet(0.0)
            for at in range(0, length, OCTET):
                s = s + load_octet(x, i * row + at) * load_octet(x, j * row + at)
            store(products, _pair(i, j) * OCTET, s)


@njit(**_MODEL)
def kernels_of(products, n, factor, shift, threshold):
    """Replace each <x_i, x_j> by 2^(factor <x_i, x_j> - shift); returns, place by place, how many were above threshold."""
    size = n * (n - 1) // 2 * OCTET
    blocks = size - size % BLOCK
    near = uniform_block(0.0)
    for at in range(0, blocks, BLOCK):
        s = load_block(products, at)
        near = near + above(s, threshold)
        store(products, at, exp2(s * factor - shift))
    rest = sum_of_octets(near)
    for at in range(blocks, size, OCTET):
        s = load_octet(products, at)
        rest = rest + above(s, threshold)
        store(products, at, exp2(s * factor - shift))
    return rest


@njit(**_INLINE)
def _add_two(f0, f1, total, a, y0, y1):
    return f0 + a * y0, f1 + a * y1, total + a


@njit(**_INLINE)
def _two(x, at):
    return load_octet(x, at), load_octet(x, at + OCTET)


@njit(**_INLINE)
def _write_two(x, at, own, scale, f0, f1, moved):
    x0, x1 = _two(x, at)
    stay = scale * own + 1.0
    store(moved, at, x0 * stay + f0 * scale)
    store(moved, at + OCTET, x1 * stay + f1 * scale)


@njit(**_INLINE)
def _scale(total, own, step_size, uniform):
    """step_size / (own + total), or the uniform factor where that is not 0."""
    return step_size / (total + own) if uniform == 0.0 else uniform_octet(uniform)


@njit(**_INLINE)
def _move_two(x, row, n, i, own, step_size, uniform, kernels, moved):
    """Both coordinates of the particles i ... i + 3."""
    f00 = f01 = f10 = f11 = f20 = f21 = f30 = f31 = uniform_octet(0.0)
    t0 = t1 = t2 = t3 = uniform_octet(0.0)
    p0, p1 = _pair(i, 0) * OCTET, _pair(i + 1, 0) * OCTET
    p2, p3 = _pair(i + 2, 0) * OCTET, _pair(i + 3, 0) * OCTET
    here = 0
    for j in range(0, i * OCTET, OCTET):
        y0, y1 = _two(x, here)
        f00, f01, t0 = _add_two(f00, f01, t0, load_octet(kernels, p0 + j), y0, y1)
        f10, f11, t1 = _add_two(f10, f11, t1, load_octet(kernels, p1 + j), y0, y1)
        f20, f21, t2 = _add_two(f20, f21, t2, load_octet(kernels, p2 + j), y0, y1)
        f30, f31, t3 = _add_two(f30, f31, t3, load_octet(kernels, p3 + j), y0, y1)
        here += row
    end = i * OCTET
    a10, a20, a30 = load_octet(kernels, p1 + end), load_octet(kernels, p2 + end), load_octet(kernels, p3 + end)
    end += OCTET
    a21, a31, a32 = load_octet(kernels, p2 + end), load_octet(kernels, p3 + end), load_octet(kernels, p3 + end + OCTET)
    y0, y1 = _two(x, here)
    f10, f11, t1 = _add_two(f10, f11, t1, a10, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a20, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a30, y0, y1)
    y0, y1 = _two(x, here + row)
    f00, f01, t0 = _add_two(f00, f01, t0, a10, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a21, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a31, y0, y1)
    y0, y1 = _two(x, here + 2 * row)
    f00, f01, t0 = _add_two(f00, f01, t0, a20, y0, y1)
    f10, f11, t1 = _add_two(f10, f11, t1, a21, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a32, y0, y1)
    y0, y1 = _two(x, here + 3 * row)
    f00, f01, t0 = _add_two(f00, f01, t0, a30, y0, y1)
    f10, f11, t1 = _add_two(f10, f11, t1, a31, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a32, y0, y1)
    here += 4 * row
    q = _pair(i + 4, i) * OCTET
    for j in range(i + 4, n):
        y0, y1 = _two(x, here)
        f00, f01, t0 = _add_two(f00, f01, t0, load_octet(kernels, q), y0, y1)
        f10, f11, t1 = _add_two(f10, f11, t1, load_octet(kernels, q + OCTET), y0, y1)
        f20, f21, t2 = _add_two(f20, f21, t2, load_octet(kernels, q + 2 * OCTET), y0, y1)
        f30, f31, t3 = _add_two(f30, f31, t3, load_octet(kernels, q + 3 * OCTET), y0, y1)
        here += row
        q += j * OCTET
    s0, s1 = _scale(t0, own, step_size, uniform), _scale(t1, own, step_size, uniform)
    s2, s3 = _scale(t2, own, step_size, uniform), _scale(t3, own, step_size, uniform)
    here = i * row
    _write_two(x, here, own, s0, f00, f01, moved)
    _write_two(x, here + row, own, s1, f10, f11, moved)
    _write_two(x, here + 2 * row, own, s2, f20, f21, moved)
    _write_two(x, here + 3 * row, own, s3, f30, f31, moved)


@njit(**_INLINE)
def _eight(x, at):
    return (
        load_octet(x, at),
        load_octet(x, at + OCTET),
        load_octet(x, at + 2 * OCTET),
        load_octet(x, at + 3 * OCTET),
        load_octet(x, at + 4 * OCTET),
        load_octet(x, at + 5 * OCTET),
        load_octet(x, at + 6 * OCTET),
        load_octet(x, at + 7 * OCTET),
    )


@njit(**_INLINE)
def _add_eight(f, a, y):
    return (
        f[0] + a * y[0],
        f[1] + a * y[1],
        f[2] + a * y[2],
        f[3] + a * y[3],
        f[4] + a * y[4],
        f[5] + a * y[5],
        f[6] + a * y[6],
        f[7] + a * y[7],
    )


@njit(**_INLINE)
def _write_eight(x, at, own, scale, f, moved):
    y, stay = _eight(x, at), scale * own + 1.0
    _store_four(
        moved,
        at,
        y[0] * stay + f[0] * scale,
        y[1] * stay + f[1] * scale,
        y[2] * stay + f[2] * scale,
        y[3] * stay + f[3] * scale,
    )
    _store_four(
        moved,
        at + 4 * OCTET,
        y[4] * stay + f[4] * scale,
        y[5] * stay + f[5] * scale,
        y[6] * stay + f[6] * scale,
        y[7] * stay + f[7] * scale,
    )


@njit(**_INLINE)
def _move_eight(x, row, n, i, at, own, step_size, uniform, kernels, moved):
    """Eight coordinates, from offset ``at`` on, of the particles i and i + 1."""
    z = uniform_octet(0.0)
    f = (z, z, z, z, z, z, z, z)
    g = (z, z, z, z, z, z, z, z)
    t0 = t1 = z
    p0, p1 = _pair(i, 0) * OCTET, _pair(i + 1, 0) * OCTET
    here = at
    for j in range(0, i * OCTET, OCTET):
        y = _eight(x, here)
        a, b = load_octet(kernels, p0 + j), load_octet(kernels, p1 + j)
        f, g = _add_eight(f, a, y), _add_eight(g, b, y)
        t0, t1 = t0 + a, t1 + b
        here += row
    a = load_octet(kernels, p1 + i * OCTET)
    g, f = _add_eight(g, a, _eight(x, here)), _add_eight(f, a, _eight(x, here + row))
    t0, t1 = t0 + a, t1 + a
    here += 2 * row
    q = _pair(i + 2, i) * OCTET
    for j in range(i + 2, n):
        y = _eight(x, here)
        a, b = load_octet(kernels, q), load_octet(kernels, q + OCTET)
        f, g = _add_eight(f, a, y), _add_eight(g, b, y)
        t0, t1 = t0 + a, t1 + b
        here += row
        q += j * OCTET
    s0, s1 = _scale(t0, own, step_size, uniform), _scale(t1, own, step_size, uniform)
    here = i * row + at
    _write_eight(x, here, own, s0, f, moved)
    _write_eight(x, here + row, own, s1, g, moved)


@njit(**_INLINE)
def _move_one(x, row, n, i, length, own, step_size, uniform, kernels, moved):
    """All coordinates of a particle that no tile holds; the other particles in the same order."""
    total = uniform_octet(0.0)
    for j in range(n):
        if j != i:
            total = total + load_octet(kernels, _pair(max(i, j), min(i, j)) * OCTET)
    scale = _scale(total, own, step_size, uniform)
    for at in range(0, length, OCTET):
        f = uniform_octet(0.0)
        for j in range(n):
            if j != i:
                f = f + load_octet(kernels, _pair(max(i, j), min(i, j)) * OCTET) * load_octet(x, j * row + at)
        store(moved, i * row + at, load_octet(x, i * row + at) * (scale * own + 1.0) + f * scale)


@njit(**_MODEL)
def normalise(x, row, length, first, last):
    """Give the particles first ... last - 1 length 1."""
    for i in range(first, last):
        square = uniform_octet(0.0)
        for at in range(i * row, i * row + length, OCTET):
            here = load_octet(x, at)
            square = square + here * here
        inverse = 1.0 / sqrt(square)
        for at in range(i * row, i * row + length, OCTET):
            store(x, at, load_octet(x, at) * inverse)


@njit(**_MODEL)
def move(x, n, coordinates, stride, own, step_size, uniform, kernels, moved):
    """moved_i = N(x_i + scale_i (own x_i + sum_{j != i} kernel_ij x_j)).

    scale_i is step_size / (own + sum_{j != i} kernel_ij), or ``uniform`` where that is not 0. A point
    that loses its length becomes NaN, and a NaN stays one.
    """
    row, length = stride * OCTET, coordinates * OCTET
    tiled = n - n % (4 if coordinates == 2 else 2)
    if coordinates == 2:
        for i in range(0, tiled, 4):
            _move_two(x, row, n, i, own, step_size, uniform, kernels, moved)
    else:
        # eight coordinates of all points at a time: they and the kernels fit into the first cache
        for at in range(0, length, 8 * OCTET):
            for i in range(0, tiled, 2):
                _move_eight(x, row, n, i, at, own, step_size, uniform, kernels, moved)
    for i in range(tiled, n):
        _move_one(x, row, n, i, length, own, step_size, uniform, kernels, moved)
    normalise(moved, row, length, 0, n)
