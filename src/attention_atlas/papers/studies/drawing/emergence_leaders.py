"""Figures of leaders, and of rescaled tokens in many dimensions."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attention_atlas.drawing.style import BLUE, DOUBLE, GREY, INK, RED, new_figure, panel_label
from attention_atlas.files import read_csv

__all__ = ["high_figure", "leaders_figure"]


def _scaled(points: np.ndarray) -> tuple[np.ndarray, str]:
    """Points over a power of ten that makes the largest coordinate at most 10, and the words for it."""
    power = int(np.floor(np.log10(np.abs(points).max())))
    return (points, "") if power < 4 else (points / 10.0**power, rf", both in $10^{{{power}}}$")


def leaders_figure(tokens: str, links: str) -> Figure:
    """Tokens x in the upper row and A x in the lower one, with a line from each token to those that it attends to.

    Parameters
    ----------
    tokens, links : paths of emergence_leaders.csv and emergence_links.csv
    """
    table, found = (
        read_csv(tokens, ["time", "token", "x1", "x2", "y1", "y2", "leader"]),
        read_csv(links, ["time", "i", "j"]),
    )
    times = sorted(table["time"].unique())
    figure, grid = new_figure(DOUBLE, 3.9, 2, len(times), squeeze=False)
    for column, time in enumerate(times):
        part = table[table["time"] == time].sort_values("token")
        pairs = found.loc[(found["time"] == time) & (found["i"] != found["j"]), ["i", "j"]].to_numpy()
        leads = part["leader"].to_numpy(dtype=bool)
        for axes, names, symbol in zip(grid[:, column], (("x1", "x2"), ("y1", "y2")), ("x", "Ax"), strict=True):
            points, scale = _scaled(part[list(names)].to_numpy())
            for i, j in pairs:
                axes.plot(*points[[i, j]].T, color=GREY, lw=0.4, zorder=1)
            axes.plot(*points[~leads].T, "o", color=BLUE, ms=3, mew=0, zorder=2)
            axes.plot(*points[leads].T, "o", color=RED, ms=3.5, mew=0, zorder=3)
            axes.set_xlabel(f"$({symbol})_1${scale}" if symbol != "x" else f"$x_1${scale}")
            # with the origin in sight, so that tokens that have met at one place are seen to be one
            low, high = np.minimum(points.min(axis=0), 0), np.maximum(points.max(axis=0), 0)
            margin = 0.1 * (high - low)
            axes.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))
        grid[0, column].set_title(f"$t$ = {time:g}")
        panel_label(grid[0, column], "abcdef"[column])
    grid[0, 0].set_ylabel("$x_2$")
    grid[1, 0].set_ylabel("$(Ax)_2$")
    handles = [
        Line2D([], [], marker="o", ls="", color=RED, ms=4, label="leaders"),
        Line2D([], [], marker="o", ls="", color=BLUE, ms=4, label="other tokens"),
        Line2D([], [], color=GREY, lw=0.8, label="$P_{ij} > 10^{-4}$"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _bands(axes: Axes, part: pd.DataFrame, colour: str, count: int) -> None:
    """Mean and standard deviation over the tokens of ``count`` coordinates, spread over the eigenvalues."""
    numbers = part["coordinate"].unique()
    for number in numbers[np.unique(np.linspace(0, len(numbers) - 1, count).round().astype(int))]:
        line = part[part["coordinate"] == number]
        axes.fill_between(
            line["time"], line["mean"] - line["spread"], line["mean"] + line["spread"], color=colour, alpha=0.12, lw=0
        )
        axes.plot(line["time"], line["mean"], color=colour, lw=0.8)


def high_figure(high: str) -> Figure:
    """Coordinates in the eigenbasis of V, by the sign of the eigenvalue; ``high`` is the path of emergence_high.csv."""
    table = read_csv(high, ["time", "coordinate", "eigenvalue", "mean", "spread", "width", "groups"])
    positive = table["eigenvalue"] > 0
    figure, (left, middle, right) = new_figure(DOUBLE, 2.4, columns=3)
    _bands(left, table[positive], BLUE, 6)
    left.set(xlabel="time $t$", ylabel=r"coordinates of $z$, $\lambda > 0$")
    _bands(middle, table[~positive], RED, 6)
    middle.set_yscale("symlog", linthresh=1.0)
    end = float((table.loc[~positive, "mean"].abs() + table.loc[~positive, "spread"]).max())
    power = int(np.ceil(np.log10(max(end, 10.0))))
    ticks = [10.0**k for k in range(max(1, power // 3), power + 1, max(1, power // 3))]
    middle.set_yticks([-tick for tick in reversed(ticks)] + [0.0, *ticks])
    middle.minorticks_off()
    middle.set(xlabel="time $t$", ylabel=r"coordinates of $z$, $\lambda < 0$")
    groups = table.drop_duplicates("time")
    right.semilogy(groups["time"], groups["groups"], color=INK)
    right.set(xlabel="time $t$", ylabel=r"different tokens along $\lambda > 0$", ylim=(1, None))
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure
