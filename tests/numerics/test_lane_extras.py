"""Sums, maxima and choices of lanes."""

import numpy as np
from numba import njit

from attention_atlas.numerics.lane_extras import choose, lane_sum
from attention_atlas.numerics.lanes import LANES, load, store
from attention_atlas.numerics.native import lane_max


@njit
def _sum_of(values):
    return lane_sum(load(values, 0))


@njit
def _largest_of(values):
    return lane_max(load(values, 0))


@njit
def _choice_of(mask, a, b, out):
    store(out, 0, choose(load(mask, 0), load(a, 0), load(b, 0)))


def test_sum_of_lanes_has_a_fixed_order():
    values = np.ones(LANES)
    # added from left to right, the ones between the large numbers would be lost
    values[0], values[LANES // 2] = 1e20, -1e20
    assert _sum_of(values) == LANES - 2


def test_largest_lane():
    for place in range(LANES):
        values = -np.arange(1.0, LANES + 1)
        values[place] = 0.5
        assert _largest_of(values) == 0.5


def test_choice_by_lane_ignores_what_is_not_chosen():
    mask = np.array([1.0, 0.0] * (LANES // 2))
    a, b, out = np.arange(LANES) + 1.0, -np.arange(LANES) - 1.0, np.empty(LANES)
    a[1::2], b[::2] = np.nan, np.inf
    _choice_of(mask, a, b, out)
    np.testing.assert_array_equal(out, [k + 1.0 if k % 2 == 0 else -k - 1.0 for k in range(LANES)])
