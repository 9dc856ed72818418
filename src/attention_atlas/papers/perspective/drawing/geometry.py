"""One update of a token, part by part, and what a rotation of the start does to a run."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, GREEN, GREY, INK, RED, new_figure, panel_label
from attention_atlas.papers.perspective.drawing.particles import VIEW, draw_wire_sphere

__all__ = ["draw_equivariance", "draw_tangent_step"]

COLOURS = [colour for colour in CATEGORIES if colour != INK]  # the circles of the turned run are INK


def _arrow(axes: Axes, foot: np.ndarray, tip: np.ndarray, colour: str, order: int = 4) -> None:
    axes.add_patch(
        FancyArrowPatch(
            (float(foot[0]), float(foot[1])), (float(tip[0]), float(tip[1])),
            arrowstyle="-|>", mutation_scale=8, shrinkA=0, shrinkB=0, color=colour, lw=1.3, zorder=order,
        )
    )  # fmt: skip


def _note(axes: Axes, place: np.ndarray, text: str, colour: str, shift: tuple[float, float]) -> None:
    axes.annotate(
        text, (float(place[0]), float(place[1])), xytext=shift, textcoords="offset points", ha="center", va="center",
        color=colour, zorder=7,
    )  # fmt: skip


def _tokens(axes: Axes, table: pd.DataFrame) -> np.ndarray:
    """The circle, all tokens, and the place of the one that moves."""
    turn = np.linspace(0, 2 * np.pi, 361)
    axes.plot(np.cos(turn), np.sin(turn), color=GREY, lw=0.6, zorder=1)
    others = table[table["part"] == "other"]
    axes.plot(others["x"], others["y"], "o", color=GREY, ms=4, zorder=3)
    token = table.loc[table["part"] == "token", ["x", "y"]].to_numpy()[0]
    axes.plot(*token, "o", color=INK, ms=5.5, zorder=6)
    axes.plot(0, 0, "+", color=GREY, ms=5, mew=0.6, zorder=1)
    axes.set_aspect("equal")
    axes.axis("off")
    return token


def draw_tangent_step(table: pd.DataFrame, flow: str, beta: float, step_size: float) -> Figure:
    """Left the vectors of the update, right where the flow's step and the published step lead.

    Columns part, x, y, as ``tables.tangent_step`` gives them.
    """
    figure, axes = new_figure(DOUBLE, 3.5, 1, 2)
    place = {name: rows[["x", "y"]].to_numpy()[0] for name, rows in table.groupby("part")}
    left, right = axes
    token = _tokens(left, table)
    _arrow(left, np.zeros(2), place["mean"], GREEN)
    _arrow(left, token, token + place["tangent"], BLUE)
    # the part along x is what P takes away
    foot = place["mean"] - place["tangent"]
    left.plot(*np.array([np.zeros(2), token]).T, color=GREY, lw=0.7, zorder=2)
    left.plot(*np.array([foot, place["mean"]]).T, color=BLUE, lw=0.9, dashes=(3, 2), zorder=3)
    _note(left, token, "$x$", INK, (9, 5))
    _note(left, place["mean"], r"$\bar x$", GREEN, (-5, 9))
    _note(left, token + place["tangent"], r"$P^{\perp}_x\bar x$", BLUE, (2, 10))
    left.set_title(rf"the mean and its tangent part ({flow.upper()}, $\beta = {beta:g}$)")
    token = _tokens(right, table)
    for colour, tip, end, name in (
        (BLUE, "step", "next", rf"$x + {step_size:g}\,P^{{\perp}}_x\bar x$, normalised"),
        (RED, "published", "published next", rf"$x + {step_size:g}\,\bar x$, normalised"),
    ):
        _arrow(right, token, place[tip], colour)
        right.plot(*np.array([np.zeros(2), place[tip]]).T, color=colour, lw=0.6, dashes=(3, 2), zorder=2)
        right.plot(*place[end], "o", color=colour, ms=5, zorder=6, label=name)
    _note(right, token, "$x$", INK, (9, 5))
    right.set_title("the step of the flow and the published one")
    right.legend(loc="lower center", bbox_to_anchor=(0.5, 0.24))
    low = np.array([[*place["published"]], [*place["step"]], [*(token + place["tangent"])]])
    for axis, letter in zip(axes, "ab", strict=True):
        axis.set_xlim(-1.1, max(1.1, low[:, 0].max() + 0.12))
        axis.set_ylim(-1.1, max(1.1, low[:, 1].max() + 0.12))
        panel_label(axis, letter)
    return figure


def _paths(axes: Axes, table: pd.DataFrame, prefix: str) -> None:
    """Paths of all particles on the sphere, a colour a particle, with a dot at the start and a larger one at the end."""
    draw_wire_sphere(axes, VIEW, 500)
    for number, (_, path) in enumerate(table.groupby("particle")):
        places = VIEW.project(path[[f"{prefix}{axis}" for axis in "xyz"]].to_numpy())
        colour = COLOURS[number % len(COLOURS)]
        hidden = places[:, 2] < 0
        for group, alpha in ((hidden, 0.3), (~hidden, 1.0)):
            line = np.where(group[:, None], places[:, :2], np.nan)
            axes.plot(*line.T, color=colour, lw=1.0, alpha=alpha, zorder=3)
        for record, size in ((0, 2.5), (-1, 5.0)):
            alpha = 0.35 if hidden[record] else 1.0
            axes.plot(*places[record, :2], "o", color=colour, ms=size, alpha=alpha, mew=0, zorder=4)


def draw_equivariance(table: pd.DataFrame, angle: float) -> Figure:
    """A run (a), the run from the rotated start with the rotated run over it (b), and their distance at each step (c)."""
    figure, axes = new_figure(DOUBLE, 2.6, 1, 3, width_ratios=[1, 1, 0.8])
    _paths(axes[0], table, "")
    _paths(axes[1], table, "moved_")
    ends = table[table["step"] == table["step"].max()]
    every = table[table["step"] % max(1, int(table["step"].max()) // 8) == 0]
    for rows, size in ((every, 3.5), (ends, 7.0)):
        places = VIEW.project(rows[[f"rotated_{axis}" for axis in "xyz"]].to_numpy())
        front = places[places[:, 2] >= 0]
        axes[1].plot(front[:, 0], front[:, 1], "o", mfc="none", mec=INK, mew=0.6, ms=size, zorder=5)
    moved, rotated = (table[[f"{name}_{axis}" for axis in "xyz"]].to_numpy() for name in ("moved", "rotated"))
    distance = pd.Series(np.linalg.norm(moved - rotated, axis=1)).groupby(table["step"].to_numpy()).max()
    axes[2].semilogy(distance.index, distance.clip(lower=1e-17), color=BLUE)
    axes[2].axhline(np.finfo(float).eps, color=GREY, lw=0.7, dashes=(3, 2))
    axes[2].text(
        distance.index.max(),
        0.8 * np.finfo(float).eps,
        "rounding of one number",
        ha="right",
        va="top",
        fontsize=6.5,
    )
    axes[2].set(xlabel="step", ylabel="largest distance", ylim=(1e-17, 1e-12), box_aspect=1)
    axes[0].set_title("a run")
    axes[1].set_title(f"from the start turned by {angle:g}°")
    axes[2].set_title("b against a, turned")
    for axis, letter in zip(axes, "abc", strict=True):
        panel_label(axis, letter)
    return figure
