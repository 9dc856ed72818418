"""Figures of attention without normalisation."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.spatial import ConvexHull

from attention_atlas.drawing.sphere import View
from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    RED,
    SEQUENTIAL,
    SKY,
    new_figure,
    panel_label,
)
from attention_atlas.files import read_csv

__all__ = ["hyperplanes_figure", "polytope_figure", "rank_figure"]

VIEW = View(35.0, 22.0)


def _hull_in_space(axes: Axes, points: np.ndarray, colour: str) -> None:
    """Edges of the convex hull of points (n, 3), seen from ``VIEW``."""
    hull, seen = ConvexHull(points), VIEW.project(points)
    sides: dict[tuple[int, int], list[np.ndarray]] = {}
    for triangle, plane in zip(hull.simplices, hull.equations, strict=True):
        for a, b in ((0, 1), (1, 2), (0, 2)):
            low, high = sorted((int(triangle[a]), int(triangle[b])))
            sides.setdefault((low, high), []).append(plane[:3])
    towards = VIEW.axes()[2]
    for (a, b), normals in sides.items():
        visible = max(normal @ towards for normal in normals) > 0
        shade, width, line = (colour, 0.9, "-") if visible else (GREY, 0.5, ":")
        axes.plot(seen[[a, b], 0], seen[[a, b], 1], line, color=shade, lw=width, zorder=3 if visible else 1)


def polytope_figure(paths: str, shown_times: Sequence[float]) -> Figure:
    """Tokens and their hull at some times for V = I in the plane, and the end in space; ``paths`` is the path of emergence_paths.csv."""
    table = read_csv(paths, ["panel", "time", "token", "z1", "z2", "z3"])
    flat, space = table[table["panel"] == "polytope"], table[table["panel"] == "polytope_3d"]
    times = np.array(sorted(flat["time"].unique()))
    chosen = [times[np.abs(times - time).argmin()] for time in shown_times]
    figure, grid = new_figure(DOUBLE, 1.75, columns=len(chosen) + 1, squeeze=False)
    reach = 1.1 * flat[["z1", "z2"]].abs().to_numpy().max()
    for letter, axes, time in zip("abcdefg", grid[0], chosen, strict=False):
        points = flat.loc[flat["time"] == time, ["z1", "z2"]].to_numpy()
        axes.fill(*points[ConvexHull(points).vertices].T, facecolor=SKY, alpha=0.25, edgecolor=BLUE, lw=0.8)
        for _, path in flat[flat["time"] <= time].groupby("token"):
            axes.plot(path["z1"], path["z2"], color=GREY, lw=0.4, zorder=2)
        axes.plot(*points.T, "o", color=INK, ms=2.5, zorder=3)
        axes.plot(0, 0, "+", color=RED, ms=6, zorder=4)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", title=f"$t$ = {time:g}")
        axes.tick_params(length=2)
        panel_label(axes, letter)
    last = grid[0, -1]
    points = space.loc[space["time"] == space["time"].max(), ["z1", "z2", "z3"]].to_numpy()
    _hull_in_space(last, points, BLUE)
    for _, path in space.groupby("token"):
        last.plot(*VIEW.project(path.sort_values("time")[["z1", "z2", "z3"]].to_numpy())[:, :2].T, color=GREY, lw=0.4)
    last.plot(*VIEW.project(points)[:, :2].T, "o", color=INK, ms=2.5, zorder=4)
    last.set(aspect="equal", title=f"$d$ = 3, $t$ = {space['time'].max():g}")
    last.axis("off")
    panel_label(last, "abcdefgh"[len(chosen)])
    return figure


PANELS = {
    "plane": "$d$ = 2\n1.35, −0.07",
    "complex_minus": "$d$ = 3\n0.99, −0.05 ± 0.25i",
    "complex_plus": "$d$ = 3\n1.08, 0.10 ± 0.08i",
    "symmetric": "$d$ = 3\n1.96, 0.25, −0.22",
    "mixed": "$d$ = 3\n1, 1, −½",
}


def hyperplanes_figure(paths: str) -> Figure:
    """Leading coordinates against time, a column a matrix; the lower row has the second coordinate; path of emergence_paths.csv."""
    table = read_csv(paths, ["panel", "time", "token", "first", "second"])
    panels = [panel for panel in PANELS if panel in set(table["panel"])]
    figure, grid = new_figure(DOUBLE, 3.4, 2, len(panels), squeeze=False, sharex=True)
    for column, panel in enumerate(panels):
        part = table[table["panel"] == panel]
        for axes, name, colour in zip(grid[:, column], ("first", "second"), (BLUE, RED), strict=True):
            for _, path in part.groupby("token"):
                axes.plot(path["time"], path[name], color=colour, lw=0.6)
        grid[0, column].set_title(PANELS[panel], fontsize=7)
        grid[1, column].set_xlabel("time $t$")
        panel_label(grid[0, column], "abcdef"[column])
    grid[0, 0].set_ylabel(r"$\varphi_1^*(z)$")
    grid[1, 0].set_ylabel(r"$\varphi_2^*(z)$, real part")
    return figure


def rank_figure(attention: str, ranks: str, line: str) -> Figure:
    """Attention matrices at the end, and ranks of random starts on the line; paths of emergence_attention.csv,
    emergence_ranks.csv and emergence_line.csv."""
    table = read_csv(attention, ["flow", "i", "j", "weight"])
    found = read_csv(ranks, ["flow", "rank"]).set_index("flow")["rank"]
    ends = read_csv(line, ["rank", "odd_rows"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.4, columns=3)
    names = {"attention": "attention", "linear": r"$\dot x = Vx$"}
    for axes, (flow, name) in zip((left, middle), names.items(), strict=True):
        part = table[table["flow"] == flow]
        size = int(part["i"].max()) + 1
        image = axes.imshow(part["weight"].to_numpy().reshape(size, size), cmap=SEQUENTIAL, vmin=0, vmax=1)
        axes.set(title=f"{name}: rank {found[flow]}", xlabel="token $j$")
    left.set_ylabel("token $i$")
    bar = figure.colorbar(image, ax=[left, middle], pad=0.02, shrink=0.85)
    bar.set_label("$P_{ij}$")
    bar.outline.set_linewidth(0.4)
    kinds = np.array([0, 1])
    bottom = np.zeros(3)
    for colour, kind in zip(CATEGORIES, kinds, strict=False):
        share = np.array([((ends["rank"] == rank) & (ends["odd_rows"] == kind)).mean() for rank in (1, 2, 3)])
        right.bar(
            [1, 2, 3],
            share,
            0.6,
            bottom=bottom,
            color=colour,
            label=("every row a unit vector", "one row is not")[kind],
        )
        bottom += share
    right.set(xlabel="rank on the line, $d$ = 1", ylabel="share of the starts", ylim=(0, 1.25))
    right.set_xticks([1, 2, 3])
    right.legend(fontsize=6)
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure
