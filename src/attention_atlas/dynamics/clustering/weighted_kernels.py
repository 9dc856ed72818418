"""Softmax attention with general matrices Q^T K and V in several systems at once, one in each place of a native vector.

Layout as in ``vector_kernels``, with the number of coordinates and of particles
rounded up to multiples of four: further coordinates are 0, further particles copy particle 0 and only receive. A
matrix is kept transposed, M[a, k] at ``(k * stride + a) * NATIVE``. Four receiving particles are finished
at a time, so that the table of their kernels stays in the first cache.
"""

from numba import njit

from attention_atlas.dynamics.clustering.vector_moves import normalise
from attention_atlas.numerics.vectors import BLOCK, NATIVE, exp2, load_block, load_native, store, uniform_native

__all__ = ["enter_matrix", "enter_points", "leave_points", "transform", "weighted_move"]

_MODEL = {"cache": True, "error_model": "numpy"}
_INLINE = {**_MODEL, "forceinline": True}


@njit(**_MODEL)
def enter_points(start, place, stride, x):
    """Put the points (n, d) of a system into its place; ``x`` may hold zeros only at the further coordinates."""
    n, d = start.shape
    for i in range(n + -n % 4):
        for c in range(d):
            x[(i * stride + c) * NATIVE + place] = start[i if i < n else 0, c]


@njit(**_MODEL)
def leave_points(x, place, stride, out):
    """The points (n, d) of the system in this place."""
    n, d = out.shape
    for i in range(n):
        for c in range(d):
            out[i, c] = x[(i * stride + c) * NATIVE + place]


@njit(**_MODEL)
def enter_matrix(matrix, place, stride, out):
    """Put the matrix (d, d) of a system into its place."""
    d = matrix.shape[0]
    for a in range(d):
        for k in range(d):
            out[(k * stride + a) * NATIVE + place] = matrix[a, k]


@njit(**_INLINE)
def _add_four(f0, f1, f2, f3, a, y0, y1, y2, y3):
    return f0 + a * y0, f1 + a * y1, f2 + a * y2, f3 + a * y3


@njit(**_INLINE)
def _two_of_a_combination(factors, step, first, count, rows, row, at):
    """The first two r of ``_combination``: eight sums, which sixteen registers hold with what they use."""
    f00 = f01 = f02 = f03 = f10 = f11 = f12 = f13 = uniform_native(0.0)
    a0, a1 = first, first + step
    for j in range(0, count * NATIVE, NATIVE):
        y0, y1 = load_native(rows, at), load_native(rows, at + NATIVE)
        y2, y3 = load_native(rows, at + 2 * NATIVE), load_native(rows, at + 3 * NATIVE)
        f00, f01, f02, f03 = _add_four(f00, f01, f02, f03, load_native(factors, a0 + j), y0, y1, y2, y3)
        f10, f11, f12, f13 = _add_four(f10, f11, f12, f13, load_native(factors, a1 + j), y0, y1, y2, y3)
        at += row
    return f00, f01, f02, f03, f10, f11, f12, f13


@njit(**_INLINE)
def _combination(factors, step, first, count, rows, row, at):
    """sum_j factors[r, j] rows[j, c] for four r and four c: sixteen vectors, r slowest, in two halves.

    ``factors[r, j]`` starts at ``first + r * step + j * NATIVE``, ``rows[j, c]`` at ``at + j * row + c * NATIVE``.
    """
    return _two_of_a_combination(factors, step, first, count, rows, row, at) + _two_of_a_combination(
        factors, step, first + 2 * step, count, rows, row, at
    )


@njit(**_INLINE)
def _store_four(array, at, a, b, c, d):
    store(array, at, a)
    store(array, at + NATIVE, b)
    store(array, at + 2 * NATIVE, c)
    store(array, at + 3 * NATIVE, d)


@njit(**_MODEL)
def transform(matrix, x, particles, coordinates, stride, out):
    """out_i = M x_i; the arrays must differ."""
    row = stride * NATIVE
    for at in range(0, coordinates * NATIVE, 4 * NATIVE):
        for i in range(0, particles, 4):
            f = _combination(x, row, i * row, coordinates, matrix, row, at)
            here = i * row + at
            _store_four(out, here, f[0], f[1], f[2], f[3])
            _store_four(out, here + row, f[4], f[5], f[6], f[7])
            _store_four(out, here + 2 * row, f[8], f[9], f[10], f[11])
            _store_four(out, here + 3 * row, f[12], f[13], f[14], f[15])


@njit(**_INLINE)
def _two_rows_of_products(x, keys, row, length, i, j, width, at_panel, panel):
    """<x_i, k_j> of the particles i and i + 1 with j ... j + 3, into the rows of ``panel`` from ``at_panel`` on."""
    s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = uniform_native(0.0)
    i0, j0 = i * row, j * row
    for at in range(0, length, NATIVE):
        y0, y1 = load_native(keys, j0 + at), load_native(keys, j0 + row + at)
        y2, y3 = load_native(keys, j0 + 2 * row + at), load_native(keys, j0 + 3 * row + at)
        s00, s01, s02, s03 = _add_four(s00, s01, s02, s03, load_native(x, i0 + at), y0, y1, y2, y3)
        s10, s11, s12, s13 = _add_four(s10, s11, s12, s13, load_native(x, i0 + row + at), y0, y1, y2, y3)
    _store_four(panel, (at_panel + j) * NATIVE, s00, s01, s02, s03)
    _store_four(panel, (at_panel + width + j) * NATIVE, s10, s11, s12, s13)


@njit(**_INLINE)
def _products(x, keys, row, length, i, j, width, panel):
    """<x_i, k_j> of the particles i ... i + 3 with j ... j + 3, into the rows of ``panel``."""
    _two_rows_of_products(x, keys, row, length, i, j, width, 0, panel)
    _two_rows_of_products(x, keys, row, length, i + 2, j, width, 2 * width, panel)


@njit(**_INLINE)
def _move_row(x, here, scale, f0, f1, f2, f3, moved):
    store(moved, here, load_native(x, here) + f0 * scale)
    store(moved, here + NATIVE, load_native(x, here + NATIVE) + f1 * scale)
    store(moved, here + 2 * NATIVE, load_native(x, here + 2 * NATIVE) + f2 * scale)
    store(moved, here + 3 * NATIVE, load_native(x, here + 3 * NATIVE) + f3 * scale)


@njit(**_MODEL)
def weighted_move(x, keys, values, n, coordinates, stride, factor, step_size, softmax, panel, moved):
    """moved_i = N(x_i + step_size sum_j A_ij v_j), A the softmax over j < n of ln 2 factor <x_i, k_j>; not ``softmax``: divided by n.

    ``panel`` is scratch: 4 * (n rounded up to a multiple of four) * NATIVE numbers. A point that loses its length becomes NaN.
    """
    row, length, width = stride * NATIVE, coordinates * NATIVE, n + -n % 4
    for i in range(0, width, 4):
        for j in range(0, width, 4):
            _products(x, keys, row, length, i, j, width, panel)
        for at in range(0, 4 * width * NATIVE, BLOCK):
            store(panel, at, exp2(load_block(panel, at) * factor))
        t0 = t1 = t2 = t3 = uniform_native(0.0)
        for j in range(n):
            t0, t1 = t0 + load_native(panel, j * NATIVE), t1 + load_native(panel, (width + j) * NATIVE)
            t2, t3 = (
                t2 + load_native(panel, (2 * width + j) * NATIVE),
                t3 + load_native(panel, (3 * width + j) * NATIVE),
            )
        if softmax:
            t0, t1, t2, t3 = step_size / t0, step_size / t1, step_size / t2, step_size / t3
        else:
            t0 = t1 = t2 = t3 = uniform_native(step_size / n)
        for at in range(0, length, 4 * NATIVE):
            f = _combination(panel, width * NATIVE, 0, n, values, row, at)
            here = i * row + at
            _move_row(x, here, t0, f[0], f[1], f[2], f[3], moved)
            _move_row(x, here + row, t1, f[4], f[5], f[6], f[7], moved)
            _move_row(x, here + 2 * row, t2, f[8], f[9], f[10], f[11], moved)
            _move_row(x, here + 3 * row, t3, f[12], f[13], f[14], f[15], moved)
    normalise(moved, row, length, 0, width)
