"""Figures of the statements of the talk; each function takes the paths of talk_<topic>.csv."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from scipy.spatial import cKDTree

from attention_atlas.drawing.sphere import View
from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DIVERGING,
    DOUBLE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    RED,
    new_figure,
    panel_label,
    plt,
)
from attention_atlas.files import read_csv
from attention_atlas.papers.metastability.drawing.notebook import angle_axis, broken_at_turns

__all__ = ["classes", "energy", "exits", "harmonics", "layers", "variants"]

TURN = 2 * np.pi
# Colours between the points at which a harmonic is known are means over about this distance.
SMOOTH = 0.06


def _lines(axes: Axes, table: pd.DataFrame, colour: str, **style: Any) -> None:
    """Angle against time, a line for each token."""
    for _, path in table.groupby("number"):
        axes.plot(path["time"], broken_at_turns(path["value"].to_numpy()), color=colour, **style)
    axes.set_xlim(0, table["time"].max())
    axes.set_ylim(0, TURN)
    angle_axis(axes.yaxis)
    axes.set_xlabel("time $s$")


def layers(layers: str) -> Figure:
    """Tokens under weights that vary from layer to layer, beside the mean flow, and the distance against the number of layers."""
    table = read_csv(layers, ["part", "layers", "number", "time", "value"])
    paths, distance = table[table["part"] == "path"], table[table["part"] == "distance"].sort_values("layers")
    figure, panels = new_figure(DOUBLE, 2.5, columns=3)
    for axes, number in zip(panels, (distance["layers"].iloc[0], distance["layers"].iloc[-1]), strict=False):
        _lines(axes, paths[paths["layers"] == number], RED, lw=0.7)
        _lines(axes, paths[paths["layers"] == 0], INK, lw=0.7, ls=(0, (3, 2)))
        axes.set_ylabel(r"angle $\theta$")
        axes.set_title(f"{int(number)} layers")
    axes = panels[2]
    x, y = distance["layers"].to_numpy(dtype=float), distance["value"].to_numpy()
    slope, height = np.polyfit(np.log(x), np.log(y), 1)
    axes.loglog(x, y, color=RED, marker="o", ls="none", ms=3.5, label="runs")
    axes.loglog(x, np.exp(height) * x**slope, color=INK, lw=0.9, label=f"slope {slope:.3f}".replace("-", "−"))
    axes.set_xlabel("layers $L$")
    axes.set_xticks(x, [f"{number:.0f}" for number in x])
    axes.xaxis.set_minor_locator(plt.NullLocator())
    axes.set_ylabel("distance to the mean flow")
    axes.legend(loc="lower left")
    axes.set_yticks([0.1, 0.2, 0.5], ["0.1", "0.2", "0.5"])
    axes.yaxis.set_minor_locator(plt.NullLocator())
    for axes, letter in zip(panels, "abc", strict=True):
        panel_label(axes, letter)
    return figure


def classes(classes: str) -> Figure:
    """Test points at the start, half way and at the end of the network, with the paths of some behind the last."""
    table = read_csv(classes, ["part", "layer", "number", "class", "x", "y", "value"])
    points, paths = table[table["part"] == "point"], table[table["part"] == "path"]
    accuracy = table[table["part"] == "accuracy"].sort_values("number")["value"].to_numpy()
    shown = np.sort(points["layer"].unique())
    figure, panels = new_figure(DOUBLE, 2.7, columns=len(shown), sharey=True, sharex=True)
    for axes, layer, letter in zip(panels, shown, "abc", strict=True):
        if layer == shown[-1]:
            for (_, kind), path in paths.groupby(["number", "class"]):
                axes.plot(path["x"], path["y"], color=RED if kind > 0 else BLUE, lw=0.35, alpha=0.6)
            axes.axvline(0, color=INK, lw=0.9, ls="--")
        for kind, colour, marker in ((1.0, RED, "o"), (-1.0, BLUE, "s")):
            mine = points[(points["layer"] == layer) & (points["class"] == kind)]
            axes.plot(mine["x"], mine["y"], color=colour, ls="none", marker=marker, ms=2.0, mew=0, alpha=0.8)
        axes.set_title(f"after {int(layer)} layers" if layer else "data")
        axes.set_xlabel("$x_1$")
        panel_label(axes, letter)
    panels[0].set_ylabel("$x_2$")
    for axes, text in ((panels[0], f"best line: {accuracy[0]:.1%}"), (panels[-1], f"sign of $x_1$: {accuracy[2]:.1%}")):
        axes.text(0.97, 0.03, text, transform=axes.transAxes, fontsize=6.5, ha="right")
    return figure


def variants(normalisation: str, feed_forward: str) -> Figure:
    """With and without normalisation (above), without and with a feed-forward part (below)."""
    table = read_csv(normalisation, ["model", "part", "number", "time", "x", "y", "value"])
    figure, panels = new_figure(DOUBLE, 4.7, rows=2, columns=3)
    above, below = panels
    paths = table[table["part"] == "path"]
    for axes, model, title in ((above[0], "normalised", "normalised"), (above[1], "free", "free, divided by $e^t$")):
        mine = paths[paths["model"] == model]
        turn = np.linspace(0, TURN, 361)
        axes.plot(np.cos(turn), np.sin(turn), color=GREY, lw=0.4)
        for _, path in mine.groupby("number"):
            axes.plot(path["x"], path["y"], color=BLUE, lw=0.5, alpha=0.7)
            axes.plot(path["x"].iloc[0], path["y"].iloc[0], color=GREY, marker="o", ms=1.8)
        ends = mine[mine["time"] == mine["time"].max()]
        axes.plot(ends["x"], ends["y"], color=RED, ls="none", marker="o", ms=4.5)
        axes.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), xticks=[-1, 0, 1], yticks=[-1, 0, 1], title=title)
        axes.set_aspect("equal")
    groups = table[table["part"] == "groups"]
    for model, colour in (("normalised", BLUE), ("free", RED)):
        mine = groups[groups["model"] == model]
        above[2].step(mine["time"], mine["value"], where="post", color=colour, label=model)
    above[2].set_yscale("log")
    above[2].set_yticks([1, 2, 5, 10, 20, 40], ["1", "2", "5", "10", "20", "40"])
    above[2].yaxis.set_minor_locator(plt.NullLocator())
    above[2].set(xlabel="time $t$", ylabel="groups of tokens", xlim=(0, groups["time"].max()))
    above[2].legend(loc="upper right")
    _feed_forward(below, read_csv(feed_forward, ["part", "strength", "number", "time", "value"]))
    for axes, letter in zip(panels.ravel(), "abcdef", strict=True):
        panel_label(axes, letter)
    return figure


def _feed_forward(panels: np.ndarray, table: pd.DataFrame) -> None:
    paths = table[table["part"] == "path"]
    strengths = np.sort(paths["strength"].unique())
    for axes, strength, title in zip(
        panels, (strengths[0], strengths[-1]), ("attention alone", f"feed-forward {strengths[-1]:g}"), strict=False
    ):
        _lines(axes, paths[paths["strength"] == strength], BLUE, lw=0.7)
        axes.set_xlim(paths["time"].min(), paths["time"].max())
        axes.set_xscale("log")
        axes.set_ylabel(r"angle $\theta$")
        axes.set_title(title)
    ends = table[
        (table["part"] == "clusters") & (table["time"] == table.loc[table["part"] == "clusters", "time"].max())
    ]
    shares = pd.crosstab(ends["strength"], ends["value"])
    shares = shares.div(shares.sum(axis=1), axis=0)
    base = np.zeros(len(shares))
    width = 0.8 * (shares.index[1] - shares.index[0]) if len(shares) > 1 else 0.1
    for number, colour in zip(shares.columns, (BLUE, RED, GREEN, ORANGE, INK), strict=False):
        label = f"{int(number)} cluster" + ("s" if number > 1 else "")
        panels[2].bar(shares.index, shares[number], width, base, color=colour, label=label)
        base += shares[number].to_numpy()
    panels[2].set(xlabel="strength of the feed-forward part", ylabel="share of runs at the end", ylim=(0, 1))
    panels[2].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1, handlelength=1.0)


def energy(partition: str, tokens: int) -> Figure:
    """Speeds with and without Z, the energy along both flows, and the energy of the fixed points."""
    table = read_csv(partition, ["part", "model", "number", "time", "energy", "speed", "other_speed", "unstable"])
    runs, fixed = table[table["part"] == "run"], table[table["part"] == "fixed"]
    figure, (left, middle, right) = new_figure(DOUBLE, 2.6, columns=3)
    usa = runs[runs["model"] == "usa"]
    seen = usa[usa["speed"] > 1e-12]
    left.loglog(seen["speed"], seen["other_speed"], color=BLUE, ls="none", marker=".", ms=2.5, mew=0, alpha=0.7)
    ends = np.array([seen["speed"].min(), seen["speed"].max()])
    left.loglog(ends, ends, color=INK, lw=0.7, ls="--", label="equal")
    left.loglog(ends, tokens * ends, color=GREY, lw=0.7, ls=":", label=f"{tokens} times")
    left.set(xlabel="largest speed without $Z$", ylabel="largest speed with $Z$")
    left.legend(loc="upper left")
    for model, colour, label in (("usa", BLUE, "without $Z$"), ("sa", RED, "with $Z$")):
        for number, run in runs[runs["model"] == model].groupby("number"):
            middle.semilogx(
                run["time"].iloc[1:], run["energy"].iloc[1:], color=colour, lw=0.8, label=label if number == 0 else None
            )  # fmt: skip
    middle.axhline(1, color=INK, lw=0.7, ls="--")
    middle.set(xlabel="time $s$", ylabel="energy / energy of consensus", ylim=(0, 1.04))
    middle.legend(loc="lower right")
    for model, colour, marker, size, label in (
        ("usa", BLUE, "o", 5.5, "without $Z$"), ("sa", RED, "x", 3.5, "with $Z$"),
    ):  # fmt: skip
        mine = fixed[fixed["model"] == model]
        right.plot(
            mine["unstable"], mine["energy"], color=colour, ls="none", marker=marker, ms=size, mfc="none", mew=0.9, label=label
        )  # fmt: skip
    right.axhline(1, color=INK, lw=0.7, ls="--")
    right.set(xlabel="unstable directions", ylabel="energy of a fixed point", ylim=(0, 1.04))
    right.set_xticks(range(int(fixed["unstable"].max()) + 1))
    right.legend(loc="upper right", bbox_to_anchor=(1, 0.95))
    for axes, letter in zip((left, middle, right), "abc", strict=True):
        panel_label(axes, letter)
    return figure


def exits(exits: str, unfolding: str, rates: list[float]) -> Figure:
    """The exit from a saddle along its fastest direction (above); a periodic state and one unfolded period of it (below)."""
    table = read_csv(exits, ["part", "epsilon", "number", "time", "x", "y"])
    figure, ((portrait, slopes), (circle, unfolded)) = new_figure(DOUBLE, 5.0, rows=2, columns=2)
    for _, path in table[table["part"] == "path"].groupby("number"):
        portrait.plot(path["x"], path["y"], color=BLUE, lw=0.6)
        portrait.plot(path["x"].iloc[0], path["y"].iloc[0], color=RED, marker="o", ms=1.8)
    portrait.set(xlabel=rf"$x$ (rate {rates[0]:g})", ylabel=rf"$y$ (rate {rates[1]:g})")
    portrait.set_aspect("equal", adjustable="datalim")
    gone = table[table["part"] == "exit"].assign(ratio=lambda t: (t["y"] / t["x"]).abs())
    median = gone.groupby("epsilon")["ratio"].median()
    slopes.loglog(median.index, median, color=BLUE, ls="none", marker="o", ms=3.5, label="median of all paths")
    power = 1 - rates[1] / rates[0]
    line = median.iloc[0] * (median.index / median.index[0]) ** power
    slopes.loglog(median.index, line, color=INK, lw=0.8, ls="--", label=r"$\varepsilon^{1 - \lambda_2/\lambda_1}$")
    slopes.set(xlabel=r"radius of the starts $\varepsilon$", ylabel=r"$|y/x|$ at the exit")
    slopes.yaxis.set_minor_formatter(plt.NullFormatter())
    slopes.legend(loc="upper left")
    paths = read_csv(unfolding, ["part", "number", "time", "value"])
    around, alone = (paths[paths["part"] == part] for part in ("circle", "unfolded"))
    count, tokens = around["number"].nunique(), alone["number"].nunique()
    for period in range(count // tokens):
        colour = CATEGORIES[period % len(CATEGORIES)]
        _lines(circle, around[around["number"] // tokens == period], colour, lw=0.6)
    _lines(unfolded, alone, INK, lw=0.6)
    circle.set_ylabel(r"angle $\theta$ on the circle")
    unfolded.set_ylabel(rf"angle $\varphi$ = {count // tokens}$\theta$, unfolded")
    for axes, letter in zip((portrait, slopes, circle, unfolded), "abcd", strict=True):
        panel_label(axes, letter)
    return figure


def harmonics(harmonics: str) -> Figure:
    """A random harmonic of the fastest degree on the sphere with the tokens when clusters have formed, and the numbers of both."""
    table = read_csv(harmonics, ["beta", "degree", "run", "part", "x", "y", "z", "value"])
    betas = sorted(table["beta"].unique())
    shown = sorted(table.loc[table["part"] == "token", "run"].unique())[:3]
    figure, panels = new_figure(
        DOUBLE, 0.45 + 1.75 * len(betas), rows=len(betas), columns=len(shown) + 1, squeeze=False,
        gridspec_kw={"width_ratios": [1.0] * len(shown) + [1.25]},
    )  # fmt: skip
    for row, beta in enumerate(betas):
        mine = table[table["beta"] == beta]
        for column, run in enumerate(shown):
            image = _sphere(panels[row, column], mine[mine["run"] == run])
            panel_label(panels[row, column], "abcdefgh"[row * (len(shown) + 1) + column])
        degree = int(mine["degree"].iloc[0])
        panels[row, 0].text(
            -0.16, 0.5, rf"$\beta$ = {beta:g}, degree {degree}", transform=panels[row, 0].transAxes, rotation=90, va="center",
            ha="center", fontsize=8,
        )  # fmt: skip
        _numbers(panels[row, -1], mine)
        panel_label(panels[row, -1], "abcdefgh"[row * (len(shown) + 1) + len(shown)])
    bar = figure.colorbar(image, ax=panels[:, : len(shown)], location="bottom", aspect=40, pad=0.01, shrink=0.6)
    bar.set_ticks([-1, 0, 1])
    bar.set_label("$Y$ over its largest value")
    bar.outline.set_linewidth(0.4)
    return figure


def _sphere(axes: Axes, run: pd.DataFrame, pixels: int = 420):
    view = View(35.0, 20.0)
    parts = {name: rows for name, rows in run.groupby("part")}
    known = parts["harmonic"]
    grid = (np.arange(pixels) + 0.5) / pixels * 2 - 1
    u, v = np.meshgrid(grid, grid)
    radius = np.hypot(u, v)
    local = np.stack([u, v, np.sqrt(np.maximum(1 - radius**2, 0))], axis=-1) @ view.axes()
    distance, near = cKDTree(known[["x", "y", "z"]].to_numpy()).query(local.reshape(-1, 3), 16)
    weights = np.exp(-((distance / SMOOTH) ** 2))
    values = (weights * known["value"].to_numpy()[near]).sum(axis=1) / weights.sum(axis=1)
    values = np.where(radius <= 1, values.reshape(radius.shape) / known["value"].abs().max(), np.nan)
    image = axes.imshow(
        values, extent=(-1, 1, -1, 1), origin="lower", cmap=DIVERGING, norm=Normalize(-1, 1), alpha=0.65, zorder=1
    )
    axes.add_patch(plt.Circle((0, 0), 1, fill=False, color=GREY, lw=0.6, zorder=2))
    tokens = view.project(parts["token"][["x", "y", "z"]].to_numpy())
    tokens = tokens[tokens[:, 2] > 0]
    axes.scatter(tokens[:, 0], tokens[:, 1], s=2.2, color=INK, linewidths=0, zorder=5)
    tops = view.project(parts["maximum"][["x", "y", "z"]].to_numpy())
    tops = tops[tops[:, 2] > 0]
    axes.plot(
        tops[:, 0], tops[:, 1], color=INK, ls="none", marker="o", ms=9, mfc="none", mew=0.8, zorder=6, clip_on=False
    )
    axes.set(xlim=(-1.06, 1.06), ylim=(-1.06, 1.06))
    axes.set_aspect("equal")
    axes.axis("off")
    return image


def _numbers(axes: Axes, table: pd.DataFrame) -> None:
    counts = pd.crosstab(table["run"], table["part"]).reindex(columns=["maximum", "cluster"], fill_value=0)
    pairs = counts.groupby(["maximum", "cluster"]).size()
    top = int(counts.to_numpy().max()) + 1
    axes.plot([0, top], [0, top], color=GREY, lw=0.7, ls="--")
    for (maxima, clusters), number in pairs.items():
        axes.text(maxima, clusters, f"{number}", ha="center", va="center", fontsize=7, color=BLUE, bbox={
            "boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": BLUE, "linewidth": 0.8,
        })  # fmt: skip
    low = int(counts.to_numpy().min()) - 1
    axes.set(xlim=(low, top), ylim=(low, top), xlabel="maxima of $Y$", ylabel="clusters", title="number of runs")
    axes.xaxis.set_major_locator(plt.MaxNLocator(integer=True, nbins=5))
    axes.yaxis.set_major_locator(plt.MaxNLocator(integer=True, nbins=5))
    axes.set_aspect("equal")
