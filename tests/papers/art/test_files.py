"""Slabs joined without holding the whole: same bytes for any split, damage is named."""

import itertools
import tracemalloc

import numpy as np
import pytest

from attention_atlas.errors import DataFileError
from attention_atlas.files import read_npz, write_npz
from attention_atlas.papers.art.files import join_slabs, read_array, slab_rows

TYPES = {"converged": np.bool_, "time": np.int16}


def _slabs(folder, whole, count):
    paths = []
    for slab in range(count):
        first, last = slab_rows(len(whole["time"]), count, slab)
        paths.append(str(folder / f"{count}_{slab}.npz"))
        write_npz(paths[-1], **{name: array[first:last] for name, array in whole.items()})
    return paths


@pytest.fixture
def whole():
    rng = np.random.default_rng(0)
    return {"converged": rng.random((13, 5)) < 0.5, "time": rng.integers(-1, 100, (13, 5)).astype(np.int16)}


def test_slabs_cover_all_rows_once():
    for rows, slabs in ((13, 4), (1500, 7), (3, 3)):
        bounds = [slab_rows(rows, slabs, slab) for slab in range(slabs)]
        assert bounds[0][0] == 0
        assert bounds[-1][1] == rows
        assert all(left[1] == right[0] for left, right in itertools.pairwise(bounds))


def test_joined_file_does_not_depend_on_the_slabs(tmp_path, whole):
    a, b = np.linspace(-1, 1, 13), np.linspace(0, 1, 5)
    for count in (1, 2, 5):
        join_slabs(tmp_path / f"joined{count}.npz", _slabs(tmp_path, whole, count), TYPES, a, b)
    contents = {(tmp_path / f"joined{count}.npz").read_bytes() for count in (1, 2, 5)}
    assert len(contents) == 1
    arrays = read_npz(tmp_path / "joined1.npz", ["converged", "time", "a", "b"])
    assert np.array_equal(arrays["time"], whole["time"])
    assert np.array_equal(read_array(tmp_path / "joined1.npz", "b"), b)


def test_memory_is_that_of_a_slab(tmp_path):
    # 16 MB in 16 slabs
    whole = {"time": np.zeros((2048, 4096), np.int16)}
    slabs = _slabs(tmp_path, whole, 16)
    tracemalloc.start()
    join_slabs(tmp_path / "joined.npz", slabs, {"time": np.int16}, np.zeros(2048), np.zeros(4096))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8e6


def test_missing_rows_wrong_types_and_damage_are_named(tmp_path, whole):
    slabs = _slabs(tmp_path, whole, 2)
    a, b = np.zeros(13), np.zeros(5)
    with pytest.raises(DataFileError, match="the slabs have 6 rows of converged, the image has 13"):
        join_slabs(tmp_path / "x.npz", slabs[:1], TYPES, a, b)
    with pytest.raises(DataFileError, match="time is not what this image needs"):
        join_slabs(tmp_path / "x.npz", slabs, {"time": np.uint8}, a, b)
    with pytest.raises(DataFileError, match="period is missing or damaged"):
        read_array(slabs[0], "period")
    assert not (tmp_path / "x.npz").exists()
