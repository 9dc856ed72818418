"""Figures of the three time scales."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_atlas.drawing.sphere import View
from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    ORANGE,
    RED,
    SKY,
    new_figure,
    panel_label,
)
from attention_atlas.files import read_csv
from attention_atlas.papers.studies.multiscale import gaussian_variance, wrapped_density

__all__ = [
    "alignment_figure",
    "backward_figure",
    "error_figure",
    "forward_figure",
    "pairing_figure",
    "phases_figure",
]

VIEW = View(35.0, 28.0)
# Mean distance from the plane below which tokens count as aligned
FLAT = 0.3
TURN = ([0, np.pi, 2 * np.pi], ["0", "π", "2π"])


def _globe(axes: Axes, points: np.ndarray) -> None:
    turn = np.linspace(0, 2 * np.pi, 361)
    axes.fill(np.cos(turn), np.sin(turn), facecolor="#F6F6F6", edgecolor=GREY, lw=0.6, zorder=0)
    for tip, name in zip(np.eye(3), ("$e_1$", "$e_2$", "$e_3$"), strict=True):
        right, up, _ = VIEW.project(tip)
        axes.plot([0, right], [0, up], color=GREY, lw=0.4, zorder=1)
        place = 1.18 * np.array([right, up]) / np.hypot(right, up)
        axes.text(place[0], place[1], name, ha="center", va="center", fontsize=7)
    seen = VIEW.project(points)
    front = seen[:, 2] >= 0
    axes.scatter(seen[~front, 0], seen[~front, 1], s=2, color=SKY, lw=0, alpha=0.35, zorder=2, rasterized=True)
    axes.scatter(seen[front, 0], seen[front, 1], s=2.5, color=BLUE, lw=0, zorder=3, rasterized=True)
    axes.set(xlim=(-1.3, 1.3), ylim=(-1.3, 1.3), aspect="equal")
    axes.axis("off")


def alignment_figure(alignment: str, panel: str) -> Figure:
    """Snapshots of one matrix on the sphere; ``alignment`` is the path of multi_alignment.csv."""
    table = read_csv(alignment, ["panel", "time", "x", "y", "z"])
    table = table[table["panel"] == panel]
    times = sorted(table["time"].unique())
    figure, grid = new_figure(DOUBLE, 2.1, columns=len(times), squeeze=False)
    for axes, time in zip(grid[0], times, strict=True):
        _globe(axes, table.loc[table["time"] == time, ["x", "y", "z"]].to_numpy())
        axes.set_title(f"$t$ = {time:g}")
    return figure


def error_figure(errors: str, shares: str) -> Figure:
    """Distance to the decoupled flow against beta, and shares near the poles; paths of multi_errors.csv and multi_shares.csv."""
    table, found = read_csv(errors, ["beta", "error", "median"]), read_csv(shares, ["time", "share", "exact"])
    figure, (left, right) = new_figure(DOUBLE, 2.5, columns=2)
    left.loglog(table["beta"], table["error"], "o-", color=BLUE, label="mean over the tokens")
    left.loglog(table["beta"], table["median"], "s--", color=SKY, label="median")
    guide = table["error"].iloc[0] * table["beta"].iloc[0] / table["beta"]
    left.loglog(table["beta"], guide, ":", color=INK, label="slope −1")
    left.set(xlabel=r"$\beta$", ylabel="distance to the decoupled flow")
    left.set_yticks([0.01, 0.02, 0.05, 0.1], ["0.01", "0.02", "0.05", "0.1"])
    left.minorticks_off()
    left.set_xticks(table["beta"], [f"{beta:g}" for beta in table["beta"]])
    left.legend()
    time = np.linspace(0, 1.1 * found["time"].max(), 200)
    gap = 0.5 * np.log((1 / (1 - found["exact"].iloc[0]) ** 2 - 1) / np.tan(0.05) ** 2) / found["time"].iloc[0]
    right.plot(
        time, 1 - 1 / np.sqrt(1 + np.tan(0.05) ** 2 * np.exp(2 * gap * time)), color=INK, label="decoupled, exact"
    )
    right.plot(found["time"], found["share"], "o", color=RED, label="tokens")
    right.set(xlabel="time $t$", ylabel=r"share within 0.05 of $\pm e_1$", ylim=(0, 1.03))
    right.legend()
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def backward_figure(backward: str, settings: Mapping[str, Any]) -> Figure:
    """Histograms of the azimuth with the heat curve and the law of finite beta; ``backward`` is the path of multi_backward.csv."""
    table = read_csv(backward, ["time", "angle"])
    times = sorted(table["time"].unique())
    figure, grid = new_figure(DOUBLE, 2.3, columns=len(times), squeeze=False, sharey=True)
    angles = np.linspace(0, 2 * np.pi, 1000)
    for letter, axes, time in zip("abcdef", grid[0], times, strict=False):
        values = table.loc[table["time"] == time, "angle"]
        axes.hist(values, 120, range=(0, 2 * np.pi), density=True, color=SKY, label="tokens")
        start = settings["width"] ** 2
        left = start - 2 * time / settings["beta"]
        if left > 0:
            axes.plot(angles, wrapped_density(angles, settings["centres"], left), color=RED, label="backward heat")
        finite = gaussian_variance(start, settings["beta"], time, 1)
        curve = wrapped_density(angles, settings["centres"], finite)
        axes.plot(angles, curve, "--", color=INK, lw=0.9, label=r"law of finite $\beta$")
        axes.set(xlabel="azimuth", xlim=(0, 2 * np.pi), title=f"$t$ = {time:g}")
        if left <= 0:
            axes.text(0.97, 0.97, "no heat solution", transform=axes.transAxes, ha="right", va="top", fontsize=6)
        axes.set_xticks(*TURN)
        panel_label(axes, letter)
    grid[0, 0].set_ylim(0, 1.15 * grid[0, 0].get_ylim()[1])
    grid[0, 0].set_ylabel("density")
    grid[0, 0].legend(fontsize=6, loc="upper right")
    return figure


def forward_figure(forward: str, settings: Mapping[str, Any]) -> Figure:
    """Histograms on the circle (steps) and heat solutions (lines), a row a beta; ``forward`` is the path of multi_forward.csv."""
    table = read_csv(forward, ["beta", "time", "angle", "density"])
    betas, times = sorted(table["beta"].unique()), sorted(table["time"].unique())
    figure, grid = new_figure(
        DOUBLE, 1.75 * len(betas), len(betas), len(times), squeeze=False, sharex=True, sharey=True
    )
    angles = np.linspace(0, 2 * np.pi, 500)
    for row, beta in zip(grid, betas, strict=True):
        for axes, time in zip(row, times, strict=True):
            part = table[(table["beta"] == beta) & (table["time"] == time)]
            width = part["angle"].iloc[1] - part["angle"].iloc[0]
            axes.bar(part["angle"], part["density"], width, color=SKY, label="tokens")
            spread = settings["width"] ** 2 + 2 * time / beta
            axes.plot(angles, wrapped_density(angles, settings["centres"], spread), color=RED, label="heat")
            axes.set_xticks(*TURN)
            axes.set(xlim=(0, 2 * np.pi))
        row[0].set_ylabel(rf"density, $\beta$ = {beta:g}")
    for axes, time in zip(grid[0], times, strict=True):
        axes.set_title(f"$t$ = {time:g}")
    for axes in grid[-1]:
        axes.set_xlabel("angle")
    grid[0, -1].legend(loc="upper right")
    return figure


def pairing_figure(pairs: str) -> Figure:
    """Gap of the closest pair in both rescaled times; ``pairs`` is the path of multi_pairs.csv."""
    table = read_csv(pairs, ["beta", "s", "gap", "closed", "s_initial", "initial"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.5, columns=3)
    first = table[table["beta"] == table["beta"].min()]
    for colour, (beta, part) in zip(CATEGORIES, table.groupby("beta"), strict=False):
        label = rf"$\beta$ = {beta:g}"
        left.plot(part["s"], part["gap"], color=colour, lw=0.9, label=label)
        later = part[part["s"] > 0]
        middle.semilogy(later["s"], (later["gap"] - later["closed"]).abs(), color=colour, lw=0.9)
        right.plot(part["s_initial"], part["initial"], color=colour, lw=0.9, label=label)
    left.plot(first["s"], first["closed"], "--", color=INK, label=r"$\beta \to \infty$")
    left.set(xlabel="rescaled time $s$, running", ylabel="gap of the closest pair", ylim=(0, None))
    left.legend()
    middle.set(xlabel="rescaled time $s$, running", ylabel="difference from the closed form", ylim=(1e-6, 1))
    right.set(xlabel="rescaled time, initial inner product", ylabel="gap of the closest pair", ylim=(0, None))
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure


def phases_figure(energy: str) -> Figure:
    """Energy against the logarithm of time, phases shaded; ``energy`` is the path of multi_energy.csv."""
    table = read_csv(energy, ["time", "energy", "clusters", "height", "components"])
    table = table[table["time"] > 0]
    count = table["components"].iloc[0]
    tight = float(table.loc[table["clusters"] <= count, "time"].min())
    flat = float(table.loc[table["height"] < FLAT, "time"].min())
    figure, (axes, below) = new_figure(DOUBLE, 3.4, rows=2, sharex=True, height_ratios=[2.2, 1])
    axes.semilogx(table["time"], table["energy"], color=BLUE)
    axes.set(ylabel="interaction energy", xlim=(table["time"].min(), table["time"].max()))
    edges = sorted([table["time"].min(), flat, tight, table["time"].max()])
    names = ("alignment" if flat <= tight else "heat", "heat" if flat <= tight else "alignment", "pairing")
    for (low, high), colour, name in zip(pairwise(edges), (SKY, ORANGE, GREY), names, strict=True):
        for one in (axes, below):
            one.axvspan(low, high, color=colour, alpha=0.15, lw=0)
        axes.text(np.sqrt(low * high), 0.9, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom")
    few = table[table["clusters"] <= 2 * count]
    below.step(few["time"], few["clusters"], where="post", color=INK)
    below.set(xlabel="time $t$", ylabel="clusters", ylim=(0, 2 * count))
    return figure
