"""Archives of Lyapunov spectra whose arrays are named, or told apart by the hash of the published numbers."""

import numpy as np
import pandas as pd
import pytest
from published_stand_ins import write_archives

from attention_atlas.errors import AtlasError, DataFileError
from attention_atlas.papers.published.digests import is_known
from attention_atlas.papers.published.mean_field_files import lyapunov_table

NONE = {"exponents": None, "means": None, "seconds": None}
NAMED = {"exponents": "S", "means": "mo_se", "seconds": "exec_time"}


@pytest.fixture
def wanted():
    """A table like the published one, of two runs."""
    rows = {"index": [656, 700], "beta": [1.27382, 1.273875]}
    rows |= {f"lyapunov_{k}": [-0.1 * k, -0.2 * k] for k in range(1, 13)}
    rows |= {"distinct_values": [28, 1200], "author_seconds": [1600.5, 2000.25]}
    rows |= {
        f"m{k}_{end}": [side * (0.1 + k), side * (0.2 + k)] for end, side in (("min", -1), ("max", 1)) for k in range(3)
    }
    return pd.DataFrame(rows)


def test_named_arrays(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    table = lyapunov_table(folder, [656, 700], NAMED)
    pd.testing.assert_frame_equal(table, wanted, check_exact=False, rtol=1e-12)
    assert (table["lyapunov_1"] == wanted["lyapunov_1"]).all()  # sorted, largest first


def test_arrays_that_cannot_be_told_apart_are_asked_for(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    with pytest.raises(AtlasError) as caught:
        lyapunov_table(folder, [656, 700], NONE)
    text = str(caught.value)
    assert "config key published_source.mean_field.arrays.exponents: 2 arrays have their shape" in text
    assert "S (12,)" in text
    assert "mo_se (60000, 3)" in text


def test_the_only_array_of_its_shape_is_taken(wanted, tmp_path):
    folder = tmp_path / "stats"
    write_archives(folder, wanted)
    for path in folder.glob("*.npz"):
        with np.load(path) as archive:
            kept = {name: archive[name] for name in NAMED.values()}
        np.savez(path, **kept)
    assert lyapunov_table(folder, [656], NONE)["author_seconds"].tolist() == [1600.5]


@pytest.mark.parametrize("part", ["exponents", "means", "seconds"])
def test_a_name_that_is_not_there(wanted, tmp_path, part):
    folder = write_archives(tmp_path / "stats", wanted)
    with pytest.raises(AtlasError, match=f"arrays.{part}: absent does not hold them"):
        lyapunov_table(folder, [656], NAMED | {part: "absent"})


def test_published_numbers_are_found_among_decoys(published, tmp_path):
    """With the published numbers in them, the arrays need no names: the hash tells which they are."""
    reference = pd.read_csv(published / "mean_field" / "lyapunov_zoom.csv")
    folder = write_archives(tmp_path / "stats", reference)
    table = lyapunov_table(folder, reference["index"].tolist(), NONE)
    pd.testing.assert_frame_equal(table, reference, check_exact=True)
    assert is_known("lyapunov_zoom", table)


class Boom:
    """Unpickling it would run code."""

    def __reduce__(self):
        return (pytest.fail, ("a pickled object was loaded",))


def test_pickled_objects_are_left_unread(wanted, tmp_path):
    danger = np.array([Boom()], dtype=object)
    folder = write_archives(tmp_path / "stats", wanted, extra={"danger": danger}.items())
    assert len(lyapunov_table(folder, [656], NAMED)) == 1


def test_damaged_archive(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    path = folder / "beta_idx-656.npz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataFileError, match=r"beta_idx-656\.npz: is not an archive of arrays"):
        lyapunov_table(folder, [656], NAMED)
    with pytest.raises(DataFileError, match=r"beta_idx-657\.npz"):
        lyapunov_table(folder, [657], NAMED)
