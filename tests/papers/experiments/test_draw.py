"""Pictures of experiments: columns end with their own times, failed runs are named, words are not joined by lines."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from attention_atlas.files import write_csv
from attention_atlas.papers.experiments.draw import over_key, over_time, over_two_keys
from attention_atlas.papers.experiments.question import question
from attention_atlas.papers.experiments.tables import over_runs, record_times_of

ENTRY = {
    "tokens": 5,
    "dimension": 3,
    "starts": {"runs": 4},
    "time": {"last": 2.0, "records": 3},
    "observe": ["clusters"],
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def table(folder, entry, values):
    """The table of an entry with these values (cells, runs, T) of its only observable."""
    asked = question("mine", entry)
    path = folder / "mine.csv"
    write_csv(over_runs({"values": np.asarray(values, dtype=float)[:, :, None]}, record_times_of(asked), asked), path)
    return str(path)


def test_a_swept_last_time_ends_each_column_where_its_runs_end(tmp_path):
    entry = ENTRY | {"sweep": {"time.last": [1.0, 2.0]}}
    values = np.arange(6.0).reshape(2, 1, 3).repeat(4, axis=1)
    left = over_key(table(tmp_path, entry, values), entry, "mine").axes[0]
    short, long = left.collections
    assert short.get_coordinates()[-1, 0, 1] == 1.0
    assert long.get_coordinates()[-1, 0, 1] == 2.0
    np.testing.assert_array_equal(short.get_array().ravel(), [0, 1, 2])
    assert short.norm.vmax == long.norm.vmax == 5.0


def test_failed_runs_are_named(tmp_path):
    values = np.ones((1, 4, 3))
    values[0, 1:, 1:] = np.nan
    axes = over_time(table(tmp_path, ENTRY, values), ENTRY, "mine").axes[0]
    assert axes.get_title(loc="right") == "3 of 4 runs failed"
    good = over_time(table(tmp_path, ENTRY, np.ones((1, 4, 3))), ENTRY, "mine").axes[0]
    assert good.get_title(loc="right") == ""


def test_a_line_of_one_point_is_seen(tmp_path):
    values = np.full((1, 4, 3), np.nan)
    values[0, :, 0] = 1.0
    axes = over_time(table(tmp_path, ENTRY, values), ENTRY, "mine").axes[0]
    assert axes.lines[-1].get_marker() == "o"
    assert axes.get_title(loc="right") == "4 of 4 runs failed"


def test_words_are_not_joined_by_lines(tmp_path):
    entry = ENTRY | {"sweep": {"attention.mask": ["none", "causal"]}}
    right = over_key(table(tmp_path, entry, np.ones((2, 4, 3))), entry, "mine").axes[1]
    assert {line.get_linestyle() for line in right.lines} == {"None"}
    assert [text.get_text() for text in right.get_xticklabels()] == ["none", "causal"]


def test_a_map_has_the_first_key_to_the_right(tmp_path):
    entry = ENTRY | {"sweep": {"attention.beta": [1.0, 2.0, 3.0], "attention.mask": ["none", "causal"]}}
    values = np.arange(6.0)[:, None, None] * np.ones((6, 4, 3))
    axes = over_two_keys(table(tmp_path, entry, values), entry, "mine").axes[0]
    np.testing.assert_array_equal(axes.collections[0].get_array(), [[0, 2, 4], [1, 3, 5]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\beta$", "mask")
