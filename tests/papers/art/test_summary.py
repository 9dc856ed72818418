"""Numbers of images, boundaries and windows, and the comparisons with printed numbers and with the plain definition."""

import numpy as np
import pytest

from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices
from attention_atlas.papers.art.check import compare_random_numbers, compare_with_definition
from attention_atlas.papers.art.summary import class_shares, count_table, summary_row, window_table
from attention_atlas.papers.art.window import Window


def test_shares_of_each_class():
    time = np.array([[-1, 3], [3, 9]], np.int16)
    table = class_shares(5, "time", time)
    assert table["value"].tolist() == [-1, 3, 9]
    assert table["share"].tolist() == [0.25, 0.5, 0.25]
    assert table["seed"].tolist() == [5, 5, 5]


def test_many_rows_are_counted_in_parts():
    array = np.repeat(np.arange(600, dtype=np.int16)[:, None] % 7, 3, axis=1)
    table = class_shares(1, "clusters", array)
    assert table["share"].sum() == pytest.approx(1)
    assert table["share"].to_numpy() == pytest.approx(np.bincount(array.ravel()) / array.size)


def test_row_of_an_image():
    import pandas as pd

    time = np.array([[-1, 3], [3, 9]], np.int16)
    clusters = np.array([[2, 1], [1, 2]], np.uint8)
    shares = pd.concat([class_shares(5, "time", time), class_shares(5, "clusters", clusters)])
    row = summary_row(5, time >= 0, clusters, shares, {"wq": np.eye(2)})
    assert row["share_converged"] == 0.75
    assert row["share_one"] == pytest.approx(2 / 3)
    assert (row["median_time"], row["longest_time"], row["most_clusters"]) == (3, 9, 2)
    assert (row["wq00"], row["wq01"]) == (1.0, 0.0)


def test_comparison_counts_what_differs():
    grid = np.linspace(-8, 8, 6)
    image = AttentionMap(1, *image_matrices(1))
    counts = compare_with_definition(image, grid, grid)
    assert counts == {
        "seed": 1, "pixels": 36, "differ_converged": 0, "differ_clusters": 0, "differ_time": 0, "differ_period": 0,
        "differ_far": 0,
    }  # fmt: skip


def test_random_numbers_are_the_printed_ones_to_their_digits():
    table = compare_random_numbers()
    assert len(table) == 8
    assert (table["computed"] - table["printed"]).abs().max() < 3e-7


def test_box_counts_of_a_straight_boundary_have_dimension_one():
    converged = np.zeros((64, 64), bool)
    converged[32:] = True
    table = count_table(7, converged, 2, 8)
    # two rows of pixels, in boxes of every size
    assert table["count"].tolist() == [128, 64, 32, 16, 8]
    assert table["fitted"].tolist() == [False, True, True, True, False]
    assert table["slope"].iloc[0] == pytest.approx(1)


def test_windows_in_numbers():
    times = np.full((2, 4, 4), -1, np.int16)
    times[1, 2:] = 5
    windows = [Window(-8.0, 8.0, -8.0, 8.0), Window(0.0, 4.0, 1.0, 5.0)]
    table = window_table(9, windows, times)
    assert table["magnification"].tolist() == [1, 4]
    assert table["share_converged"].tolist() == [0, 0.5]
    assert table["share_boundary"].tolist() == [0, 0.5]
    assert table[["a_low", "b_high"]].to_numpy().tolist() == [[-8, 8], [0, 5]]
