"""Vectors of the processor's width inside kernels, against NumPy."""

import math

import numpy as np
import pytest
from numba import njit

from attention_atlas.numerics.native import (
    ALL_LANES,
    chosen,
    exp2_bounded,
    exp2_infinite,
    exp2_negative,
    fma,
    lane_max,
    larger,
    reaches,
    sender,
    smaller,
)
from attention_atlas.numerics.vectors import NATIVE, load_native, store


@njit
def apply(number, x, y, out):
    a, b = load_native(x, 0), load_native(y, 0)
    if number == 0:
        store(out, 0, fma(a, b, 3.0))
    elif number == 1:
        store(out, 0, larger(a, b))
    elif number == 2:
        store(out, 0, smaller(a, 0.25))
    elif number == 3:
        store(out, 0, reaches(a, b))
    elif number == 4:
        store(out, 0, chosen(0b10110101 & ALL_LANES, a, -1.0))
    elif number == 5:
        store(out, 0, sender(x, 1, None))
    elif number == 6:
        store(out, 0, sender(x, 1, 0))
    elif number == 7:
        store(out, 0, exp2_negative(a))
    elif number == 8:
        store(out, 0, exp2_bounded(a))
    elif number == 9:
        store(out, 0, exp2_infinite(a))
    else:
        out[0] = lane_max(a)


def run(number, x, y=None):
    out = np.zeros(NATIVE)
    apply(number, x, x if y is None else y, out)
    return out


def test_operations():
    generator = np.random.default_rng(1)
    x, y = generator.standard_normal(NATIVE + 1), generator.standard_normal(NATIVE + 1)
    x[1] = y[1]
    a, b = x[:NATIVE], y[:NATIVE]
    np.testing.assert_allclose(run(0, x, y), a * b + 3.0, rtol=1e-15)
    np.testing.assert_array_equal(run(1, x, y), np.maximum(a, b))
    np.testing.assert_array_equal(run(2, x), np.minimum(a, 0.25))
    np.testing.assert_array_equal(run(3, x, y), np.where(a >= b, 1.0, 0.0))
    bits = np.array([0b10110101 >> lane & 1 for lane in range(NATIVE)], dtype=bool)
    np.testing.assert_array_equal(run(4, x), np.where(bits, a, -1.0))
    np.testing.assert_array_equal(run(5, x), np.full(NATIVE, x[1]))
    np.testing.assert_array_equal(run(6, x), x[1 : NATIVE + 1])
    assert run(10, x)[0] == a.max()


def test_one_rounding():
    """x x - 1 for x = 1 + 2**-30: the product alone would lose the square of 2**-30."""
    x = np.full(NATIVE, 1 + 2.0**-30)
    assert run(0, x, x)[0] - 4.0 != 0
    one = np.full(NATIVE, 2.0**-27 + 1)
    exact = (
        math.fma(one[0], one[0], 3.0)
        if hasattr(math, "fma")
        else float(np.longdouble(one[0]) * np.longdouble(one[0]) + 3)
    )
    assert run(0, one, one)[0] == exact


@pytest.mark.parametrize("number", [7, 8, 9])
def test_powers(number):
    for y in np.linspace(-990, 990 if number > 7 else 0, 400):
        x = np.full(NATIVE, y)
        assert run(number, x)[0] == pytest.approx(2.0**y, rel=5e-16)
    assert run(number, np.full(NATIVE, -5000.0))[0] == 2.0**-1000
    if number > 7:
        assert run(number, np.full(NATIVE, 1001.0))[0] == (2.0**1000 if number == 8 else math.inf)
