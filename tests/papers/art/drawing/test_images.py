"""Pictures of landscapes: orientation, size, averages, colours of the film."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from attention_atlas.drawing.style import save_figure
from attention_atlas.papers.art.drawing.images import PIXELS_PER_INCH, draw_details, draw_published, shrink
from attention_atlas.papers.art.drawing.zoom import draw_dimension, draw_zoom_stills, magnification_text, zoom_frames
from attention_atlas.papers.art.summary import class_shares
from attention_atlas.papers.art.window import Window

SETTINGS = {"iterations": 100, "longest_period": 12, "orientation": "published"}


def _picture(tmp_path, converged, orientation, largest=3000):
    path = tmp_path / f"{orientation}.png"
    save_figure(draw_published(converged, orientation, largest), path, dpi=PIXELS_PER_INCH)
    return np.array(Image.open(path).convert("L"))


def test_published_has_b_to_the_right_and_a_upwards(tmp_path):
    # white for the largest a (last rows) and smallest b (first columns)
    converged = np.zeros((60, 90), bool)
    converged[40:, :30] = True
    published, turned = (_picture(tmp_path, converged, name) for name in ("published", "a_right"))
    assert published.shape == (60, 90)
    assert turned.shape == (90, 60)
    assert published[:18, :28].min() > 250  # top left
    assert published[22:].max() < 5
    assert turned[62:, 42:].min() > 250  # bottom right
    assert turned[:58].max() < 5


def test_one_pixel_a_grid_point(tmp_path):
    converged = np.random.default_rng(0).random((120, 120)) < 0.5
    picture = _picture(tmp_path, converged, "published")
    assert np.array_equal(picture[::-1] > 127, converged)


def test_a_large_image_is_averaged_down():
    converged = np.zeros((10, 7), bool)
    converged[:4, :4] = True
    small = shrink(converged, 3, average=True)
    assert small.shape == (3, 2)
    assert small.tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    classes = np.arange(70).reshape(10, 7)
    assert shrink(classes, 3, average=False).tolist() == [[0, 4], [28, 32], [56, 60]]
    assert shrink(converged, 10, average=True) is converged


def test_details_name_the_classes_that_occur(tmp_path):
    time = np.array([[-1, 3], [3, 50]], np.int16)
    landscape = {
        "clusters": np.array([[2, 1], [1, 1]], np.uint8), "time": time, "period": np.array([[0, 1], [1, 2]], np.uint8),
        "a": np.array([-8.0, 8.0]), "b": np.array([-8.0, 8.0]),
    }  # fmt: skip
    shares = pd.concat([class_shares(1, name, landscape[name]) for name in ("clusters", "time", "period")])
    figure = draw_details(landscape, shares, **SETTINGS, largest=1500)
    texts = {
        text.get_text() for axes in figure.axes for legend in [axes.get_legend()] if legend for text in legend.texts
    }
    plt.close(figure)
    assert {"1 (75 %)", "2 (25 %)", "none found (25 %)", "1 (50 %)", "not within 100 (25 %)"} <= texts
    assert not any(text.startswith(("3", "4")) for text in texts)


def test_frames_are_black_where_never_and_upright():
    window = Window(-8.0, 8.0, -8.0, 8.0)
    time = np.full((1, 64, 64), -1, np.int16)
    time[0, 40:] = 10  # large a: the upper part
    frame = next(iter(zoom_frames([window], time, 100)))
    assert frame.shape == (64, 64, 3)
    assert frame[:20].max(axis=2).min() > 100
    assert frame[30:45].max() < 20


@pytest.mark.parametrize(("value", "text"), [(1, "× 1"), (12.345, "× 12.3"), (256, "× 256"), (2**20, "× 1,048,576")])
def test_magnification_in_words(value, text):
    assert magnification_text(value) == text


def test_stills_and_box_counts_show_what_they_are_given():
    windows = [Window(-8.0, 8.0, -8.0, 8.0), Window(0.0, 8.0, -8.0, 0.0)]
    stills = draw_zoom_stills(windows, np.zeros((2, 8, 8), np.int16))
    assert stills.axes[0].patches[0].get_bbox().bounds == (-8.0, 0.0, 8.0, 8.0)
    table = pd.DataFrame(
        {"seed": 7, "box": [1, 2, 4], "count": [64, 16, 4], "slope": 2.0, "error": 0.0, "fitted": [True, True, True]}
    )
    counts = draw_dimension(table, table)
    lines = counts.axes[0].lines
    assert np.allclose(lines[1].get_ydata(), [64, 16, 4])
    assert counts.axes[0].get_legend().texts[0].get_text() == "7: 2.000 ± 0.000"
    plt.close(stills)
    plt.close(counts)
