"""Cluster numbers of constructed cases."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.cluster_counting import UNDECIDED, CountingRule, cluster_numbers, groups_on_circle
from attention_atlas.papers.metastability.plateaus import Plateau, first_plateau, plateaus

BETA = 25.0  # the unit of length is 0.2


def crowd(centres, width=0.002, each=100, seed=0):
    rng = np.random.default_rng(seed)
    return np.sort(np.concatenate([rng.normal(c, width, each) for c in centres]))


@pytest.mark.parametrize("shift", [0.0, 3.0, 6.2])
def test_clear_clusters_wherever_the_circle_is_cut(shift):
    angles = np.sort(np.mod(crowd([0.5, 2.0, 3.5, 5.0]) + shift, 2 * np.pi))
    assert cluster_numbers(angles, BETA).tolist() == [4]


def test_one_cluster_on_both_sides_of_the_cut():
    assert cluster_numbers(np.sort(np.mod(crowd([0.0]), 2 * np.pi)), BETA).tolist() == [1]


def test_a_crowd_is_undecided():
    rng = np.random.default_rng(1)
    assert cluster_numbers(np.sort(rng.uniform(0, 2 * np.pi, 2000)), BETA).tolist() == [UNDECIDED]


def test_slow_merging_counts_two_then_undecided_then_one():
    """Two clusters approach: 2 while the gap exceeds 1 unit = 0.2, 1 below 0.1 units."""
    frames = np.array([crowd([1.0, 1.0 + gap, 4.0]) for gap in (1.0, 0.5, 0.25, 0.1, 0.05, 0.001)])
    assert cluster_numbers(frames, BETA).tolist() == [3, 3, 3, UNDECIDED, UNDECIDED, 2]


def test_stragglers_do_not_count_but_many_make_it_undecided():
    few = np.sort(np.concatenate([crowd([1.0, 3.0, 5.0]), [2.0, 4.0]]))
    assert cluster_numbers(few, BETA).tolist() == [3]
    many = np.sort(np.concatenate([crowd([1.0, 3.0, 5.0]), np.linspace(1.6, 2.4, 12)]))
    assert cluster_numbers(many, BETA).tolist() == [UNDECIDED]


def test_wide_groups_are_no_clusters():
    assert cluster_numbers(crowd([1.0, 4.0], width=0.15), BETA).tolist() == [UNDECIDED]


def test_masses_decide():
    angles = np.array([1.0, 3.0, 5.0])
    assert cluster_numbers(angles, BETA, np.array([0.5, 0.495, 0.005])).tolist() == [2]


def test_groups():
    angles = np.sort(np.mod(np.array([-0.05, 0.05, 2.0, 2.1, 2.2]), 2 * np.pi))
    centres, masses, extents = groups_on_circle(angles, 0.3)
    np.testing.assert_allclose(np.sort(np.mod(centres + 1, 2 * np.pi)), [1.0, 3.1])
    np.testing.assert_allclose(np.sort(masses), [0.4, 0.6])
    np.testing.assert_allclose(np.sort(extents), [0.1, 0.2])
    assert groups_on_circle(np.linspace(0, 2 * np.pi, 50)[:-1], 0.3)[2] == [2 * np.pi]


def test_plateaus_bridge_undecided_times():
    found = plateaus(np.arange(1.0, 9.0), np.array([-1, 4, -1, 4, 3, 3, -1, 2]))
    assert found == [Plateau(4, 2.0, 4.0), Plateau(3, 5.0, 6.0), Plateau(2, 8.0, 8.0)]


def test_first_plateau_has_doubled_its_age():
    found = [Plateau(7, 10.0, 12.0), Plateau(6, 12.0, 30.0), Plateau(5, 30.0, 1e4)]
    assert first_plateau(found) == found[1]
    assert first_plateau(found, ratio=5) == found[2]
    assert first_plateau(found[:1]) is None


def test_bad_scales():
    with pytest.raises(AtlasError, match="smallest_scale"):
        cluster_numbers(np.array([1.0]), 5.0, rule=CountingRule(smallest_scale=2.0))
