"""Archives of Lyapunov spectra as the authors keep them become the table of published numbers, and nothing else is accepted."""

import numpy as np
import pandas as pd
import pytest
from published_stand_ins import write_archives

from attention_atlas.errors import DataFileError
from attention_atlas.papers.published.mean_field_files import lyapunov_table


@pytest.fixture
def wanted():
    """A table like the published one, of two runs."""
    rows = {"index": [656, 700], "beta": [1.27382, 1.273875]}
    rows |= {f"lyapunov_{k}": [0.15 - 0.1 * k, -0.2 * k] for k in range(1, 13)}
    rows |= {"distinct_values": [28, 1200], "author_seconds": [1600.5, 2000.25]}
    rows |= {
        f"m{k}_{end}": [side * (0.1 + k), side * (0.2 + k)] for end, side in (("min", -1), ("max", 1)) for k in range(3)
    }
    return pd.DataFrame(rows)


def test_arrays_of_the_authors(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    with np.load(folder / "beta_idx-656.npz") as archive:
        assert archive["S"].shape == archive["S_inf_flag"].shape == (20,)
        assert archive["att_results_beta"].shape == (75_000, 3)
        assert archive["mk_results_beta"].shape == (0,)
        assert archive["simulation_time"].shape == ()
    pd.testing.assert_frame_equal(lyapunov_table(folder, [656, 700]), wanted, check_exact=False, rtol=1e-12)


def test_published_numbers_put_back_into_their_files(published, tmp_path):
    reference = pd.read_csv(published / "mean_field" / "lyapunov_zoom.csv")
    folder = write_archives(tmp_path / "stats", reference)
    pd.testing.assert_frame_equal(lyapunov_table(folder, reference["index"].tolist()), reference, check_exact=True)


def test_zeros_may_stand_anywhere(wanted, tmp_path):
    """Sorted slots have the zeros of the positional bits before the negative exponents."""
    slots = np.concatenate([wanted.filter(like="lyapunov").iloc[0], np.zeros(8)])
    folder = write_archives(tmp_path / "stats", wanted.iloc[:1], S=np.sort(slots)[::-1])
    pd.testing.assert_frame_equal(lyapunov_table(folder, [656]), wanted.iloc[:1], check_exact=False, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("S", np.arange(1.0, 13.0), r"S \(12,\).*20 slots"),
        ("S", np.arange(20.0), "19 numbers other than zero"),
        ("S", np.full(20, np.nan), "not finite"),
        ("mo_se_results_beta", np.zeros((75_000, 2)), r"mo_se_results_beta \(75000, 2\)"),
        ("mo_se_results_beta", np.zeros((0, 3)), r"mo_se_results_beta \(0, 3\)"),
        ("mo_se_results_beta", np.float64(1), r"mo_se_results_beta \(\)"),
        ("simulation_time", np.zeros(2), r"simulation_time \(2,\)"),
    ],
)
def test_other_numbers_are_refused(wanted, tmp_path, name, array, words):
    folder = write_archives(tmp_path / "stats", wanted, **{name: array})
    with pytest.raises(DataFileError, match=rf"beta_idx-656\.npz: .*{words}"):
        lyapunov_table(folder, [656])


def test_an_array_that_is_not_there_is_named(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    with np.load(folder / "beta_idx-656.npz") as archive:
        kept = {name: archive[name] for name in archive.files if name != "simulation_time"}
    np.savez(folder / "beta_idx-656.npz", **kept)
    with pytest.raises(DataFileError, match=r"beta_idx-656\.npz: .*simulation_time"):
        lyapunov_table(folder, [656])


class Boom:
    """Unpickling it would run code."""

    def __reduce__(self):
        return (pytest.fail, ("a pickled object was loaded",))


def test_pickled_objects_are_left_unread(wanted, tmp_path):
    danger = np.array([Boom()], dtype=object)
    folder = write_archives(tmp_path / "stats", wanted, danger=danger)
    assert len(lyapunov_table(folder, [656])) == 1
    folder = write_archives(tmp_path / "worse", wanted, S=danger)
    with pytest.raises(DataFileError, match=r"beta_idx-656\.npz: is not the archive that is known"):
        lyapunov_table(folder, [656])


def test_damaged_archive(wanted, tmp_path):
    folder = write_archives(tmp_path / "stats", wanted)
    path = folder / "beta_idx-656.npz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataFileError, match=r"beta_idx-656\.npz: is not the archive that is known"):
        lyapunov_table(folder, [656])
    with pytest.raises(DataFileError, match=r"beta_idx-657\.npz"):
        lyapunov_table(folder, [657])
