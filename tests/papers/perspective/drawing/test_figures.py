"""The perspective's figures show the numbers they are given."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import LogNorm

from attention_atlas.geometry.sphere import circle_points, random_points, tangent_projection
from attention_atlas.papers.perspective.drawing.geometry import draw_equivariance, draw_tangent_step
from attention_atlas.papers.perspective.drawing.hypersphere import draw_hypersphere
from attention_atlas.papers.perspective.drawing.lines import draw_deep_limit, draw_energy
from attention_atlas.papers.perspective.drawing.particles import cluster_colours, draw_particles, particle_frames
from attention_atlas.papers.perspective.drawing.phase import (
    draw_last_probabilities,
    draw_phase,
    draw_random_grid,
    draw_seminar,
)


def run_of(dimension, particles=5, records=7):
    positions = random_points(1, range(records), particles, dimension)
    return {"positions": positions, "steps": np.arange(records), "times": 0.1 * np.arange(records)}


@pytest.fixture
def arrows():
    points = random_points(2, [0], 6, 3)[0]
    table = pd.DataFrame(points, columns=list("xyz"))
    for prefix, vector in (("fixed_", [0.0, 0.0, 1.0]), ("field_", [1.0, 0.0, 0.0])):
        vectors = tangent_projection(points, np.broadcast_to(vector, points.shape))
        for k, name in enumerate("xyz"):
            table[f"{prefix}{name}"] = vectors[:, k]
    return table


def test_phase_shows_its_plane_and_curve():
    beta, time = np.array([1.0, 2.0, 3.0]), np.linspace(0, 30, 4)
    plane = np.arange(12).reshape(3, 4) / 12
    arrays = {
        "beta": beta,
        "time": time,
        "probability": plane,
        "time_log": time[1:],
        "probability_log": plane[:, 1:],
    }
    boundary = pd.DataFrame({"beta": beta, "reduced_time": [5.0, 6.0, 7.0], "reduced_steps_time": [5.5, 6.5, 7.5]})
    figure = draw_phase(arrays, boundary, "sa", 8, 32, 0.999)
    left, right = figure.axes[:2]
    assert np.array_equal(left.collections[0].get_array().reshape(3, 4), plane)
    assert np.array_equal(left.lines[0].get_xdata(), boundary["reduced_time"])
    assert right.get_xscale() == "log" and left.get_xlim() == (0, 30)
    logarithmic = draw_phase(arrays, boundary, "sa", 8, 32, 0.999, log_colour=True).axes[0].collections[0]
    # the smallest probability is 1 / 12, and the first cell has none
    assert (logarithmic.norm.vmin, logarithmic.norm.vmax) == (0.01, 1)
    assert logarithmic.get_array().mask.ravel().tolist() == [True] + [False] * 11


def test_particles_of_one_cluster_share_a_colour():
    colours = cluster_colours(circle_points(np.array([0.0, 0.001, 2.0, 0.002])))
    assert (colours[[1, 3]] == colours[0]).all() and (colours[2] != colours[0]).any()


@pytest.mark.parametrize("dimension", [2, 3])
def test_snapshots_and_frames(dimension):
    run = run_of(dimension)
    panels = {"a": {"beta": 1.0, "particles": 5, "snapshots": [0, 2, 4, 6]}}
    figure = draw_particles([run], panels, 1, 2)
    assert len(figure.axes) == 4
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["$t = 0$", "$t = 0.2$", "$t = 0.4$", "$t = 0.6$"]
    frames = list(particle_frames(run, "name", 3, 120))
    assert len(frames) == 3 and frames[0].shape == (120, 120, 3)
    assert (frames[0] != frames[1]).any()


def test_energy_marks_every_merge():
    energy = pd.DataFrame(
        {"flow": "sa", "time": [0.0, 1.0, 2.0, 4.0], "energy": [1.0, 2.0, 3.0, 3.0], "clusters": [3, 2, 1, 1]}
    )
    merges = pd.DataFrame({"flow": "sa", "time": [1.0, 2.0], "before": [3, 2], "after": [2, 1]})
    upper = draw_energy(energy, merges, 2.0, 8, 2).axes[0]
    dots = next(line for line in upper.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [1.0, 2.0]
    assert dots.get_ydata() == pytest.approx(np.array([2.0, 3.0]) / (np.exp(2) / 4))


def test_deep_limit_names_the_slopes():
    table = pd.DataFrame({"model": "attention", "layers": [2, 4], "error": [0.5, 0.25]})
    figure = draw_deep_limit(table, table.assign(run=0), {"attention": -0.998})
    assert "slope −0.998" in figure.axes[0].get_legend().get_texts()[0].get_text()


def test_hypersphere_draws_an_arrow_a_point(arrows):
    figure = draw_hypersphere(arrows, np.array([0.0, 0.0, 1.0]), "sa", 4.0)
    # and one for the vector itself
    assert [len(axes.patches) for axes in figure.axes] == [7, 6]


def test_grid_of_random_weights_and_last_probabilities():
    arrays = {"beta": np.array([1.0, 2.0]), "time_statistics": np.array([0.0, 1.0, 2.0])}
    arrays |= {f"{name}_spans": np.full((2, 3), value) for name, value in (("one", 2.0), ("two", 5.0))}
    figure = draw_random_grid(arrays, {"one": "1", "two": "2"}, "spans", LogNorm(1, 8), "label")
    assert [axes.collections[0].get_array().max() for axes in figure.axes[:2]] == [2.0, 5.0]
    table = pd.DataFrame({"variant": ["one", "one"], "beta": [1.0, 2.0], "last_probability": [1.0, 0.5]})
    variants = {"one": {"value": "identity"}}
    figure = draw_last_probabilities(
        {"sa": {2: table}, "usa": {2: table}}, {"sa": 30.0, "usa": 1.0}, {8: table}, {"one": "1"}, variants, 30.0
    )
    assert all(axes.lines[0].get_ydata().tolist() == [1.0, 0.5] for axes in figure.axes[:3])


def test_seminar_lines_and_dots():
    table = pd.DataFrame({"beta": 1.0, "time": [0.0, 1.0], "past": [0.1, 0.3], "nearest": [0.0, 0.2]})
    axes = draw_seminar({2: table}).axes[0]
    assert [line.get_ydata().tolist() for line in axes.lines[:2]] == [[0.1, 0.3], [0.0, 0.2]]


def test_tangent_step_and_equivariance():
    rows = [("token", 1, 0), ("other", 0, 1), ("mean", 0.5, 0.5), ("tangent", 0, 0.5), ("step", 1, 0.25)]
    rows += [("next", 0.97, 0.24), ("published", 1.25, 0.25), ("published next", 0.98, 0.2)]
    figure = draw_tangent_step(pd.DataFrame(rows, columns=["part", "x", "y"]), "sa", 1.0, 0.5)
    assert [text.get_text() for text in figure.axes[0].texts[:3]] == ["$x$", r"$\bar x$", r"$P^{\perp}_x\bar x$"]
    index = pd.MultiIndex.from_product([range(3), range(2)], names=["step", "particle"]).to_frame(index=False)
    places = random_points(3, range(1), 6, 3)[0]
    names = [f"{prefix}{axis}" for prefix in ("", "moved_", "rotated_") for axis in "xyz"]
    table = index.assign(**dict(zip(names, np.tile(places, 3).T, strict=True)))
    distance = draw_equivariance(table, 30.0).axes[2].lines[0].get_ydata()
    assert (np.asarray(distance) == 1e-17).all()
