"""The authors' text files become the tables of the folder of published numbers, and nothing else is accepted."""

import numpy as np
import pandas as pd
import pytest
from published_stand_ins import save, write_spheres_files

from attention_atlas.errors import DataFileError
from attention_atlas.papers.published.settings import FETCHED_FILES
from attention_atlas.papers.published.spheres_files import SPHERES_FILES, spheres_tables


def test_every_file_is_listed(spheres_folder):
    written = {path.relative_to(spheres_folder).as_posix() for path in spheres_folder.rglob("*.*")}
    assert written == set(SPHERES_FILES)


def test_tables_of_all_published_files(spheres_folder):
    tables = spheres_tables(spheres_folder)
    assert {f"spheres/{name}.csv" for name in tables} | {"mean_field/lyapunov_zoom.csv"} == set(FETCHED_FILES)
    sweep = tables["split_sweep"]
    inner = np.loadtxt(spheres_folder / "split_eval" / "Pmin.txt")
    assert sweep["mean_min_abs_inner"].to_numpy() == pytest.approx(inner.mean(axis=1), abs=1e-15)
    assert (sweep["min_min_abs_inner"] == inner.min(axis=1)).all()
    assert list(tables["densities"].columns[:2]) == ["d2=0.90", "d2=0.95"]
    # the column of zeros of the errors is left out
    assert tables["density_errors"].shape == (9, 4)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("split_eval/CC.txt", np.ones((3, 3))),
        ("split_eval/Es.txt", np.ones(7)),
        ("maxid.csv", np.array([[1.0, np.nan, 1.0, 1.0]])),
        ("densities/ds.txt", np.ones(2)),
        ("tanh_min0.05.csv", np.ones((0, 2))),
    ],
)
def test_other_shapes_are_refused(spheres_folder, name, numbers):
    save(spheres_folder / name, numbers)
    with pytest.raises(DataFileError) as caught:
        spheres_tables(spheres_folder)
    assert name.split("/")[0] in str(caught.value)


def test_text_and_absence_are_refused(spheres_folder):
    (spheres_folder / "maxid.csv").write_text("<html>not found</html>\n")
    with pytest.raises(DataFileError, match=r"maxid\.csv: is not the table that is known"):
        spheres_tables(spheres_folder)
    (spheres_folder / "maxid.csv").unlink()
    with pytest.raises(DataFileError, match=r"maxid\.csv"):
        spheres_tables(spheres_folder)


def test_published_numbers_put_back_into_their_files(published, tmp_path):
    """From the authors' format to our tables: not a bit changes."""
    reference = {path.stem: pd.read_csv(path) for path in (published / "spheres").glob("*.csv")}
    tables = spheres_tables(write_spheres_files(tmp_path / "results", reference))
    made_up = ["mean_min_abs_inner", "min_min_abs_inner"]  # of each run only these two are in the reference
    for name, table in tables.items():
        drop = made_up if name == "split_sweep" else []
        pd.testing.assert_frame_equal(table.drop(columns=drop), reference[name].drop(columns=drop), check_exact=True)
