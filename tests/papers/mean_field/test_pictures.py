"""Pictures of bifurcation diagrams: the same from any slabs, and of limited width."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import mean_field_model, parameters
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.errors import DataFileError
from attention_atlas.files import write_npz
from attention_atlas.papers.mean_field.checks import PUBLISHED_START
from attention_atlas.papers.mean_field.pictures import gather_slabs
from attention_atlas.papers.mean_field.results import result_arrays
from attention_atlas.papers.mean_field.sweep import Lengths, Wanted, sweep

MODEL = mean_field_model(correlations_of(segment_weights(1)))
VALUES = np.linspace(0.2, 2.6, 11)


@pytest.fixture(scope="module")
def slabs(tmp_path_factory):
    """Number of slabs -> files of the same sweep."""
    folder = tmp_path_factory.mktemp("slabs")
    files = {}
    for count in (1, 3):
        files[count] = []
        for number, values in enumerate(np.array_split(VALUES, count)):
            result = sweep(
                MODEL, parameters(MODEL, values), PUBLISHED_START, Lengths(400, 160, 160, 40), Wanted(bins=50)
            )
            files[count].append(folder / f"{count}_{number}.npz")
            write_npz(files[count][-1], values=values, **result_arrays(result))
    return files


def test_a_column_a_value_where_there_is_room(slabs):
    values, result, picture = gather_slabs(slabs[1], 11)
    assert np.array_equal(values, VALUES)
    assert np.array_equal(picture.values, VALUES)
    assert picture.all.sum() + picture.outside.sum() == 11 * 160
    assert np.array_equal(picture.few, result.distinct <= 256)


@pytest.mark.parametrize("largest", [4096, 11, 5, 1])
def test_slabs_change_nothing(slabs, largest):
    one, three = gather_slabs(slabs[1], 11, largest), gather_slabs(slabs[3], 11, largest)
    for first, second in zip(one[2], three[2], strict=True):
        assert first.dtype == second.dtype
        assert np.array_equal(first, second)
    assert np.array_equal(one[1].period, three[1].period)


def test_neighbours_are_added_up_where_there_is_none(slabs):
    whole, picture = gather_slabs(slabs[1], 11)[2], gather_slabs(slabs[3], 11, largest=4)[2]
    # three values a column, two in the last
    assert np.allclose(picture.values, [VALUES[:3].mean(), VALUES[3:6].mean(), VALUES[6:9].mean(), VALUES[9:].mean()])
    assert np.array_equal(picture.all[1], whole.all[3:6].sum(axis=0))
    assert np.array_equal(picture.sliced[3], whole.sliced[9:].sum(axis=0))
    assert picture.few.tolist() == [whole.few[k : k + 3].all() for k in (0, 3, 6, 9)]


def test_slabs_of_another_sweep_are_refused(slabs):
    with pytest.raises(DataFileError, match="more values than the 10"):
        gather_slabs(slabs[3], 10)
    with pytest.raises(DataFileError, match="hold 11 values, the diagram has 12"):
        gather_slabs(slabs[3], 12)
