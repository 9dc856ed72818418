"""The perspective's figures show the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.geometry.sphere import circle_points, random_points, tangent_projection
from attention_atlas.papers.perspective.drawing.hypersphere import draw_hypersphere
from attention_atlas.papers.perspective.drawing.lines import draw_deep_limit, draw_energy
from attention_atlas.papers.perspective.drawing.particles import cluster_colours, draw_particles, particle_frames
from attention_atlas.papers.perspective.drawing.phase import draw_phase


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


def test_particles_of_one_cluster_share_a_colour():
    colours = cluster_colours(circle_points(np.array([0.0, 0.001, 2.0, 0.002])))
    assert (colours[[1, 3]] == colours[0]).all() and (colours[2] != colours[0]).any()


@pytest.mark.parametrize("dimension", [2, 3])
def test_snapshots_and_frames(dimension):
    run = run_of(dimension)
    panels = {"a": {"beta": 1.0, "particles": 5, "snapshots": [0, 2, 4, 6]}}
    figure = draw_particles([run], panels, 1)
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
