"""Vectors and blocks against NumPy, number by number."""

import numpy as np
import pytest
from numba import njit

from attention_atlas.numerics import vectors
from attention_atlas.numerics.vectors import (
    BLOCK,
    EXP2_BOUND,
    NATIVE,
    SINGLES,
    above,
    exp2,
    exp2_singles,
    high_half,
    larger,
    load_block,
    load_native,
    load_singles,
    low_half,
    singles,
    sqrt,
    store,
    sum_of_vectors,
    uniform_block,
    uniform_native,
    uniform_singles,
)


@njit(error_model="numpy")
def _natives(x, y, out):
    a, b = load_native(x, 0), load_native(y, 0)
    store(out, 0, (a + b) * 2.0 - a / b)
    store(out, NATIVE, sqrt(b))
    store(out, 2 * NATIVE, above(a, 0.25))
    store(out, 3 * NATIVE, uniform_native(1.5) - a)


@njit(error_model="numpy")
def _blocks(x, out):
    for i in range(0, x.size, BLOCK):
        store(out, i, exp2(load_block(x, i)))


@njit(error_model="numpy")
def _folded(x, out):
    store(out, 0, sum_of_vectors(load_block(x, 0) * uniform_block(2.0)))


@njit(error_model="numpy")
def _singles(x, y, out):
    a, b = load_singles(x, 0), load_singles(y, 0)
    store(out, 0, (a + b) * 2.0 - a / b)
    store(out, SINGLES, larger(a, b))
    store(out, 2 * SINGLES, uniform_singles(1.5) - a)


@njit(error_model="numpy")
def _powers(x, out):
    for i in range(0, x.size, SINGLES):
        store(out, i, exp2_singles(load_singles(x, i)))


@njit(error_model="numpy")
def _halves(x, out, rounded):
    value = singles(load_native(x, 0), load_native(x, NATIVE))
    store(rounded, 0, value)
    store(out, 0, low_half(value))
    store(out, NATIVE, high_half(value))


def test_operations_act_on_each_number():
    x, y = np.linspace(-1, 1, NATIVE), np.linspace(0.5, 3, NATIVE)
    out = np.empty(4 * NATIVE)
    _natives(x, y, out)
    expected = [(x + y) * 2 - x / y, np.sqrt(y), x > 0.25, 1.5 - x]
    assert np.allclose(out.reshape(4, NATIVE), expected, rtol=1e-15, atol=1e-15)


def test_operations_act_on_each_single():
    x, y = np.linspace(-1, 1, SINGLES, dtype=np.float32), np.linspace(0.5, 0.75, SINGLES, dtype=np.float32)
    out = np.empty(3 * SINGLES, dtype=np.float32)
    _singles(x, y, out)
    expected = [(x + y) * 2 - x / y, np.maximum(x, y), 1.5 - x]
    assert np.allclose(out.reshape(3, SINGLES), expected, rtol=3e-7, atol=3e-7)
    x[1] = y[0] = np.nan
    _singles(x, y, out)
    assert out[SINGLES] == x[0] and np.isnan(out[SINGLES + 1])


def test_singles_are_two_native_vectors():
    x = np.linspace(-1, 1, SINGLES) / 3
    out, rounded = np.empty(SINGLES), np.empty(SINGLES, dtype=np.float32)
    _halves(x, out, rounded)
    assert np.array_equal(rounded, x.astype(np.float32))
    assert np.array_equal(out, rounded.astype(float))


def test_exp2_of_singles_against_double():
    x = np.linspace(-100, 120, 1000 * SINGLES).astype(np.float32)
    out = np.empty_like(x)
    _powers(x, out)
    assert np.abs(out / np.exp2(x.astype(float)) - 1).max() < 2e-7
    x[:SINGLES], x[0], x[1] = -1e6, np.nan, 0.0
    _powers(x, out)
    assert np.isnan(out[0]) and out[1] == 1.0
    assert (out[2:SINGLES] == np.float32(2.0) ** -100).all()


def test_above_is_false_for_a_nan():
    x = np.full(NATIVE, np.nan)
    out = np.empty(4 * NATIVE)
    _natives(x, x, out)
    assert (out[2 * NATIVE : 3 * NATIVE] == 0.0).all()


@pytest.mark.parametrize("reach", [1e-3, 0.5, 30.0, EXP2_BOUND])
def test_exp2_against_long_double(reach):
    x = np.linspace(-reach, reach, 100 * BLOCK)
    out = np.empty_like(x)
    _blocks(x, out)
    assert np.abs(out / np.exp2(x.astype(np.longdouble)) - 1).max() < 4e-16
    _blocks(np.zeros(BLOCK), out[:BLOCK])
    assert (out[:BLOCK] == 1.0).all()


def test_sum_of_vectors_keeps_the_places():
    x = np.arange(BLOCK, dtype=float)
    out = np.empty(NATIVE)
    _folded(x, out)
    assert np.array_equal(out, 2 * x.reshape(-1, NATIVE).sum(axis=0))


def test_widths_divide():
    assert vectors.BLOCK % vectors.NATIVE == 0
