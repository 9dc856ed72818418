"""The orthographic sphere: projection, colours, and the same bytes each time."""

import hashlib

import matplotlib.pyplot as plt
import numpy as np
import pytest

from attention_atlas.drawing.animation import figure_pixels, write_gif, write_mp4
from attention_atlas.drawing.sphere import View, draw_points, draw_sphere, form_colours, form_norm, sphere_raster
from attention_atlas.drawing.style import new_figure, save_figure
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import random_points


@pytest.mark.parametrize("view", [View(), View(0, 0), View(200, -60), View(10, 90)])
def test_view_is_a_rotation(view):
    axes = view.axes()
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    assert np.isclose(np.linalg.det(axes), 1.0)


def test_viewer_on_the_first_axis_sees_the_others():
    right, up, towards = View(0, 0).project(np.eye(3)).T
    assert np.allclose(right, [0, 1, 0])
    assert np.allclose(up, [0, 0, 1])
    assert np.allclose(towards, [1, 0, 0])


def test_raster_is_transparent_outside_and_coloured_by_the_form():
    matrix = np.diag([1.0, 3.0, 4.0])
    picture = sphere_raster(matrix, View(0, 0), pixels=101)
    assert picture[0, 0, 3] == 0
    assert picture[50, 50, 3] == 1
    # the centre is e1, where <x, Dx> is the smallest: its colour, only darker by the light
    wanted = np.array(form_colours()(form_norm(matrix)(1.0))[:3])
    ratio = picture[50, 50, :3] / wanted
    assert ratio.max() - ratio.min() < 0.02
    assert 0.6 < ratio.mean() <= 1


def test_constant_form_has_the_middle_colour():
    assert form_norm(2 * np.eye(3))(2.0) == 0.5


def test_hidden_points_are_faint():
    _, axes = new_figure()
    view = View(0, 0)
    draw_points(axes, np.array([[1.0, 0, 0], [-1.0, 0, 0]]), view)
    hidden, visible = axes.collections
    assert hidden.get_facecolors()[0, 3] < 0.5
    assert visible.get_facecolors()[0, 3] == 1
    plt.close("all")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def picture(seed):
    figure, axes = new_figure(2.0, 2.0)
    draw_sphere(axes, np.diag([1.0, 0.25, 1.0]), View(), 120)
    draw_points(axes, random_points(seed, [0], 50, 3)[0], View())
    return figure


def test_figures_have_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        save_figure(picture(1), tmp_path / f"{name}.png", tmp_path / f"{name}.pdf", tmp_path / f"{name}.svg")
    for suffix in ("png", "pdf", "svg"):
        assert digest(tmp_path / f"a.{suffix}") == digest(tmp_path / f"b.{suffix}"), suffix


def test_animations_have_the_same_bytes_and_all_frames(tmp_path):
    figure = picture(2)
    frames = [figure_pixels(figure)] * 5
    plt.close(figure)
    for name in ("a", "b"):
        write_gif(tmp_path / f"{name}.gif", frames, 10)
        write_mp4(tmp_path / f"{name}.mp4", frames, 10)
    for suffix in ("gif", "mp4"):
        assert digest(tmp_path / f"a.{suffix}") == digest(tmp_path / f"b.{suffix}"), suffix
    assert (tmp_path / "a.gif").read_bytes().count(b"\x21\xf9\x04") >= 1
    assert b"moov" in (tmp_path / "a.mp4").read_bytes()


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ([], "no frames"),
        ([np.zeros((4, 4, 3)), np.zeros((4, 6, 3))], "differ in size"),
        ([np.zeros((5, 4, 3))], "even sizes"),
    ],
)
def test_impossible_animations_are_one_line(tmp_path, frames, words):
    with pytest.raises(AtlasError, match=words):
        write_mp4(tmp_path / "a.mp4", frames, 10)
