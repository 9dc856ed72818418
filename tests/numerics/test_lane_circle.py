"""Cosine and sine in lanes against the C library."""

import numpy as np
from numba import njit

from attention_atlas.numerics.lane_circle import cosine_sine
from attention_atlas.numerics.lanes import LANES, load, store


@njit(error_model="numpy")
def _all(angles, cosines, sines):
    for block in range(0, len(angles), LANES):
        c, s = cosine_sine(load(angles, block))
        store(cosines, block, c)
        store(sines, block, s)


def test_errors_stay_below_a_few_ulps_in_all_quadrants():
    rng = np.random.default_rng(1)
    angles = np.concatenate([rng.uniform(-7, 7, 1600), rng.uniform(-3000, 3000, 1600), np.arange(-16, 16) * np.pi / 4])
    cosines, sines = np.empty_like(angles), np.empty_like(angles)
    _all(angles, cosines, sines)
    assert np.abs(cosines - np.cos(angles)).max() < 3e-16
    assert np.abs(sines - np.sin(angles)).max() < 3e-16


def test_a_nan_stays_one():
    angles = np.full(LANES, np.nan)
    cosines, sines = np.empty_like(angles), np.empty_like(angles)
    _all(angles, cosines, sines)
    assert np.isnan(cosines).all()
    assert np.isnan(sines).all()
