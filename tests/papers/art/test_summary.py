"""Shares of classes, the row of an image, and the comparison with the plain definition."""

import numpy as np
import pytest

from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices
from attention_atlas.papers.art.check import compare_with_definition
from attention_atlas.papers.art.summary import class_shares, summary_row


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
