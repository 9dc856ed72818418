"""Figures of the spheres in any dimension, and with runs that failed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.spheres.drawing.ends import animation_frames, draw_ends, draw_pairs, matrix_name
from attention_atlas.papers.spheres.drawing.split import draw_split_outcomes
from attention_atlas.papers.spheres.particle_tables import cluster_table, particle_table, run_table


def archive(matrix, direction="ascent", step_size=0.1, runs=3, particles=20):
    """What scripts/spheres/compute_flow.py writes, for a short run."""
    starts = random_points(1, range(runs), particles, len(matrix))
    flow = energy_flow(
        starts, matrix, step_size=step_size, steps=60, direction=direction, energy_steps=[0, 60], frame_steps=[0, 60]
    )
    return {"matrix": matrix, "beta": 1.0, "step_size": step_size, "direction": direction, **flow._asdict()}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.mark.parametrize("dimension", [2, 3, 5])
def test_any_dimension_is_drawn(dimension):
    matrix = np.diag(np.linspace(1, 2, dimension))
    data = archive(matrix)
    ends, runs = particle_table(data, "a"), run_table(data, "a")
    assert np.isfinite(ends[["x", "y", "z", "quadratic_form"]].to_numpy()).all()
    assert (np.linalg.norm(ends[["x", "y", "z"]], axis=1) <= 1 + 1e-12).all()
    figure = draw_ends(ends, runs, matrix, "60 particles")
    title = figure.axes[0].get_title()
    assert ("projected from 5 dimensions" in title) == (dimension == 5)
    pictures = list(animation_frames(data["frames"][:, 0, :, :3], [0, 60], [1.0, 2.0], matrix, 120))
    assert [picture.shape for picture in pictures] == [(120, 120, 3)] * 2
    assert (pictures[0] != pictures[1]).any()


def test_run_whose_energy_rises_on_the_way_down_is_not_drawn():
    matrix = np.diag([1.0, 1.0, 8.0])
    data = archive(matrix, "descent", step_size=50.0)
    runs = run_table(data, "a")
    assert (runs["status"] == "energy_blew_up").all()
    assert (runs["step_size"] == 50.0).all()
    assert runs["energy"].isna().all()
    ends = particle_table(data, "a")
    assert ends.empty
    figure = draw_ends(ends, runs, matrix, "60 particles")
    notes = [text.get_text() for text in figure.axes[0].texts]
    assert any("3 of 3 runs not drawn" in note and "50" in note for note in notes)


def test_clusters_are_counted_and_joined():
    data = archive(-np.eye(3), runs=4)
    clusters = cluster_table(data, "a", 0.5)
    assert (clusters.groupby("run")["particles"].sum() == 20).all()
    figure = draw_pairs(clusters, run_table(data, "a"), -np.eye(3), "4 runs")
    assert len(figure.axes) == 2


def test_moments_of_a_symmetric_run():
    data = archive(np.eye(3), runs=1, particles=6)
    data["positions"] = np.concatenate([np.eye(3), -np.eye(3)])[None]
    row = run_table(data, "a").iloc[0]
    assert row["mean_norm"] == 0
    assert row["second_moment_error"] < 1e-15
    assert row["max_abs_form"] == 1


def test_names_of_matrices():
    assert matrix_name(np.diag([1.0, 0.25, -1.0])) == "D = diag(1, 0.25, −1)"
    assert matrix_name(np.ones((2, 2))) == "D of size 2"
    assert matrix_name(np.eye(7)) == "D of size 7"


def test_runs_that_blew_up_show_in_the_sweep():
    table = pd.DataFrame(
        {
            "delta": [0.0, 1.0],
            "single": [3, 0],
            "antipodal": [0, 0],
            "other": [0, 0],
            "blew_up": [0, 3],
            "mean_energy": [1.0, np.nan],
            "top_dirac_energy": [1.0, 1.5],
            "mean_min_abs_inner": [1.0, np.nan],
        }
    )
    labels = draw_split_outcomes(table).axes[0].get_legend_handles_labels()[1]
    assert "blew up" in labels
