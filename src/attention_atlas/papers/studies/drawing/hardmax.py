"""Figures of hardmax attention."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.spatial import ConvexHull

from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    ORANGE,
    SINGLE,
    SKY,
    new_figure,
    panel_label,
)
from attention_atlas.files import read_csv

__all__ = ["leaders_figure", "limit_figure", "panels_figure", "softmax_figure"]

NAMES = {"triangle": "triangle", "emerging": "emerging leader", "square": "square", "faces": "clusters on faces"}
MIXED = INK  # colour of tokens that follow two leaders


def _colours(part: pd.DataFrame) -> dict[str, str]:
    """Colour of whom a token follows: one for each token that was ever followed alone, ink for ties."""
    ever = sorted({whom for whom in part["follows"] if "+" not in whom}, key=int)
    palette = [*CATEGORIES[:-1], GREY]
    return {whom: palette[place % len(palette)] for place, whom in enumerate(ever)}


def _panel(axes: Axes, part: pd.DataFrame, step: int, colours: Mapping[str, str], last: bool) -> None:
    for _, path in part[part["step"] <= step].sort_values("step").groupby("token"):
        x, y, whom = path["x"].to_numpy(), path["y"].to_numpy(), path["follows"].tolist()
        for k in range(len(x) - 1):
            axes.plot(x[k : k + 2], y[k : k + 2], color=colours.get(whom[k], MIXED), lw=0.6, zorder=2)
    now = part[part["step"] == step]
    leaders = now[now["leader"]]
    if last:
        corners = leaders[["x", "y"]].to_numpy()
        corners = corners[ConvexHull(corners).vertices] if len(corners) > 2 else corners
        axes.fill(*corners.T, color=SKY, alpha=0.25, lw=0, zorder=0)
    for leader, marker, size in ((False, "o", 13), (True, "*", 55)):
        group = now[now["leader"] == leader]
        shades = [colours.get(whom, MIXED) for whom in group["follows"]]
        axes.scatter(
            group["x"], group["y"], c=shades, marker=marker, s=size, zorder=4 + leader, edgecolors="white", lw=0.3
        )
    axes.axhline(0, color=GREY, lw=0.4, zorder=1)
    axes.axvline(0, color=GREY, lw=0.4, zorder=1)
    axes.set(xlim=(-1.22, 1.22), ylim=(-1.22, 1.22), aspect="equal")
    axes.set_xticks([-1, 0, 1])
    axes.set_yticks([-1, 0, 1])
    axes.tick_params(length=2)


def panels_figure(tokens: str, shown_steps: Sequence[int]) -> Figure:
    """The grid of Figure 2: a row a start, a column a step; ``tokens`` is the path of hardmax_tokens.csv."""
    table = read_csv(tokens, ["row", "step", "token", "x", "y", "leader", "follows"]).astype({"follows": str})
    rows = list(dict.fromkeys(table["row"]))
    figure, grid = new_figure(
        DOUBLE, 1.46 * len(rows) + 0.45, len(rows), len(shown_steps), squeeze=False, sharex=True, sharey=True
    )
    for axes_row, row in zip(grid, rows, strict=True):
        part = table[table["row"] == row]
        colours = _colours(part)
        for axes, step in zip(axes_row, shown_steps, strict=True):
            _panel(axes, part, step, colours, step == shown_steps[-1])
        axes_row[0].set_ylabel(NAMES.get(row, row))
    for axes, step in zip(grid[0], shown_steps, strict=True):
        axes.set_title(f"step {step}")
    handles = [
        Line2D([], [], marker="*", ls="", color=INK, ms=8, label="leader"),
        Line2D([], [], marker="o", ls="", color=GREY, ms=4, label="token, in the colour of whom it follows"),
        Line2D([], [], marker="o", ls="", color=MIXED, ms=4, label="token that follows two leaders"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def limit_figure(tokens: str, settings: Mapping[str, Any]) -> Figure:
    """Distance to the limit against the step, every token that is no leader; ``tokens`` is the path of hardmax_tokens.csv."""
    table = read_csv(tokens, ["row", "step", "token", "leader", "to_limit"])
    figure, axes = new_figure(SINGLE, 2.7)
    for colour, (row, part) in zip(CATEGORIES, table.groupby("row", sort=False), strict=False):
        for place, (_, path) in enumerate(part.groupby("token")):
            if not path["leader"].iloc[-1]:
                axes.semilogy(
                    path["step"],
                    path["to_limit"],
                    color=colour,
                    lw=0.8,
                    label=NAMES.get(row, row) if place > 2 else None,
                )
    steps = np.arange(table["step"].max() + 1)
    axes.semilogy(steps, 3 * (1 + settings["alpha"]) ** -steps.astype(float), "--", color=INK, label="slope −ln(1 + α)")
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    axes.legend(unique.values(), unique.keys())
    axes.set(xlabel="step $k$", ylabel="distance to the limit", xlim=(0, steps[-1]))
    return figure


def softmax_figure(softmax: str) -> Figure:
    """Softmax at each beta against the exact hardmax run; ``softmax`` is the path of hardmax_softmax.csv."""
    table = read_csv(softmax, ["row", "beta", "agreed_steps", "largest_distance"])
    figure, (left, right) = new_figure(DOUBLE, 2.6, columns=2)
    for colour, marker, (row, part) in zip(CATEGORIES, "os^D", table.groupby("row", sort=False), strict=False):
        label = NAMES.get(row, row)
        left.loglog(part["beta"], part["largest_distance"], marker=marker, color=colour, ms=3, label=label)
        right.semilogx(part["beta"], part["agreed_steps"], marker=marker, color=colour, ms=3, label=label)
    left.set(xlabel=r"$\beta$", ylabel="largest distance to hardmax")
    right.set(xlabel=r"$\beta$", ylabel="first steps with the same followers")
    left.legend()
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def leaders_figure(random: str) -> Figure:
    """Numbers of leaders of random starts; ``random`` is the path of hardmax_random.csv."""
    table = read_csv(random, ["dimension", "leaders_first", "leaders_last"])
    figure, axes = new_figure(SINGLE, 2.5)
    counts = np.arange(table["leaders_last"].max() + 2)
    groups = list(table.groupby("dimension"))
    width = 0.8 / len(groups)
    for place, (colour, (dimension, part)) in enumerate(zip([BLUE, ORANGE, INK], groups, strict=False)):
        share = np.array([(part["leaders_last"] == count).mean() for count in counts])
        axes.bar(
            counts + (place - (len(groups) - 1) / 2) * width, share, width, color=colour, label=f"$d$ = {dimension}"
        )
    axes.set(xlabel="leaders at the end", ylabel="share of the starts", xlim=(0.4, counts[-1] - 0.4))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend()
    return figure
