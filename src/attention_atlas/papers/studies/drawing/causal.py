"""Figures of causal attention."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FormatStrFormatter, NullFormatter

from attention_atlas.drawing.sphere import View
from attention_atlas.drawing.style import BLUE, DOUBLE, GREY, INK, RED, SKY, new_figure, panel_label
from attention_atlas.files import read_csv
from attention_atlas.papers.studies.causal import RENYI

__all__ = ["atlas_figure", "capture_figure", "circle_figure", "parking_figure"]

VIEW = View(32.0, 24.0)


def _globe(axes: Axes) -> None:
    turn = np.linspace(0, 2 * np.pi, 361)
    axes.fill(np.cos(turn), np.sin(turn), facecolor="#F6F6F6", edgecolor=GREY, lw=0.6, zorder=0)
    for tip, name in zip(np.eye(3), ("$e_1$", "$e_2$", "$e_3$"), strict=True):
        right, up, _ = VIEW.project(tip)
        axes.plot([0, right], [0, up], color=GREY, lw=0.4, zorder=1)
        place = 1.16 * np.array([right, up]) / max(np.hypot(right, up), 1e-9)
        axes.text(place[0], place[1], name, ha="center", va="center", fontsize=7)
    axes.set(xlim=(-1.28, 1.28), ylim=(-1.28, 1.28), aspect="equal")
    axes.axis("off")


def atlas_figure(paths: str, ends: str) -> Figure:
    """Trajectories on the sphere, one panel a matrix V, the ends in red; paths of causal_paths.csv and causal_ends.csv."""
    table = read_csv(paths, ["value", "time", "token", "x", "y", "z"])
    names = read_csv(ends, ["value", "matrix"]).drop_duplicates("value").set_index("value")["matrix"]
    values = list(dict.fromkeys(table["value"]))
    figure, grid = new_figure(DOUBLE, 2.5 * -(-len(values) // 3), -(-len(values) // 3), 3, squeeze=False)
    for axes in grid.flat[len(values) :]:
        axes.axis("off")
    for place, (axes, value) in enumerate(zip(grid.flat, values, strict=False)):
        _globe(axes)
        part = table[table["value"] == value]
        for token, path in part.groupby("token"):
            seen = VIEW.project(path.sort_values("time")[["x", "y", "z"]].to_numpy())
            front = np.where(seen[:, 2:] >= 0, seen[:, :2], np.nan)
            axes.plot(*seen[:, :2].T, color=SKY, lw=0.5, alpha=0.45, zorder=2)
            axes.plot(*front.T, color=BLUE, lw=0.7, zorder=3)
            first = token == 0
            axes.plot(*seen[0, :2], "s" if first else ".", color=INK, ms=3.5 if first else 2.5, zorder=4)
            axes.plot(*seen[-1, :2], "o", color=RED, ms=3.2, alpha=1.0 if seen[-1, 2] >= 0 else 0.35, mew=0, zorder=5)
        axes.set_title(f"$V$ = {names[value]}")
        panel_label(axes, "abcdefghi"[place])
    handles = [
        Line2D([], [], marker="s", ls="", color=INK, ms=3.5, label="start of the first token"),
        Line2D([], [], marker=".", ls="", color=INK, ms=4, label="starts of the others"),
        Line2D([], [], marker="o", ls="", color=RED, ms=4, label="ends (pale: behind the sphere)"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def circle_figure(tokens: str) -> Figure:
    """Tokens and centres on the circle at some times; ``tokens`` is the path of causal_circle.csv."""
    table = read_csv(tokens, ["time", "token", "x", "y", "kind"])
    times = sorted(table["time"].unique())
    columns = min(4, len(times))
    figure, grid = new_figure(
        DOUBLE, 1.9 * -(-len(times) // columns) + 0.3, -(-len(times) // columns), columns, squeeze=False
    )
    turn = np.linspace(0, 2 * np.pi, 361)
    for axes in grid.flat[len(times) :]:
        axes.axis("off")
    for axes, time in zip(grid.flat, times, strict=False):
        part = table[table["time"] == time]
        axes.plot(np.cos(turn), np.sin(turn), color="#D0D0D0", lw=0.6, zorder=0)
        layers = (("other", SKY, 5, 1.0, 2), ("renyi", INK, 20, 1.13, 3), ("strong", RED, 20, 1.13, 4))
        for kind, colour, size, radius, order in layers:
            group = part[part["kind"] == kind]
            axes.scatter(radius * group["x"], radius * group["y"], s=size, color=colour, lw=0, zorder=order)
        axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal")
        axes.set_title(f"$t$ = {time:g}")
        axes.axis("off")
    handles = [
        Line2D([], [], marker="o", ls="", color=RED, ms=4.5, label="strong Rényi centre"),
        Line2D([], [], marker="o", ls="", color=INK, ms=4.5, label="other Rényi centre"),
        Line2D([], [], marker="o", ls="", color=SKY, ms=3, label="other tokens (centres are set outside the circle)"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def capture_figure(capture: str, counts: str) -> Figure:
    """Share of captured tokens against time, and numbers of centres; paths of causal_capture.csv and causal_counts.csv."""
    table = read_csv(capture, ["time", "renyi", "renyi_low", "renyi_high", "strong", "strong_low", "strong_high"])
    found = read_csv(counts, ["renyi", "strong"])
    figure, (left, right) = new_figure(DOUBLE, 2.6, columns=2, width_ratios=[1.5, 1])
    later = table[table["time"] > 0]
    kinds = (("renyi", INK, "Rényi centres", 0.2), ("strong", RED, "strong Rényi centres", -0.2))
    for kind, colour, label, shift in kinds:
        left.fill_between(later["time"], later[f"{kind}_low"], later[f"{kind}_high"], color=colour, alpha=0.15, lw=0)
        left.semilogx(later["time"], later[kind], color=colour, label=label)
        numbers = np.arange(found["renyi"].max() + 2)
        share = [(found[kind] == number).mean() for number in numbers]
        right.bar(numbers + shift, share, 0.4, color=colour, label=label)
    left.set(xlabel="time $t$", ylabel=r"share within $\beta^{-1/2}$ of a centre", ylim=(0, 1.02))
    left.legend(loc="lower right")
    right.set(xlabel="number of centres", ylabel="share of the starts", xlim=(1.5, found["renyi"].max() + 1.5))
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def _reference(axes: Axes, part: pd.DataFrame, dimension: int) -> None:
    line = part.sort_values("separation")
    axes.loglog(line["beta"], line["strong_exact"], color=RED, lw=0.8)
    if dimension == 2:
        axes.loglog(line["beta"], RENYI * 2 * np.pi / line["separation"], color=INK, lw=0.8)
    else:
        middle = line.iloc[len(line) // 2]
        axes.loglog(line["beta"], middle["renyi"] * line["beta"] / middle["beta"], "--", color=INK, lw=0.8)


def parking_figure(parking: str) -> Figure:
    """Numbers of centres against beta in two and three dimensions; ``parking`` is the path of causal_parking.csv."""
    table = read_csv(parking, ["dimension", "beta", "renyi", "strong", "strong_exact", "separation"])
    figure, grid = new_figure(DOUBLE, 2.7, columns=table["dimension"].nunique(), squeeze=False)
    for letter, axes, (dimension, part) in zip("abc", grid[0], table.groupby("dimension"), strict=False):
        _reference(axes, part, dimension)
        axes.loglog(part["beta"], part["renyi"], "o", color=INK, ms=4, label="Rényi centres")
        axes.loglog(part["beta"], part["strong"], "s", color=RED, ms=3.5, label="strong Rényi centres")
        axes.set(xlabel=r"$\beta$", ylabel="mean number of centres")
        axes.set_title(f"$d$ = {dimension}")
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_yticks([2, 5, 10, 20, 50] if dimension == 2 else [1, 10, 100])
        panel_label(axes, letter)
    lines = {2: "lines: exact, 0.7476 · 2π/δ", 3: "full line: exact, dashed: slope 1"}
    for axes, (dimension, _) in zip(grid[0], table.groupby("dimension"), strict=False):
        axes.plot([], [], " ", label=lines.get(dimension, ""))
        axes.legend(loc="upper left")
    return figure
