"""Overlays of published numbers and ours: both sides are there, the residuals are right, the bytes repeat."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.drawing.style import plt, save_figure
from attention_atlas.papers.published.drawing.overlays import MARKERS, VIEWS, draw_overlay
from attention_atlas.papers.published.points import POINT_COLUMNS, differences


def points(series=2, size=11):
    x = np.linspace(1.0, 2.0, size)
    parts = [differences(f"s{k}", x, 1.0 + k + x, 1.0 + k + x * 1.001) for k in range(series)]
    table = pd.concat(parts, ignore_index=True).reindex(columns=POINT_COLUMNS)
    return table.assign(parameters="published")


def lines_of(axes, markers=MARKERS):
    return [line for line in axes.lines if len(line.get_xdata()) > 2 or line.get_marker() in markers]


@pytest.mark.parametrize("id", VIEWS)
@pytest.mark.parametrize("series", [1, 3, 9])
def test_every_view_draws_both_sides_and_their_difference(id, series):
    view, table = VIEWS[id], points(series)
    figure = draw_overlay(table, view)
    top, bottom = figure.axes
    # of very many series some are named and drawn above, and the differences of all are below
    named = -(-series // view.series_every)
    assert len(lines_of(top)) == 2 * named
    assert len(lines_of(bottom)) == series
    first = table[table["series"] == "s0"]
    residual = lines_of(bottom)[-named].get_ydata()
    wanted = first["theirs"] / first["ours"] if view.residual == "ratio" else first[view.residual]
    assert residual == pytest.approx(wanted.to_numpy() * view.factor)
    assert top.get_ylabel() == view.y
    plt.close(figure)


def test_published_points_are_thinned_and_ours_are_a_line():
    figure = draw_overlay(points(1, 101), VIEWS["spheres_fig7_energies"])
    ours, theirs = lines_of(figure.axes[0])
    assert len(ours.get_xdata()) == 101
    assert len(theirs.get_xdata()) == 21
    assert theirs.get_markerfacecolor() == "none"
    plt.close(figure)


def test_bars_of_shares():
    table = points(1)
    table = table.assign(theirs_low=0.1, theirs_high=0.3, ours_low=0.2, ours_high=0.4, uncertainty=0.05)
    figure = draw_overlay(table, VIEWS["spheres_fig2_outcomes"])
    top, bottom = figure.axes
    assert len(top.collections) == 2
    heights = [np.ptp(path.vertices[:, 1]) for path in bottom.collections[0].get_paths()]
    assert heights == pytest.approx([0.2] * 11)  # two standard errors to either side
    plt.close(figure)


def test_other_parameters_are_written_on_the_figure():
    figure = draw_overlay(points().assign(parameters="other"), VIEWS["spheres_fig4_tau005"])
    assert "no test" in figure.axes[0].get_title()
    plt.close(figure)


def test_points_of_one_side_alone(tmp_path):
    table = points(1)
    table[["ours", "difference", "relative_difference"]] = np.nan
    save_figure(draw_overlay(table, VIEWS["mean_field_seconds"]), tmp_path / "a.png", dpi=80)
    assert (tmp_path / "a.png").stat().st_size > 1000


def test_same_bytes_twice(tmp_path):
    for name in ("a", "b"):
        save_figure(
            draw_overlay(points(), VIEWS["spheres_fig2_energy"]), tmp_path / f"{name}.pdf", tmp_path / f"{name}.png"
        )
    for suffix in ("pdf", "png"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
