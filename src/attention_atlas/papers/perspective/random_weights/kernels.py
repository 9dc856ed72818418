"""Softmax attention with general matrices Q^T K and V in several systems at once, one in each place of a vector of singles.

What attention adds to a particle is computed in single precision, with which a register holds twice as many systems, and added to
its position in double precision.

A particle may stand for several, as many as its mass says. Particles from the number ``senders`` on have mass 0 and only receive.

Layout: the numbers of coordinates and of particles are rounded up to multiples of four: further coordinates are 0. Where a system has
fewer senders or receivers than those beside it, copies of its particle 0 with mass 0 stand in, which change no bit of it. In a table
of singles coordinate c of particle i starts at ``(i * stride + c) * SINGLES``; a matrix is kept transposed, M[a, k] at
``(k * stride + a) * SINGLES``. Positions are two tables of native vectors (``dynamics/clustering/vector_kernels``) one after the
other, of the places below NATIVE and of the others. Four receiving particles are finished at a time, so that the table of their
kernels stays in the first cache.
"""

import numpy as np

from attention_atlas.dynamics.clustering.vector_moves import normalise
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import (
    NATIVE,
    SINGLES,
    exp2,
    exp2_singles,
    high_half,
    larger,
    load_native,
    load_singles,
    low_half,
    singles,
    store,
    uniform_singles,
)

__all__ = ["enter_matrix", "enter_points", "leave_points", "round_points", "transform", "weighted_move"]


@inner(forceinline=True)
def _first_number(place, particles, stride):
    """Where the positions of the system in this place begin."""
    return place // NATIVE * particles * stride * NATIVE + place % NATIVE


@inner
def enter_points(start, groups, number, place, senders, particles, stride, x):
    """Put the points (n, d) of a system, ``groups`` that send and then up to ``number``, into its place among ``particles``.

    ``x`` may hold zeros only at the further coordinates.
    """
    first = _first_number(place, particles, stride)
    for row in range(particles):
        i = row if row < senders else groups + row - senders
        if (row < senders and i >= groups) or i >= number:
            i = 0
        for c in range(start.shape[1]):
            x[first + (row * stride + c) * NATIVE] = start[i, c]


@inner
def leave_points(x, groups, number, place, senders, particles, stride, out):
    """The points of the system in this place."""
    first = _first_number(place, particles, stride)
    for i in range(number):
        row = i if i < groups else senders + i - groups
        for c in range(out.shape[1]):
            out[i, c] = x[first + (row * stride + c) * NATIVE]


@inner
def round_points(x, size, out):
    """The positions, ``size`` numbers of ``x``, as singles."""
    half = size // 2
    for at in range(0, half, NATIVE):
        store(out, 2 * at, singles(load_native(x, at), load_native(x, half + at)))


@inner
def enter_matrix(matrix, place, stride, out):
    """Put the matrix (d, d) of a system into its place."""
    d = matrix.shape[0]
    for a in range(d):
        for k in range(d):
            out[(k * stride + a) * SINGLES + place] = matrix[a, k]


@inner(forceinline=True)
def _add_four(f0, f1, f2, f3, a, y0, y1, y2, y3):
    return f0 + a * y0, f1 + a * y1, f2 + a * y2, f3 + a * y3


@inner(forceinline=True)
def _two_of_a_combination(factors, step, first, count, rows, row, at):
    """The first two r of ``_combination``: eight sums, which sixteen registers hold with what they use."""
    f00 = f01 = f02 = f03 = f10 = f11 = f12 = f13 = uniform_singles(0.0)
    a0, a1 = first, first + step
    for j in range(0, count * SINGLES, SINGLES):
        y0, y1 = load_singles(rows, at), load_singles(rows, at + SINGLES)
        y2, y3 = load_singles(rows, at + 2 * SINGLES), load_singles(rows, at + 3 * SINGLES)
        f00, f01, f02, f03 = _add_four(f00, f01, f02, f03, load_singles(factors, a0 + j), y0, y1, y2, y3)
        f10, f11, f12, f13 = _add_four(f10, f11, f12, f13, load_singles(factors, a1 + j), y0, y1, y2, y3)
        at += row
    return f00, f01, f02, f03, f10, f11, f12, f13


@inner(forceinline=True)
def _combination(factors, step, first, count, rows, row, at):
    """sum_j factors[r, j] rows[j, c] for four r and four c: sixteen vectors, r slowest, in two halves.

    ``factors[r, j]`` starts at ``first + r * step + j * SINGLES``, ``rows[j, c]`` at ``at + j * row + c * SINGLES``.
    """
    return _two_of_a_combination(factors, step, first, count, rows, row, at) + _two_of_a_combination(
        factors, step, first + 2 * step, count, rows, row, at
    )


@inner(forceinline=True)
def _store_four(array, at, a, b, c, d):
    store(array, at, a)
    store(array, at + SINGLES, b)
    store(array, at + 2 * SINGLES, c)
    store(array, at + 3 * SINGLES, d)


@inner
def transform(matrix, x, particles, coordinates, stride, out):
    """out_i = M x_i; the arrays must differ."""
    row = stride * SINGLES
    for at in range(0, coordinates * SINGLES, 4 * SINGLES):
        for i in range(0, particles, 4):
            f = _combination(x, row, i * row, coordinates, matrix, row, at)
            here = i * row + at
            _store_four(out, here, f[0], f[1], f[2], f[3])
            _store_four(out, here + row, f[4], f[5], f[6], f[7])
            _store_four(out, here + 2 * row, f[8], f[9], f[10], f[11])
            _store_four(out, here + 3 * row, f[12], f[13], f[14], f[15])


@inner(forceinline=True)
def _add_eight_products(sums, x, keys, row, i0, j0):
    """Two particles meet four keys in one coordinate."""
    y0, y1 = load_singles(keys, j0), load_singles(keys, j0 + row)
    y2, y3 = load_singles(keys, j0 + 2 * row), load_singles(keys, j0 + 3 * row)
    first = _add_four(sums[0], sums[1], sums[2], sums[3], load_singles(x, i0), y0, y1, y2, y3)
    return first + _add_four(sums[4], sums[5], sums[6], sums[7], load_singles(x, i0 + row), y0, y1, y2, y3)


@inner(forceinline=True)
def _two_rows_of_products(x, keys, row, length, i, j, width, at_panel, panel):
    """<x_i, k_j> of the particles i and i + 1 with j ... j + 3, into the rows of ``panel`` from ``at_panel`` on."""
    zero = uniform_singles(0.0)
    sums = zero, zero, zero, zero, zero, zero, zero, zero
    i0, j0 = i * row, j * row
    # four coordinates a turn: with one, counting the turns costs more than some processors hide
    for at in range(0, length, 4 * SINGLES):
        sums = _add_eight_products(sums, x, keys, row, i0 + at, j0 + at)
        sums = _add_eight_products(sums, x, keys, row, i0 + at + SINGLES, j0 + at + SINGLES)
        sums = _add_eight_products(sums, x, keys, row, i0 + at + 2 * SINGLES, j0 + at + 2 * SINGLES)
        sums = _add_eight_products(sums, x, keys, row, i0 + at + 3 * SINGLES, j0 + at + 3 * SINGLES)
    _store_four(panel, (at_panel + j) * SINGLES, sums[0], sums[1], sums[2], sums[3])
    _store_four(panel, (at_panel + width + j) * SINGLES, sums[4], sums[5], sums[6], sums[7])


@inner(forceinline=True)
def _products(x, keys, row, length, i, j, width, panel):
    """<x_i, k_j> of the particles i ... i + 3 with j ... j + 3, into the rows of ``panel``."""
    _two_rows_of_products(x, keys, row, length, i, j, width, 0, panel)
    _two_rows_of_products(x, keys, row, length, i + 2, j, width, 2 * width, panel)


@inner(forceinline=True)
def _kernels(panel, at, factor, largest, mass):
    """Replace s at this place of the panel by mass 2^(factor s - largest)."""
    a = exp2_singles(load_singles(panel, at) * factor - largest) * mass
    store(panel, at, a)
    return a


@inner(forceinline=True)
def _kernels_of_four(panel, masses, n, width, factor):
    """Replace s = <x_i, k_j> in the four rows of the panel by mass_j 2^(factor s - m_i); m_i, their largest exponent, and the sums."""
    row = width * SINGLES
    m0, m1 = load_singles(panel, 0), load_singles(panel, row)
    m2, m3 = load_singles(panel, 2 * row), load_singles(panel, 3 * row)
    for at in range(SINGLES, n * SINGLES, SINGLES):
        m0, m1 = larger(m0, load_singles(panel, at)), larger(m1, load_singles(panel, row + at))
        m2, m3 = larger(m2, load_singles(panel, 2 * row + at)), larger(m3, load_singles(panel, 3 * row + at))
    m0, m1, m2, m3 = m0 * factor, m1 * factor, m2 * factor, m3 * factor
    t0 = t1 = t2 = t3 = uniform_singles(0.0)
    for at in range(0, n * SINGLES, SINGLES):
        w = load_singles(masses, at)
        t0, t1 = t0 + _kernels(panel, at, factor, m0, w), t1 + _kernels(panel, row + at, factor, m1, w)
        t2, t3 = t2 + _kernels(panel, 2 * row + at, factor, m2, w), t3 + _kernels(panel, 3 * row + at, factor, m3, w)
    return (m0, m1, m2, m3), (t0, t1, t2, t3)


@inner(forceinline=True)
def _scales(largest, total, n, step_size, softmax):
    """What the sums of a particle are multiplied by, for the two halves of the systems."""
    if softmax:
        return step_size / low_half(total), step_size / high_half(total)
    return exp2(low_half(largest)) * (step_size / n), exp2(high_half(largest)) * (step_size / n)


@inner(forceinline=True)
def _move_one(x, here, half, scales, f, moved):
    store(moved, here, load_native(x, here) + low_half(f) * scales[0])
    store(moved, half + here, load_native(x, half + here) + high_half(f) * scales[1])


@inner(forceinline=True)
def _move_row(x, here, half, scales, f0, f1, f2, f3, moved):
    _move_one(x, here, half, scales, f0, moved)
    _move_one(x, here + NATIVE, half, scales, f1, moved)
    _move_one(x, here + 2 * NATIVE, half, scales, f2, moved)
    _move_one(x, here + 3 * NATIVE, half, scales, f3, moved)


@inner
def weighted_move(
    x,
    rounded,
    keys,
    images,
    masses,
    senders,
    receivers,
    n,
    coordinates,
    stride,
    factor,
    step_size,
    softmax,
    panel,
    moved,
):
    """moved_i = N(x_i + step_size sum_j A_ij v_j) of ``receivers`` particles, a multiple of four; A over j < ``senders``.

    A_ij is mass_j 2^(factor <x_i, k_j>), divided by its sum over j or, not ``softmax``, by n. ``rounded`` are the positions x as
    singles, ``panel`` is scratch: 4 * (senders rounded up to a multiple of four) * SINGLES singles. A point that loses its length
    becomes NaN.
    """
    row, length, width = stride * SINGLES, coordinates * SINGLES, senders + -senders % 4
    half = receivers * stride * NATIVE
    for i in range(0, receivers, 4):
        for j in range(0, width, 4):
            _products(rounded, keys, row, length, i, j, width, panel)
        m, t = _kernels_of_four(panel, masses, senders, width, factor)
        s0, s1 = _scales(m[0], t[0], n, step_size, softmax), _scales(m[1], t[1], n, step_size, softmax)
        s2, s3 = _scales(m[2], t[2], n, step_size, softmax), _scales(m[3], t[3], n, step_size, softmax)
        for at in range(0, length, 4 * SINGLES):
            f = _combination(panel, width * SINGLES, np.int64(0), senders, images, row, at)
            # the tables of positions have half as many numbers a coordinate
            here = (i * row + at) // 2
            _move_row(x, here, half, s0, f[0], f[1], f[2], f[3], moved)
            _move_row(x, here + row // 2, half, s1, f[4], f[5], f[6], f[7], moved)
            _move_row(x, here + row, half, s2, f[8], f[9], f[10], f[11], moved)
            _move_row(x, here + row + row // 2, half, s3, f[12], f[13], f[14], f[15], moved)
    normalise(moved, row // 2, length // 2, 0, 2 * receivers)
