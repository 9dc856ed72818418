"""Pictures of the linear theory: growth rates, the staircase k_max(beta), fitted rates, exit times."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from attention_atlas.drawing.style import (
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    SEQUENTIAL,
    SINGLE,
    new_figure,
    panel_label,
    plt,
)

__all__ = ["draw_exit_times", "draw_growth_rates", "draw_linear_phase"]


def _degree_colours(count: int) -> ListedColormap:
    # the lightest yellow would vanish on white
    return ListedColormap(plt.get_cmap(SEQUENTIAL)(np.linspace(0, 0.92, count)))


def draw_growth_rates(rates: pd.DataFrame, staircase: pd.DataFrame) -> Figure:
    """One panel a dimension: rates relative to e^beta against beta, coloured by degree; below, k_max(beta)."""
    dimensions = sorted(rates["d"].unique())
    figure, panels = new_figure(DOUBLE, 4.6, rows=2, columns=len(dimensions), squeeze=False, sharex="row", sharey="row")
    degrees = np.sort(rates["k"].unique())
    colours = _degree_colours(len(degrees))
    for column, dimension in enumerate(dimensions):
        top, bottom = panels[0, column], panels[1, column]
        mine = rates[rates["d"] == dimension]
        for index, (degree, line) in enumerate(mine.groupby("k")):
            top.plot(line["beta"], line["sa_rate"], color=colours(index), lw=1.0)
            peak = line.loc[line["sa_rate"].idxmax()]
            if line["beta"].min() < peak["beta"] < 0.9 * line["beta"].max():
                top.text(peak["beta"], peak["sa_rate"] + 0.012, f"{degree}", fontsize=5.5, ha="center", va="bottom")
        name = "circle" if dimension == 2 else f"$S^{{{dimension - 1}}}$"
        top.set_title(f"{name}  ($d$ = {dimension})")
        stairs = staircase[staircase["d"] == dimension]
        bottom.step(stairs["beta"], stairs["k_max"], where="mid", color=CATEGORIES[0], lw=1.2, label=r"$k_{\max}$")
        limit = r"$\sqrt{2\beta}$" if dimension == 2 else rf"$\sqrt{{2\beta}} - {(dimension - 2) / 2:g}$"
        shown = stairs[stairs["large_beta_limit"] > 0]
        bottom.plot(shown["beta"], shown["large_beta_limit"], color=INK, lw=0.8, ls="--", label=limit)
        bottom.legend(loc="lower right")
        top.set_xlabel(r"$\beta$")
        bottom.set_xlabel(r"$\beta$")
        panel_label(top, "abcdefgh"[column])
        panel_label(bottom, "abcdefgh"[len(dimensions) + column])
    panels[0, 0].set_ylabel(r"growth rate $\lambda_k$, SA")
    panels[1, 0].set_ylabel(r"fastest degree $k_{\max}$")
    panels[1, 0].set_ylim(bottom=0)
    panels[0, 0].set_ylim(bottom=0)
    bounds = np.arange(degrees[0] - 0.5, degrees[-1] + 1)
    bar = figure.colorbar(
        ScalarMappable(BoundaryNorm(bounds, len(degrees)), colours),
        ax=panels[0],
        ticks=degrees[::2],
        aspect=18,
        pad=0.01,
    )
    bar.set_label("degree $k$")
    bar.outline.set_linewidth(0.4)
    return figure


def draw_linear_phase(rates: pd.DataFrame, gains: pd.DataFrame) -> Figure:
    """Gains of the modes against time for each beta, and fitted rates beside theory."""
    betas = sorted(rates["beta"].unique())
    figure, panels = new_figure(DOUBLE, 4.4, rows=2, columns=len(betas), squeeze=False, sharey="row")
    for column, beta in enumerate(betas):
        top, bottom = panels[0, column], panels[1, column]
        mine = rates[rates["beta"] == beta]
        unit = (mine["theory"] / mine["share_of_largest"]).iloc[0]
        fast = mine[mine["share_of_largest"] >= 0.25].sort_values("share_of_largest", ascending=False).head(5)
        for colour, row in zip(CATEGORIES, fast.sort_values("k").itertuples(), strict=False):
            line = gains[(gains["beta"] == beta) & (gains["k"] == row.k)]
            time = line["scaled_time"] * unit * np.exp(-beta)
            top.plot(time, line["gain"], color=colour, ls="none", marker="o", ms=2.6, label=f"$k$ = {row.k}")
            top.plot(time, np.exp(row.share_of_largest * time), color=colour, lw=0.8)
        top.set_yscale("log")
        ticks = [tick for tick in (1, 2, 3, 5, 10, 20, 50, 100) if tick <= top.get_ylim()[1]]
        top.set_yticks(ticks, [f"{tick}" for tick in ticks])
        top.yaxis.set_minor_formatter(plt.NullFormatter())
        top.set_title(rf"$\beta$ = {beta:g}")
        top.set_xlabel(r"time $s\,\lambda_{\max}$")
        top.legend(loc="upper left", handletextpad=0.1, borderaxespad=0.1, fontsize=6)
        _rates_beside_theory(bottom, mine, unit)
        panel_label(top, "abcdefgh"[column])
        panel_label(bottom, "abcdefgh"[len(betas) + column])
    panels[0, 0].set_ylabel("gain of the amplitude")
    panels[1, 0].set_ylabel(r"rate $/\ \lambda_{\max}$")
    panels[1, 0].set_ylim(-0.15, 1.2)
    return figure


def _rates_beside_theory(axes: Axes, mine: pd.DataFrame, unit: float) -> None:
    axes.bar(mine["k"], mine["share_of_largest"], width=0.8, color="#D5DFE8", label="theory")
    shown = mine[mine["standard_error"] / unit < 0.2]
    axes.errorbar(
        shown["k"], shown["fitted_rate"] / unit, shown["standard_error"] / unit,
        color=CATEGORIES[1], ls="none", marker="o", ms=2.6, elinewidth=0.8, capsize=1.5, label="fitted",
    )  # fmt: skip
    axes.set_xlabel("mode $k$")
    axes.axhline(0, color=GREY, lw=0.4)
    axes.legend(loc="upper right", fontsize=6, borderaxespad=0.1)


def draw_exit_times(exits: pd.DataFrame, slopes: pd.DataFrame, settings: Mapping[str, Any]) -> Figure:
    """Mean exit time in units of 1/lambda_max against n, linear theory, and the asymptotic slope 1/2."""
    figure, axes = new_figure(SINGLE, 2.9)
    for colour, (beta, group) in zip(CATEGORIES, exits.groupby("beta"), strict=False):
        slope = slopes[slopes["beta"] == beta].iloc[0]
        unit = 0.5 / slope["asymptotic_slope"]
        axes.errorbar(
            group["particles"], group["exit_time"] * unit, 2 * group["standard_error"] * unit,
            color=colour, ls="none", marker="o", ms=3.2, elinewidth=0.8, capsize=1.5,
            label=rf"$\beta$ = {beta:g}: slope {slope['slope'] * unit:.3f} ± {slope['slope_error'] * unit:.3f}",
        )  # fmt: skip
        axes.plot(group["particles"], group["linear_theory"] * unit, color=colour, lw=0.9)
    particles = np.array([exits["particles"].min(), exits["particles"].max()], dtype=float)
    start = (exits["linear_theory"].max() * 0 + 0.5 * np.log(particles)) - 0.5 * np.log(particles[0])
    axes.plot(particles, start + 0.35, color=INK, lw=0.8, ls="--", label="slope 1/2")
    axes.set_xscale("log")
    axes.set_xlabel("particles $n$")
    axes.set_ylabel(r"mean exit time $s\,\lambda_{\max}$")
    axes.set_title(f"until $\\max_k |a_k|$ = {settings['size']:g};  lines: linear theory", fontsize=7)
    axes.legend(loc="upper left", fontsize=6)
    axes.set_ylim(bottom=0)
    return figure
