"""Continuation, coexistence, phase diagram and finite size of the mean-field map."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, LogNorm, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from attention_atlas.drawing.style import (
    BLUE,
    DOUBLE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    YELLOW,
    new_figure,
    panel_label,
)
from attention_atlas.papers.mean_field.drawing.diagrams import (
    CLASS_COLOURS,
    class_handles,
    class_legend,
    density_image,
    draw_classes,
    draw_density,
)

__all__ = ["draw_coexistence", "draw_continuation", "draw_finite_size", "draw_phase_diagram", "draw_slices"]

# Periods that get a colour of their own in the coexistence figure; others share one
PERIOD_COLOURS = [SKY, BLUE, PURPLE, YELLOW]
# Below this largest exponent a chaotic attractor is called weakly chaotic.
WEAK = 0.05
# What only a chain that begins inside the range finds.
ELSEWHERE = ORANGE
# Values that the diagram from the common start needs in a range to be shown.
FEWEST_COLUMNS = 50


def draw_continuation(
    common: Mapping[str, NDArray], followed: Mapping[str, NDArray], table: pd.DataFrame, interpolation: str
) -> Figure:
    """The diagram from the common start over the chains that go through the whole range, right and left, with their classes.

    Chains 0 and 1 of ``followed`` go through; what only the others find has a colour of its own.
    """
    low, high = float(followed["low"]), float(followed["high"])
    grid = np.unique(followed["beta"])
    near = (common["values"] >= grid[0] - 1e-9) & (common["values"] <= grid[-1] + 1e-9)
    # a diagram with few values in this range would be blocks of colour
    beside = bool(near.sum() >= min(FEWEST_COLUMNS, grid.size))
    heights = [*([2.2] if beside else []), 2.2, 0.14, 2.2, 0.14]
    figure, panels = new_figure(
        DOUBLE, 6.0 if beside else 4.2, rows=len(heights), sharex=True, gridspec_kw={"height_ratios": heights}
    )
    right, right_strip, left, left_strip = panels[-4:]
    first = panels[0]
    if beside:
        inside = slice(*_rows(common, low, high))
        counts, sliced = common["all"][near][:, inside], common["sliced"][near][:, inside]
        image = density_image(counts, sliced, common["few"][near])
        draw_density(first, common["values"][near], image, low, high, interpolation)
    for axes, strip, chain in ((right, right_strip, 0), (left, left_strip, 1)):
        through = followed["chain"] == chain
        others = ~through & (followed["chain"] % 2 == chain)
        main = table[table["chain"] == chain].set_index("beta").reindex(grid)
        regular = main["period"].fillna(0) > 0
        counts = _summed(followed["all"][through], followed["beta"][through], grid)
        image = density_image(counts, np.zeros_like(counts), regular.to_numpy(), thicken=1)
        # elsewhere: what only chains that begin inside the range find
        found = _summed(followed["all"][others], followed["beta"][others], grid)
        image[((found > 0) & (counts == 0)).T & (image == 1).all(axis=-1)] = to_rgb(ELSEWHERE)
        draw_density(axes, grid, image, low, high, interpolation)
        draw_classes(strip, grid, main["class"].fillna("none"), main["period"].fillna(0).astype(int))
        inside_starts = np.unique(table.loc[~table["chain"].isin([0, 1]), "start_beta"])
        for beta, colour in ((grid[0 if chain == 0 else -1], INK), *((beta, ELSEWHERE) for beta in inside_starts)):
            axes.plot(
                [beta],
                [0.0],
                marker=">" if chain == 0 else "<",
                color=colour,
                ms=4,
                clip_on=False,
                zorder=5,
                transform=axes.get_xaxis_transform(),
            )
    used = np.flatnonzero(followed["all"].any(axis=0))
    bins = followed["all"].shape[1]
    edges = (
        (low + (high - low) * used[0] / bins, low + (high - low) * (used[-1] + 1) / bins) if used.size else (low, high)
    )
    named = [(right, "followed to the right"), (left, "followed to the left")]
    if beside:
        named = [(first, "common start"), *named]
    for letter, (axes, text) in zip("abc", named, strict=False):
        axes.set_ylim(*edges)
        axes.set_ylabel(r"$m^{\mathrm{o,se}}_1$")
        axes.text(0.0, 1.03, text, transform=axes.transAxes, va="bottom", fontsize=8)
        panel_label(axes, letter)
    class_legend(first, set(table["class"]))
    left_strip.set_xlabel(r"$\beta$   (arrowheads: where chains begin; orange: found only by chains that begin inside)")
    left_strip.tick_params(axis="x", length=3)
    first.set_xlim(grid[0], grid[-1])
    figure.align_ylabels([axes for axes, _ in named])
    return figure


def _rows(picture: Mapping[str, NDArray], low: float, high: float) -> tuple[int, int]:
    """First and last bin of a picture that lie in [low, high]."""
    own_low, own_high, bins = float(picture["low"]), float(picture["high"]), picture["all"].shape[1]
    scale = bins / (own_high - own_low)
    return max(0, round((low - own_low) * scale)), min(bins, round((high - own_low) * scale))


def _summed(counts: NDArray, betas: NDArray, grid: NDArray) -> NDArray:
    """Histograms of several chains added up on the grid."""
    total = np.zeros((len(grid), counts.shape[1]), dtype=np.int64)
    np.add.at(total, np.searchsorted(grid, betas), counts)
    return total


def _kind(row: pd.Series, periods: list[int]) -> str:
    if row["class"] == "chaotic":
        return "chaotic" if row["lyapunov_1"] > WEAK else "weakly chaotic"
    if row["class"] in ("quasi-periodic", "2-torus", "hyperchaotic"):
        return str(row["class"])
    return f"period {row['period']}" if row["period"] in periods else "other periodic"


def draw_coexistence(table: pd.DataFrame, matches: pd.DataFrame) -> Figure:
    """Shares of the attractors against beta over their largest exponents; rings mark the published run."""
    regular = table[(table["period"] > 0)].groupby("period")["runs"].sum().sort_values(ascending=False)
    periods = sorted(int(period) for period in regular.index[: len(PERIOD_COLOURS)])
    table = table.assign(kind=table.apply(_kind, axis=1, periods=periods))
    colours = {f"period {period}": colour for period, colour in zip(periods, PERIOD_COLOURS, strict=False)}
    colours |= {"other periodic": "#C9CED6", "quasi-periodic": GREEN, "weakly chaotic": ORANGE, "chaotic": RED}
    colours |= {name: CLASS_COLOURS[name] for name in ("2-torus", "hyperchaotic")}
    betas = np.unique(table["beta"])
    figure, (top, late, bottom) = new_figure(
        DOUBLE, 4.6, rows=3, sharex=True, gridspec_kw={"height_ratios": [1.5, 0.6, 1.6]}
    )
    shares = table.pivot_table(index="beta", columns="kind", values="share", aggfunc="sum").reindex(betas).fillna(0.0)
    kinds = [kind for kind in colours if kind in shares]
    top.stackplot(betas, [shares[kind] for kind in kinds], colors=[colours[kind] for kind in kinds], lw=0, step="mid")
    top.set_ylim(0, 1)
    top.set_ylabel("share of the starts")
    handles = [Patch(facecolor=colours[kind], label=kind) for kind in kinds]
    top.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.03, 1.0), ncols=4, handlelength=1.0)
    arrivals = table.groupby("beta")["late_runs"].sum() / table.groupby("beta")["runs"].sum()
    late.fill_between(betas, arrivals.reindex(betas), color=GREY, lw=0, step="mid")
    late.set_ylabel("arrived\nlate")
    late.set_ylim(bottom=0)
    for kind in kinds:
        rows = table[(table["kind"] == kind) & (table["runs"] > table["late_runs"])]
        bottom.plot(rows["beta"], rows["lyapunov_1"], ls="none", marker=".", ms=3, mew=0, color=colours[kind])
    _mark_published(bottom, matches)
    bottom.axhline(0, color=INK, lw=0.5)
    bottom.set_ylabel(r"$\lambda_1$")
    bottom.set_xlabel(r"$\beta$")
    bottom.set_xlim(betas[0], betas[-1])
    for axes, letter in zip((top, late, bottom), "abc", strict=True):
        panel_label(axes, letter)
    figure.align_ylabels([top, late, bottom])
    return figure


def _mark_published(axes: Axes, matches: pd.DataFrame) -> None:
    """Rings where a published run was on one attractor, crosses where it was chaotic first."""
    if matches.empty:
        return
    for kind, marker, label in (
        ("attractor", "o", "published run"),
        ("transient", "x", "published run, chaotic at first"),
        ("none", "s", "published run, none of these"),
    ):
        rows = matches[matches["kind"] == kind]
        if len(rows):
            axes.plot(
                rows["beta"],
                rows["published_1"],
                ls="none",
                marker=marker,
                ms=4,
                mfc="none",
                mec=INK,
                mew=0.7,
                label=label,
            )
    # below zero on the right: chaotic attractors leave that corner free
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -0.4 * high), high)
    axes.legend(loc="lower right")


def draw_phase_diagram(diagram: Mapping[str, NDArray]) -> Figure:
    """Number of distinct values on the slice, and class of the attractor, over (beta_att, beta)."""
    figure, (left, right) = new_figure(DOUBLE, 3.4, columns=2, sharey=True)
    x, y = diagram["beta_att"], diagram["beta"]
    half_x, half_y = 0.5 * (x[-1] - x[0]) / max(len(x) - 1, 1), 0.5 * (y[-1] - y[0]) / max(len(y) - 1, 1)
    extent = (x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y)
    distinct = np.where(diagram["distinct_slice"] > 0, diagram["distinct_slice"], np.nan)
    top = max(2.0, float(np.nanmax(distinct, initial=2.0)))
    shown = left.imshow(
        distinct,
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap="cividis",
        norm=LogNorm(1, top),
        interpolation="nearest",
    )
    left.set_facecolor("#ECECEC")
    bar = figure.colorbar(shown, ax=left, shrink=0.9, aspect=25, label="distinct values on the slice (grey: none)")
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if tick <= top]
    bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
    bar.minorticks_off()
    classes = ListedColormap(list(CLASS_COLOURS.values()))
    right.imshow(
        diagram["code"],
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap=classes,
        vmin=-0.5,
        vmax=len(CLASS_COLOURS) - 0.5,
        interpolation="nearest",
    )
    handles = class_handles([name for code, name in enumerate(CLASS_COLOURS) if (diagram["code"] == code).any()])
    right.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, handlelength=1.0, columnspacing=0.8
    )
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_xlabel(r"$\beta_{\mathrm{att}}$")
        panel_label(axes, letter)
    left.set_ylabel(r"$\beta$")
    return figure


def draw_finite_size(errors: pd.DataFrame, trajectories: pd.DataFrame, beta: float) -> Figure:
    """Trajectories of networks beside the map, and their error against the number of spins."""
    sizes = sorted(errors["spins"].unique())
    figure = new_figure(DOUBLE, 4.0)[0]
    figure.clear()
    grid = figure.add_gridspec(len(sizes), 2, width_ratios=[1.35, 1.0])
    step = trajectories["step"]
    axes = None
    for row, spins in enumerate(sizes):
        axes = figure.add_subplot(grid[row, 0], sharex=axes, sharey=axes)
        axes.plot(step, trajectories["map_m_1"], color="#B9C4CF", lw=1.6, label="map")
        axes.plot(step, trajectories[f"{spins}_m_1"], color=RED, lw=0.5, label="network")
        axes.text(1.01, 0.5, f"{spins:,}".replace(",", " "), transform=axes.transAxes, va="center", fontsize=7)
        axes.tick_params(labelbottom=row == len(sizes) - 1)
        if row == 0:
            handles = [Line2D([], [], color="#B9C4CF", lw=1.6), Line2D([], [], color=RED, lw=0.7)]
            axes.legend(handles, ["map", "network of N spins"], loc="lower left", bbox_to_anchor=(0, 0.95), ncols=2)
            axes.text(1.01, 1.1, "N", transform=axes.transAxes, fontsize=7)
            panel_label(axes, "a")
        axes.set_ylabel(r"$m_1$")
    if axes is not None:
        axes.set_xlabel("step")
        axes.set_xlim(0, step.iloc[-1])
    _draw_errors(figure.add_subplot(grid[:, 1]), errors, beta)
    return figure


def _draw_errors(axes: Axes, errors: pd.DataFrame, beta: float) -> None:
    colours = [BLUE, GREEN, ORANGE, PURPLE]
    for number, (step, rows) in enumerate(errors.groupby("step")):
        mean = rows.assign(square=rows["error"] ** 2).groupby("spins")["square"].mean() ** 0.5
        colour = colours[number % len(colours)]
        unit = "step" if step == 1 else "steps"
        axes.loglog(mean.index, mean, marker="o", ms=3.5, lw=0.8, color=colour, label=f"after {step} {unit}")
    first = errors[errors["step"] == errors["step"].min()].dropna(subset="theory")
    if len(first):
        law = first.groupby("spins")["theory"].first()
        axes.loglog(law.index, law, color=INK, lw=0.8, ls="--", label="independent spins, slope −1/2")
    axes.set_xlabel("number of spins N")
    axes.set_ylabel(r"root mean square error of $m$")
    axes.set_title(rf"$\beta$ = {beta:g}")
    axes.legend(loc="lower left")
    panel_label(axes, "b")


def draw_slices(picture: Mapping[str, NDArray], pairs: Sequence[str], half_width: float, interpolation: str) -> Figure:
    """Diagrams over beta, a panel a pair such as ``m1_A2``: m_1 in a light shade, in ink where |A_2| <= half_width.

    ``picture`` holds values, low, high, and for each pair <pair>_all, <pair>_sliced (values, bins) and <pair>_few (values,).
    """
    rows = -(-len(pairs) // 2)
    figure, panels = new_figure(DOUBLE, 0.3 + 1.9 * rows, rows=rows, columns=2, sharex=True, squeeze=False)
    values, low, high = picture["values"], float(picture["low"]), float(picture["high"])
    for axes, pair, letter in zip(panels.flat, pairs, "abcdefghijklmnopqrstuvwxyz", strict=False):
        counts = picture[f"{pair}_all"]
        image = density_image(counts, picture[f"{pair}_sliced"], picture[f"{pair}_few"])
        draw_density(axes, values, image, low, high, interpolation)
        used = np.flatnonzero(counts.any(axis=0))
        if used.size:
            edges = low + (high - low) * np.array([used[0], used[-1] + 1]) / counts.shape[1]
            margin = 0.04 * np.ptp(edges)
            axes.set_ylim(edges[0] - margin, edges[1] + margin)
        quantity, on = (f"{name[0]}_{name[1]}" for name in pair.split("_"))
        axes.set_ylabel(f"${quantity}$", labelpad=1)
        axes.set_title(rf"slice $|{on}| \leq {half_width:g}$", loc="right", fontsize=7, pad=2)
        panel_label(axes, letter)
    for axes in list(panels.flat)[len(pairs) :]:
        axes.set_axis_off()
    for axes in panels[-1]:
        axes.set_xlabel(r"$\beta$")
        axes.set_xlim(values[0], values[-1])
    figure.align_ylabels()
    return figure
