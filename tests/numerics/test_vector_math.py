"""exp and tanh against 80-bit arithmetic, at the borders, and their speed: a loop around them must be vectorised."""

import math
import time

import numpy as np
import pytest
from numba import njit

from attention_atlas.numerics.vector_math import exp, tanh


@njit
def map_exp(x, out):
    for i in range(x.size):
        out[i] = exp(x[i])


@njit(error_model="numpy")
def map_tanh(x, out):
    for i in range(x.size):
        out[i] = tanh(x[i])


@njit
def map_libm(x, out):
    for i in range(x.size):
        out[i] = math.exp(x[i])


def values(function, x):
    out = np.empty_like(x)
    function(x, out)
    return out


@pytest.mark.parametrize("reach", [1e-6, 1.0, 30.0, 708.0])
def test_exp_is_correct_to_the_last_bits(reach):
    x = np.random.default_rng(1).uniform(-reach, reach, 100_000)
    exact = np.exp(x.astype(np.longdouble))
    assert float(np.max(np.abs(values(map_exp, x) - exact) / exact)) < 4e-16


@pytest.mark.parametrize("reach", [1e-9, 1e-3, 1.0, 30.0])
def test_tanh_is_correct_to_the_last_bits(reach):
    x = np.random.default_rng(2).uniform(-reach, reach, 100_000)
    exact = np.tanh(x.astype(np.longdouble))
    error = np.abs(values(map_tanh, x) - exact)
    assert float(error.max()) < 4e-16
    assert float(np.max(error / np.abs(exact))) < 8e-16


def test_borders():
    x = np.array([0.0, 709.0, 800.0, np.inf, -800.0, -np.inf, np.nan])
    result = values(map_exp, x)
    assert result[0] == 1
    assert np.allclose(result[1:4], math.exp(709), rtol=1e-15)
    assert (result[4:6] > 0).all()
    assert (result[4:6] < 1e-307).all()
    assert np.isnan(result[6])
    result = values(map_tanh, np.array([0.0, 25.0, -25.0, np.inf, -np.inf, np.nan]))
    assert result[:5].tolist() == [0, 1, -1, 1, -1]
    assert np.isnan(result[5])


def test_loops_are_vectorised():
    """At least twice as fast as the library's exp, on any processor with vectors of four numbers or more."""
    x = np.random.default_rng(3).uniform(-5, 5, 4096)
    out = np.empty_like(x)
    best = dict.fromkeys((map_exp, map_libm), np.inf)
    for function in best:
        function(x, out)
    # in turn, so that both meet the same other work
    for _ in range(40):
        for function in best:
            start = time.process_time()
            for _ in range(20):
                function(x, out)
            best[function] = min(best[function], time.process_time() - start)
    assert best[map_exp] * 2 < best[map_libm]
