"""Every operation of the vector type against NumPy, number by number."""

import numpy as np
import pytest
from numba import njit

from attention_atlas.numerics import lanes
from attention_atlas.numerics.lanes import LANES, exponent_of, larger, less, load, mantissa_of, sqrt, store
from attention_atlas.numerics.vectors import exp2


@njit(error_model="numpy")
def _apply(which, x, y, out):
    for i in range(0, x.size, LANES):
        a, b = load(x, i), load(y, i)
        if which == 0:
            store(out, i, (a + b) * 2.0 - a / b)
        elif which == 1:
            store(out, i, lanes.exp(a))
        elif which == 2:
            store(out, i, lanes.tanh(a))
        elif which == 3:
            store(out, i, larger(a, b))
        elif which == 4:
            store(out, i, less(a, b))
        elif which == 5:
            store(out, i, sqrt(a))
        elif which == 6:
            store(out, i, mantissa_of(a))
        elif which == 7:
            store(out, i, exponent_of(a))
        elif which == 9:
            store(out, i, exp2(a))
        else:
            store(out, i, lanes.broadcast(1.5) - a)


def apply(which, x, y=None):
    x = np.asarray(x, dtype=float)
    pad = -x.size % LANES
    padded = np.concatenate([x, np.ones(pad)])
    other = padded if y is None else np.concatenate([np.asarray(y, dtype=float), np.ones(pad)])
    out = np.empty_like(padded)
    _apply(which, padded, other, out)
    return out[: x.size]


def test_arithmetic_mixes_vectors_and_scalars():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1000))
    assert np.allclose(apply(0, x, y), (x + y) * 2 - x / y, rtol=1e-13, atol=1e-13)
    assert np.array_equal(apply(8, x), 1.5 - x)


def test_exp_is_accurate_over_its_whole_range():
    x = np.concatenate([np.linspace(-708, 709, 100_001), np.linspace(-1, 1, 10_001)])
    exact = np.exp(x.astype(np.longdouble))
    assert np.max(np.abs(apply(1, x) / exact - 1)) < 5e-16  # two units in the last place
    # beyond the range: the value at its end, never 0, inf or a wrapped exponent
    assert np.array_equal(apply(1, [-1e300, -800.0, 800.0]), apply(1, [-708.0, -708.0, 709.0]))


def test_exp2_is_accurate_over_its_whole_range():
    x = np.concatenate([np.linspace(-1000, 1000, 100_001), np.linspace(-1, 1, 10_001)])
    exact = np.exp2(x.astype(np.longdouble))
    assert np.max(np.abs(apply(9, x) / exact - 1)) < 4e-16
    assert np.array_equal(apply(9, [-1000.0, -1.0, 0.0, 1000.0]), np.exp2([-1000.0, -1.0, 0.0, 1000.0]))


def test_tanh_is_accurate_and_odd():
    x = np.concatenate([np.linspace(-25, 25, 100_001), np.logspace(-300, 1, 3_000)])
    exact = np.tanh(x.astype(np.longdouble))
    error = np.abs(apply(2, x) - exact)
    assert np.max(error) < 5e-16
    assert np.max(error[x != 0] / np.abs(exact[x != 0])) < 1.2e-15
    assert np.max(np.abs(apply(2, x) + apply(2, -x))) < 5e-16


@pytest.mark.parametrize("which", [0, 1, 2, 5, 8])
def test_a_nan_stays_a_nan_and_in_its_lane(which):
    x = np.linspace(0.1, 2, LANES)
    x[5] = np.nan
    out = apply(which, x)
    assert np.isnan(out[5])
    assert np.isfinite(np.delete(out, 5)).all()


def test_comparisons():
    x, y = np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0, 2.0, 1.0, 1.0])
    assert np.array_equal(apply(3, x, y), [2.0, 2.0, 3.0, 1.0])
    assert np.array_equal(apply(4, x, y), [1.0, 0.0, 0.0, 0.0])
    assert np.array_equal(apply(5, y), np.sqrt(y))


def test_mantissa_and_exponent_multiply_to_the_number():
    x = np.concatenate([np.logspace(-300, 300, 1001), [1.0, 2.0, 1.9999999999999998]])
    mantissa, exponent = apply(6, x), apply(7, x)
    assert np.all((mantissa >= 1) & (mantissa < 2))
    assert np.array_equal(np.ldexp(mantissa, exponent.astype(int)), x)


def test_a_lane_does_not_see_its_neighbours():
    rng = np.random.default_rng(2)
    x = rng.normal(size=5 * LANES)
    whole = apply(2, x)
    alone = np.array([apply(2, [value])[0] for value in x])
    shuffled = rng.permutation(x.size)
    assert np.array_equal(whole, alone)
    assert np.array_equal(apply(2, x[shuffled]), whole[shuffled])
