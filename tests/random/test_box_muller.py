"""Box–Muller in float32: every operation is the correctly rounded one."""

import numpy as np
from numba import njit

from attention_atlas.random.box_muller import log_unit, normal_from_words, sine


@njit(error_model="numpy")
def _apply_log(u, out):
    for i in range(u.size):
        out[i] = log_unit(u[i])


@njit(error_model="numpy")
def _apply_sine(v, out):
    for i in range(v.size):
        out[i] = sine(v[i])


@njit(error_model="numpy")
def _apply_normal(c0, c1, cosine, out):
    for i in range(c0.size):
        out[i] = normal_from_words(c0[i], c1[i], cosine)


def test_logarithm_against_extended_precision():
    rng = np.random.default_rng(1)
    u = np.concatenate([2.0 ** rng.uniform(-33, 0, 200_000), 1.0 - rng.uniform(0, 1e-6, 10_000), [1.0, 2.0**-33]])
    out = np.empty_like(u)
    _apply_log(u, out)
    exact = np.log(u.astype(np.longdouble))
    error = np.abs((out - exact)[exact != 0] / exact[exact != 0])
    assert error.max() < 1e-15
    assert out[-2] == 0.0


def test_sine_against_extended_precision():
    v = np.linspace(0.0, 8.0, 300_001)
    out = np.empty_like(v)
    _apply_sine(v, out)
    assert np.abs(out - np.sin(v.astype(np.longdouble))).max() < 3e-16


def test_each_operation_is_rounded_once_to_float32():
    rng = np.random.default_rng(2)
    c0, c1 = rng.integers(0, 2**32, (2, 300_000))
    f = np.float32
    u = (c0.astype(f).astype(float) * 2.0**-32 + 2.0**-33).astype(f)
    unit = float(f(2 * np.pi * 2.0**-32))
    v = (c1.astype(f).astype(float) * unit + 0.5 * unit).astype(f)
    logarithm = np.log(u.astype(float)).astype(f)
    radius = np.sqrt((f(-2) * logarithm).astype(float)).astype(f)
    out = np.empty(c0.size)
    for cosine, wave in ((0.0, np.sin), (1.0, np.cos)):
        _apply_normal(c0, c1, cosine, out)
        expected = radius * wave(v.astype(float)).astype(f)
        # float64 functions good to 1e-15 round to another float32 once in 1e7 numbers at most
        assert np.count_nonzero(out.astype(f) != expected) <= 1
        assert np.allclose(out, expected, rtol=3e-7, atol=0)


def test_largest_word_gives_zero_not_nan():
    # u rounds to 1, its logarithm is 0
    out = np.empty(1)
    _apply_normal(np.array([2**32 - 1]), np.array([5]), 0.0, out)
    assert out[0] == 0.0
