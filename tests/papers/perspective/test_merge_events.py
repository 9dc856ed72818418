"""Merges and plateaus on constructed histories."""

import numpy as np

from attention_atlas.papers.perspective.merge_events import cluster_counts, merge_events, plateaus

TIMES = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])


def test_events_are_the_first_records_with_fewer_clusters():
    events = merge_events(TIMES, np.array([5, 5, 3, 3, 3, 2]))
    assert events.to_dict("list") == {"time": [2.0, 5.0], "before": [5, 3], "after": [3, 2]}


def test_a_count_that_rises_again_is_no_event():
    events = merge_events(TIMES, np.array([4, 3, 4, 3, 3, 2]))
    assert events["time"].tolist() == [1.0, 5.0]


def test_plateaus_lie_between_merges_and_the_last_is_open():
    table = plateaus(TIMES, np.array([5, 5, 3, 3, 3, 2]))
    assert table["clusters"].tolist() == [5, 3, 2]
    assert table["length"].tolist() == [2.0, 3.0, 0.0]
    assert table["open"].tolist() == [False, False, True]


def test_no_merge_is_one_open_plateau():
    table = plateaus(TIMES, np.full(6, 7))
    assert len(table) == 1 and table["open"].iloc[0] and table["length"].iloc[0] == 5.0


def test_cluster_counts_of_points_on_the_circle():
    angles = np.array([[0.0, 0.01, 1.0, 2.0], [0.0, 0.001, 0.002, 2.0]])
    positions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    assert cluster_counts(positions, 0.999).tolist() == [3, 2]
