"""Two heads: the grids and the ends of runs."""

import numpy as np

from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.geometry.cluster_counting import STANDARD_RULE
from attention_atlas.papers.metastability.head_grids import grid_heads
from attention_atlas.papers.metastability.head_maps import end_state


def test_grids():
    x, y, heads = grid_heads("repulsion", {"beta": 9.0, "second_betas": [1.0, 2.0], "weights": [0.0, 0.5, 0.9]})
    assert len(x) == len(y) == len(heads) == 6
    assert heads[4] == [Head(9.0), Head(2.0, -0.5)]
    x, y, heads = grid_heads("turned", {"betas": [3.0], "turns": [0.0, 1.0]})
    assert heads[1][0].turn_key == -heads[1][1].turn_key == np.pi
    np.testing.assert_array_equal(x, [0.0, 1.0])


def state_of(clusters, heads):
    return end_state(np.repeat(2 * np.pi * (np.arange(clusters) + 0.25) / clusters, 30), heads, STANDARD_RULE)


def test_ends():
    one, two = [Head(20.0)], [Head(20.0), Head(2.0, -0.2)]
    assert state_of(1, one)["stable"] == 1
    metastable = state_of(3, one)
    assert metastable["clusters"] == 3
    assert metastable["stable"] == 0
    assert metastable["inner_rate"] < 0 < metastable["outer_rate"]
    assert state_of(5, two)["stable"] == 1
    spread = end_state(np.sort(np.random.default_rng(0).uniform(0, 6.28, 500)), one, STANDARD_RULE)
    assert spread["clusters"] == -1
    assert spread["stable"] == 0


def test_a_state_on_its_way_is_not_at_rest():
    angles = np.repeat(2 * np.pi * np.arange(5) / 5 + 0.1 * np.sin(np.arange(5)), 30)
    assert end_state(angles, [Head(20.0), Head(2.0, -0.2)], STANDARD_RULE)["stable"] == 0
