"""Figures 1, 3 and 6 of arXiv 2501.03096: particles on the coloured sphere, stills and animations."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.sphere import (
    FORM_LABEL,
    View,
    add_form_bar,
    draw_ball,
    draw_circle,
    draw_points,
    draw_segment,
    draw_sphere,
    form_colours,
    form_norm,
)
from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, INK, RED, SEQUENTIAL, SINGLE, new_figure, plt

__all__ = [
    "animation_frames",
    "draw_ends",
    "draw_energies",
    "draw_energy_histories",
    "draw_pairs",
    "matrix_name",
    "turntable_frames",
]

VIEW = View()
# With this one the viewer faces e2, which lies near the limb in the usual view.
SECOND_AXIS_VIEW = View(azimuth=68.0, elevation=24.0)
# A fair number of points needs smaller ones.
LARGE, SMALL = 16.0, 9.0


def matrix_name(matrix: np.ndarray) -> str:
    """'D = diag(1, 0.25, 1)', or 'D of size 5' for what does not fit in a title."""
    if len(matrix) <= 4 and np.array_equal(matrix, np.diag(np.diag(matrix))):
        return "D = diag(" + ", ".join(f"{entry:g}".replace("-", "−") for entry in np.diag(matrix)) + ")"
    return f"D of size {len(matrix)}"


def _view(matrix: np.ndarray) -> View:
    """The view of a still: particles gather where <x, Dx> is smallest, and if that is e2 the viewer faces it."""
    if len(matrix) != 3:
        return VIEW
    return SECOND_AXIS_VIEW if np.argmin(np.diag(matrix)) == 1 and np.ptp(np.diag(matrix)) > 0 else VIEW


def _background(axes: Axes, matrix: np.ndarray, pixels: int = 700, view: View = VIEW) -> None:
    """Circle, sphere, or the ball of a projection, by the size of D."""
    if len(matrix) == 2:
        draw_circle(axes, matrix)
    elif len(matrix) == 3:
        draw_sphere(axes, matrix, view, pixels)
    else:
        draw_ball(axes, view)


def _particles(
    axes: Axes,
    matrix: np.ndarray,
    points: np.ndarray,
    values: np.ndarray | None,
    size: float,
    view: View = VIEW,
    hidden_alpha: float = 0.22,
) -> None:
    """Black points; in more than three dimensions coloured by their own <x, Dx>."""
    if len(matrix) == 2:
        axes.scatter(points[:, 0], points[:, 1], s=size, color=INK, linewidths=0.3, edgecolors="white", zorder=5)
        return
    colours = None if len(matrix) == 3 or values is None else form_colours()(form_norm(matrix)(values))
    draw_points(axes, points, view, size, colours, hidden_alpha=hidden_alpha)


def _note_failures(axes: Axes, runs: pd.DataFrame) -> None:
    """Say in the figure which runs are missing, and why."""
    failed = runs[runs["status"] != "ok"]
    if len(failed):
        first = failed.iloc[0]
        when = f" at step {first['failed_step']}" if first["failed_step"] >= 0 else ""
        what = f"{first['status'].replace('_', ' ')}{when} ($\\tau$ = {first['step_size']:g})"
        text = f"{len(failed)} of {len(runs)} runs not drawn:\n{what}"
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=7, color=RED, zorder=9)


def _sphere_axes(matrix: np.ndarray, title: str) -> tuple[Figure, Axes]:
    figure, axes = new_figure(SINGLE, 0.86 * SINGLE)
    _background(axes, matrix, view=_view(matrix))
    add_form_bar(figure, axes, matrix, FORM_LABEL, shrink=0.72, pad=0.02, aspect=18)
    axes.set_title(title, pad=2)
    return figure, axes


def _title(matrix: np.ndarray, text: str) -> str:
    projected = f"\nprojected from {len(matrix)} dimensions on 3 principal axes" if len(matrix) > 3 else ""
    return f"{matrix_name(matrix)}, {text}{projected}"


def draw_ends(ends: pd.DataFrame, runs: pd.DataFrame, matrix: np.ndarray, what: str) -> Figure:
    """Ends of runs on the sphere (figures 1a, 1b, 3a-d).

    Parameters
    ----------
    ends
        Columns x, y, z (projected if d > 3) and quadratic_form, one row a particle of a run that is 'ok'.
    runs
        Columns status, failed_step, step_size, one row a run.
    matrix
        D, (d, d).
    what
        What the points are, for the title.
    """
    figure, axes = _sphere_axes(matrix, _title(matrix, what))
    if len(ends):
        size = LARGE if len(ends) <= 100 else SMALL
        _particles(
            axes, matrix, ends[["x", "y", "z"]].to_numpy(), ends["quadratic_form"].to_numpy(), size, _view(matrix)
        )
    _note_failures(axes, runs)
    return figure


def draw_pairs(clusters: pd.DataFrame, runs: pd.DataFrame, matrix: np.ndarray, what: str) -> Figure:
    """Cluster centres of each run, joined by lines (figures 6a-c); columns run, x, y, z, particles."""
    figure, axes = _sphere_axes(matrix, _title(matrix, what))
    for _, run in clusters.groupby("run"):
        points = run[["x", "y", "z"]].to_numpy()
        if len(matrix) > 2:
            for first, second in pairwise(points):
                draw_segment(axes, first, second, _view(matrix))
        else:
            axes.plot(points[:, 0], points[:, 1], color=INK, lw=0.6, alpha=0.45, dashes=(3, 2), zorder=2)
    if len(clusters):
        points, forms = clusters[["x", "y", "z"]].to_numpy(), clusters["quadratic_form"].to_numpy()
        # few points: those behind the sphere may be darker than the hundreds of Figure 3
        _particles(axes, matrix, points, forms, LARGE, _view(matrix), hidden_alpha=0.5)
    _note_failures(axes, runs)
    return figure


def draw_energies(energy: pd.DataFrame, runs: pd.DataFrame) -> Figure:
    """Energy above its last value against the step, one line a panel (columns panel, step, energy)."""
    figure, axes = new_figure(SINGLE)
    for colour, (panel, curve) in zip(CATEGORIES, energy.groupby("panel"), strict=False):
        run = runs[runs["panel"] == panel].iloc[0]
        label = f"({panel}) $\\tau$ = {run['step_size']:g}" + ("" if run["status"] == "ok" else f", {run['status']}")
        axes.plot(1 + curve["step"], curve["energy"], color=colour, label=label)
    axes.set_xscale("log")
    axes.set_xlabel("1 + step")
    axes.set_ylabel(r"energy $E_D$")
    axes.legend()
    return figure


def draw_energy_histories(energy: pd.DataFrame, groups: str, labels: Mapping[object, str]) -> Figure:
    """Energy against the step, a panel a group and a line a run, from dark to light in their order.

    ``energy`` has the columns ``groups``, run, step, energy; ``labels`` names each group that is drawn.
    """
    names = [name for name in labels if (energy[groups] == name).any()]
    figure, panels = new_figure(DOUBLE, 2.5, columns=max(1, len(names)), squeeze=False)
    for axes, name in zip(panels[0], names, strict=False):
        runs = energy[energy[groups] == name].groupby("run")
        colours = plt.get_cmap(SEQUENTIAL)(np.linspace(0.05, 0.9, len(runs)))
        for colour, (_, curve) in zip(colours, runs, strict=True):
            axes.plot(1 + curve["step"], curve["energy"], color=colour, lw=0.9, alpha=0.8)
        axes.set_xscale("log")
        axes.set_title(labels[name])
        axes.set_xlabel("1 + step")
    panels[0][0].set_ylabel(r"energy $E_D$")
    return figure


def turntable_frames(points: np.ndarray, matrix: np.ndarray, frames: int, pixels: int) -> Iterator[np.ndarray]:
    """Pictures (pixels, pixels, 3) of finished particles (n, 3) while the camera goes once around the third axis.

    Sphere, colours and particles turn together; a ball stands for the sphere of more than three dimensions.
    """
    dpi = 150
    figure = plt.figure(figsize=(pixels / dpi, pixels / dpi), dpi=dpi, layout="none")
    for turn in range(frames):
        view = VIEW._replace(azimuth=VIEW.azimuth + 360.0 * turn / frames)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        _background(axes, matrix, pixels, view)
        _particles(axes, matrix, points, None, 0.6 * SMALL, view)
        axes.text(0.03, 0.95, matrix_name(matrix), transform=axes.transAxes, fontsize=7, color=INK)
        yield figure_pixels(figure)
        figure.clear()
    plt.close(figure)


def animation_frames(
    frames: np.ndarray, steps: Sequence[int], energies: Sequence[float], matrix: np.ndarray, pixels: int
) -> Iterator[np.ndarray]:
    """Pictures (pixels, pixels, 3) of the particles at each kept step, on one background.

    Parameters
    ----------
    frames
        (F, n, d) positions, projected to three dimensions beforehand if d > 3.
    steps, energies
        (F,) what the caption of each frame says.
    matrix
        D, (d, d).
    """
    dpi = 150
    figure = plt.figure(figsize=(pixels / dpi, pixels / dpi), dpi=dpi, layout="none")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    _background(axes, matrix, pixels)
    caption = axes.text(0.03, 0.03, "", transform=axes.transAxes, fontsize=7, color=BLUE)
    axes.text(0.03, 0.95, matrix_name(matrix), transform=axes.transAxes, fontsize=7, color=INK)
    still = len(axes.collections)
    for points, step, energy in zip(frames, steps, energies, strict=True):
        for old in list(axes.collections)[still:]:
            old.remove()
        flat = points if points.shape[1] > 2 else np.pad(points, ((0, 0), (0, 1)))
        _particles(axes, matrix, flat, None, 0.6 * SMALL)
        caption.set_text(f"step {step:,}   E = {energy:.5f}")
        yield figure_pixels(figure)
    plt.close(figure)
