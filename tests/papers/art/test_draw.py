"""Every row of the art is drawn from the tables that it names."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from attention_atlas.drawing.output import save
from attention_atlas.errors import DataFileError
from attention_atlas.files import write_csv, write_npz
from attention_atlas.papers.art import draw
from attention_atlas.papers.art.summary import class_shares

SEEDS = [1, 42]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture
def images(tmp_path):
    """Archives of two images, 40 x 30, the upper half converged."""
    time = np.full((40, 30), -1, np.int16)
    time[20:] = 6
    arrays = {
        "converged": time >= 0,
        "clusters": np.where(time < 0, 2, 1).astype(np.uint8),
        "time": time,
        "period": np.where(time < 0, 0, 1).astype(np.uint8),
    }
    for seed in SEEDS:
        write_npz(tmp_path / f"seed_{seed}.npz", **arrays, a=np.linspace(-8, 8, 40), b=np.linspace(-4, 4, 30))
    shares = pd.concat([class_shares(1, name, arrays[name]) for name in ("clusters", "time", "period")])
    write_csv(shares, tmp_path / "shares.csv")
    return [str(tmp_path / f"seed_{seed}.npz") for seed in SEEDS]


@pytest.fixture
def windows(tmp_path):
    bounds = np.array([[-8.0, 8.0, -8.0, 8.0], [0.0, 8.0, -8.0, 0.0]])
    times = np.full((2, 32, 32), -1, np.int16)
    times[:, 16:] = 3
    write_npz(tmp_path / "zoom.npz", windows=bounds, time=times)
    return str(tmp_path / "zoom.npz")


def test_landscape_has_a_pixel_a_grid_point(images, tmp_path):
    drawn = draw.landscape(images[0], "published", 3000)
    save(drawn, [str(tmp_path / "1.png"), str(tmp_path / "1.pdf")])
    picture = np.array(Image.open(tmp_path / "1.png").convert("L"))
    assert picture.shape == (40, 30)
    assert picture[:18].min() > 250
    assert picture[22:].max() < 5


def test_details_show_three_quantities_over_the_parameters(images, tmp_path):
    drawn = draw.details(
        images[0], str(tmp_path / "shares.csv"), iterations=50, longest_period=7, orientation="published"
    )
    titles = [axes.get_title() for axes in drawn.figure.axes[:3]]
    assert titles == ["clusters left", "iterations until converged", "period (up to 7)"]
    assert drawn.figure.axes[0].images[0].get_extent() == [-4, 4, -8, 8]


def test_sheet_has_a_row_a_seed_with_its_share(images, tmp_path):
    write_csv(pd.DataFrame({"seed": SEEDS, "share_converged": [0.5, 0.25]}), tmp_path / "images.csv")
    figure = draw.sheet(images, str(tmp_path / "images.csv"), SEEDS, 100, "a_right")
    labels = [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]
    assert labels == ["seed 1\n50 % converged", "seed 42\n25 % converged"]
    # 'a_right': a runs to the right
    assert figure.axes[0].images[0].get_extent() == [-8, 8, -4, 4]


def test_starts_stand_one_above_the_other(tmp_path):
    both = {"separate": np.eye(8, dtype=bool), "shared": np.ones((8, 8), bool)}
    for seed in SEEDS:
        write_npz(tmp_path / f"{seed}.npz", **both)
    write_csv(pd.DataFrame({"seed": SEEDS, "share_differ": [0.125, 0.5]}), tmp_path / "sharing.csv")
    drawn = draw.starts([str(tmp_path / f"{seed}.npz") for seed in SEEDS], str(tmp_path / "sharing.csv"), SEEDS)
    above, below = drawn.figure.axes[0], drawn.figure.axes[2]
    np.testing.assert_array_equal(above.images[0].get_array(), np.eye(8))
    np.testing.assert_array_equal(below.images[0].get_array(), np.ones((8, 8)))
    assert below.get_xlabel() == "12.5 % differ"


def test_dimensions_of_both_kinds_of_starts(tmp_path):
    table = {"seed": 7, "box": [1, 2, 4], "count": [64, 16, 4], "slope": 2.0, "error": 0.0, "fitted": True}
    write_csv(pd.DataFrame(table), tmp_path / "separate.csv")
    write_csv(pd.DataFrame({**table, "count": [64, 32, 16], "slope": 1.0}), tmp_path / "shared.csv")
    figure = draw.dimension(str(tmp_path / "shared.csv"), str(tmp_path / "separate.csv"))
    labels = [axes.get_legend().texts[0].get_text() for axes in figure.axes]
    assert labels == ["7: 1.000 ± 0.000", "7: 2.000 ± 0.000"]


def test_zoom_has_a_still_a_window(windows):
    panels = draw.zoom(windows).figure.axes
    assert [axes.get_title().split(":")[0] for axes in panels[:2]] == ["× 1", "× 2"]
    assert panels[0].patches[0].get_bbox().bounds == (-8.0, 0.0, 8.0, 8.0)


def test_zoom_film_has_a_frame_a_window(windows, tmp_path):
    film = draw.zoom_film(windows, iterations=100, frames_per_second=20)
    assert film.frames_per_second == 20
    save(film, [str(tmp_path / "film.gif")])
    with Image.open(tmp_path / "film.gif") as gif:
        assert gif.n_frames == 2
        assert gif.size == (32, 32)


def test_a_damaged_archive_is_named(tmp_path):
    (tmp_path / "seed_1.npz").write_bytes(b"nothing")
    with pytest.raises(DataFileError, match=r"seed_1\.npz: converged is missing or damaged"):
        draw.landscape(str(tmp_path / "seed_1.npz"), "published", 3000)
