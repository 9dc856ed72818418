"""Attention among the particles of several systems at once, one in each place of a native vector, with Q = K = V = I.

Layout (1-D, float64): coordinate c of particle i of the system in place s is ``x[(i * stride + c) * NATIVE + s]``,
with two coordinates or a multiple of eight (further ones are 0) and an odd stride (an even one would crowd a few sets of
the cache). <x_i, x_j> is symmetric: the pairs j < i alone are computed, and pair (i, j) starts at
``pair_number(i, j) * NATIVE``. Tiles of eight to sixteen sums use what they load several times and hide the latency of the
arithmetic. Sums run over particles in a fixed order and places never mix: a system's bits depend on it alone.
"""

import numpy as np

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import (
    BLOCK,
    NATIVE,
    above,
    exp2,
    load_block,
    load_native,
    store,
    sum_of_vectors,
    uniform_block,
    uniform_native,
)

__all__ = ["aligned", "inner_products", "kernels_of", "pair_number", "store_four"]

# numbers in a line of the cache
_LINE = 8


@inner
def aligned(size):
    """Zeros whose first number starts a line of the cache: vectors across two lines cost a quarter of the speed."""
    numbers = np.zeros(size + _LINE)
    first = -numbers.ctypes.data // 8 % _LINE
    return numbers[first : first + size]


@inner(forceinline=True)
def pair_number(i, j):
    """Number of the pair (i, j), j < i."""
    return i * (i - 1) // 2 + j


@inner(forceinline=True)
def store_four(array, at, a, b, c, d):
    """Write four vectors one after the other."""
    store(array, at, a)
    store(array, at + NATIVE, b)
    store(array, at + 2 * NATIVE, c)
    store(array, at + 3 * NATIVE, d)


@inner(forceinline=True)
def _two_rows(x, row, length, i, j, products):
    """Inner products of the particles i and i + 1 with j ... j + 3: eight sums, which sixteen registers hold with what they use."""
    s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = uniform_native(0.0)
    i0, j0 = i * row, j * row
    for at in range(0, length, NATIVE):
        y0, y1 = load_native(x, j0 + at), load_native(x, j0 + row + at)
        y2, y3 = load_native(x, j0 + 2 * row + at), load_native(x, j0 + 3 * row + at)
        z = load_native(x, i0 + at)
        s00, s01, s02, s03 = s00 + z * y0, s01 + z * y1, s02 + z * y2, s03 + z * y3
        z = load_native(x, i0 + row + at)
        s10, s11, s12, s13 = s10 + z * y0, s11 + z * y1, s12 + z * y2, s13 + z * y3
    store_four(products, pair_number(i, j) * NATIVE, s00, s01, s02, s03)
    store_four(products, pair_number(i + 1, j) * NATIVE, s10, s11, s12, s13)


@inner(forceinline=True)
def _tile(x, row, length, i, j, products):
    """Inner products of the particles i ... i + 3 with j ... j + 3 (j + 3 < i), in two halves."""
    _two_rows(x, row, length, i, j, products)
    _two_rows(x, row, length, i + 2, j, products)


@inner(forceinline=True)
def _corner(x, row, length, i, products):
    """The six inner products among the particles i ... i + 3."""
    s10 = s20 = s21 = s30 = s31 = s32 = uniform_native(0.0)
    i0 = i * row
    for at in range(0, length, NATIVE):
        y0, y1 = load_native(x, i0 + at), load_native(x, i0 + row + at)
        y2, y3 = load_native(x, i0 + 2 * row + at), load_native(x, i0 + 3 * row + at)
        s10, s20, s30 = s10 + y1 * y0, s20 + y2 * y0, s30 + y3 * y0
        s21, s31, s32 = s21 + y2 * y1, s31 + y3 * y1, s32 + y3 * y2
    store(products, pair_number(i + 1, i) * NATIVE, s10)
    store(products, pair_number(i + 2, i) * NATIVE, s20)
    store(products, pair_number(i + 2, i + 1) * NATIVE, s21)
    store(products, pair_number(i + 3, i) * NATIVE, s30)
    store(products, pair_number(i + 3, i + 1) * NATIVE, s31)
    store(products, pair_number(i + 3, i + 2) * NATIVE, s32)


@inner
def inner_products(x, n, coordinates, stride, products):
    """<x_i, x_j> of all pairs j < i."""
    row, length, fours = stride * NATIVE, coordinates * NATIVE, n - n % 4
    for i in range(0, fours, 4):
        for j in range(0, i, 4):
            _tile(x, row, length, i, j, products)
        _corner(x, row, length, i, products)
    for i in range(fours, n):
        for j in range(i):
            s = uniform_native(0.0)
            for at in range(0, length, NATIVE):
                s = s + load_native(x, i * row + at) * load_native(x, j * row + at)
            store(products, pair_number(i, j) * NATIVE, s)


@inner
def kernels_of(products, n, factor, shift, threshold):
    """Replace each <x_i, x_j> by 2^(factor <x_i, x_j> - shift); returns, place by place, how many were above threshold."""
    size = n * (n - 1) // 2 * NATIVE
    blocks = size - size % BLOCK
    near = uniform_block(0.0)
    for at in range(0, blocks, BLOCK):
        s = load_block(products, at)
        near = near + above(s, threshold)
        store(products, at, exp2(s * factor - shift))
    rest = sum_of_vectors(near)
    for at in range(blocks, size, NATIVE):
        s = load_native(products, at)
        rest = rest + above(s, threshold)
        store(products, at, exp2(s * factor - shift))
    return rest
