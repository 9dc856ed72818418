"""Portraits of single orbits: runs from tokens, a network beside the map, neighbouring runs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, GREY, INK, RED, new_figure, panel_label
from attention_atlas.papers.mean_field.drawing.orbits import density, share_bar

__all__ = ["class_name", "draw_neighbours", "draw_network", "draw_token_runs"]

SOURCES = {
    "definition": "row of $W^o$",
    "value": "row of $W^v$",
    "query": "row of $W^q$",
    "key": "row of $W^k$",
    "random": "random spins",
}
# First steps of the runs from tokens that are drawn as a series
FIRST_STEPS = 250
# Cells along a side of their small planes
TOKEN_BINS = 130


def class_name(row: pd.Series) -> str:
    """Class of an orbit, or its period."""
    return f"period {row['period']}" if row["period"] > 0 else str(row["class"])


def draw_token_runs(orbits: Mapping[str, NDArray], table: pd.DataFrame) -> Figure:
    """A row a token: m_1 over the first steps, and the planes (m_1, m_2) and (A_1, A_3) of the second half of the run.

    ``orbits`` holds observables and attention (tokens, steps, M); ``table`` a row a token with source, class and exponents.
    """
    figure, panels = new_figure(
        DOUBLE,
        0.6 + 1.35 * len(table),
        rows=len(table),
        columns=3,
        squeeze=False,
        gridspec_kw={"width_ratios": [2.6, 1, 1]},
    )
    half, last = orbits["observables"].shape[1] // 2, orbits["observables"].shape[2] - 1
    for (series, left, right), m, a, (_, row) in zip(
        panels, orbits["observables"], orbits["attention"], table.iterrows(), strict=True
    ):
        shown = m[:FIRST_STEPS, 0]
        series.plot(np.arange(1, len(shown) + 1), shown, color=BLUE, lw=0.5, marker="o", ms=1.3, mew=0)
        series.set_xlim(0, len(shown))
        series.set_ylabel("$m_1$")
        exponents = ", ".join(
            rf"$\lambda_{k}$ = {round(row[f'lyapunov_{k}'], 4) + 0.0:.4f}" for k in (1, 2) if f"lyapunov_{k}" in row
        )
        series.set_title(f"{SOURCES[row['source']]}: {class_name(row)}, {exponents}", loc="left", pad=3)
        for axes, points, second, letter in ((left, m, min(1, last), "m"), (right, a, last, "A")):
            density(axes, points[half:, 0], points[half:, second], bins=TOKEN_BINS)
            axes.locator_params(nbins=4)
            axes.set_ylabel(f"${letter}_{second + 1}$", labelpad=0)
    panels[-1, 0].set_xlabel("step")
    panels[-1, 1].set_xlabel("$m_1$")
    panels[-1, 2].set_xlabel("$A_1$")
    share_bar(figure, panels)
    for axes, letter in zip(panels[0], "abc", strict=True):
        panel_label(axes, letter)
    figure.align_ylabels()
    return figure


def draw_network(orbits: Mapping[str, NDArray], table: pd.DataFrame) -> Figure:
    """Planes (m_1, m_2) and (A_1, A_3) of the map and of the network from the first token, side by side on the same axes,
    without the first quarter of the steps.

    ``orbits`` as for ``draw_token_runs``, with network_observables and network_attention (steps, M).
    """
    figure, panels = new_figure(DOUBLE, 6.4, rows=2, columns=2, sharex="row", sharey="row")
    last = orbits["observables"].shape[2] - 1
    spins = f"{int(table['spins'].iloc[0]):,}".replace(",", " ")
    for row, (name, letter, second) in zip(
        panels, (("observables", "m", min(1, last)), ("attention", "A", last)), strict=True
    ):
        settled = orbits[name].shape[1] // 4
        pair = (orbits[name][0, settled:], orbits[f"network_{name}"][settled:])
        wide, high = ((min(p[:, k].min() for p in pair), max(p[:, k].max() for p in pair)) for k in (0, second))
        for axes, points, title in zip(row, pair, ("map, N infinite", f"network of N = {spins} spins"), strict=True):
            density(axes, points[:, 0], points[:, second], wide, high)
            axes.set_title(title)
            axes.set_xlabel(f"${letter}_1$", labelpad=1)
            axes.set_box_aspect(0.9)
        row[0].set_ylabel(f"${letter}_{second + 1}$")
    share_bar(figure, panels)
    for axes, letter in zip(panels.flat, "abcd", strict=True):
        panel_label(axes, letter)
    figure.align_ylabels(panels[:, 0])
    return figure


def draw_neighbours(curves: Mapping[str, NDArray], table: pd.DataFrame) -> Figure:
    """Distance of neighbouring runs against time with the slope of the exponent, one pair, and slopes against exponents.

    Parameters
    ----------
    curves : mean_log, low and high (betas, steps), decimal logarithms of the distance, and example (betas, 2, steps)
    table : a row a beta with slope, lyapunov_1, their errors, first_step and last_step
    """
    figure = new_figure(DOUBLE, 4.6)[0]
    figure.clear()
    grid = figure.add_gridspec(2, 2, height_ratios=[1.7, 1.0], width_ratios=[1.7, 1.0])
    distance, scatter, pair = (figure.add_subplot(place) for place in (grid[0, 0], grid[0, 1], grid[1, :]))
    chaotic = table[table["lyapunov_1"] > 1e-2]
    end = int(2 * chaotic["last_step"].max()) if len(chaotic) else curves["mean_log"].shape[1]
    end = min(end, curves["mean_log"].shape[1])
    steps = np.arange(1, end + 1)
    for number, row in table.iterrows():
        colour = CATEGORIES[number % len(CATEGORIES)]
        mean = curves["mean_log"][number][:end]
        distance.fill_between(
            steps, 10 ** curves["low"][number][:end], 10 ** curves["high"][number][:end], color=colour, alpha=0.1, lw=0
        )
        distance.semilogy(steps, 10**mean, color=colour, lw=1.0, label=rf"$\beta$ = {row['beta']:g}")
        first, last = int(row["first_step"]), min(int(row["last_step"]), end)
        if first < last:
            fitted = np.arange(first, last)
            middle = mean[first:last].mean() + row["lyapunov_1"] / np.log(10) * (fitted - fitted.mean())
            distance.semilogy(fitted, 10**middle, color=INK, lw=0.9, ls="--")
        scatter.errorbar(
            row["lyapunov_1"],
            row["slope"],
            xerr=row["error_1"],
            yerr=row["slope_error"],
            color=colour,
            marker="o",
            ms=3.5,
            lw=0.8,
        )
    distance.plot([], [], color=INK, lw=0.9, ls="--", label=r"slope $\lambda_1$")
    distance.set(xlabel="step", ylabel="distance of the windows", xlim=(0, end))
    distance.legend(loc="lower left", bbox_to_anchor=(0.06, 0.99), ncols=3)
    top = 1.15 * max(table["lyapunov_1"].max(), table["slope"].max(), 1e-3)
    scatter.plot([-0.1 * top, top], [-0.1 * top, top], color=GREY, lw=0.6, zorder=0)
    scatter.set(xlabel=r"exponent $\lambda_1$", ylabel="fitted slope", xlim=(-0.08 * top, top), ylim=(-0.08 * top, top))
    shown = int(table["lyapunov_1"].to_numpy().argmax())
    one, other = curves["example"][shown][:, :end]
    pair.plot(steps, one, color=BLUE, lw=0.9, label="run")
    pair.plot(steps, other, color=RED, lw=0.7, ls="--", label="its neighbour")
    pair.set(xlabel="step", ylabel="$m_1$", xlim=(0, end))
    pair.set_title(rf"$\beta$ = {table['beta'].iloc[shown]:g}")
    pair.legend(loc="lower left", bbox_to_anchor=(0.06, 0.98), ncols=2)
    for axes, letter in ((distance, "a"), (scatter, "b"), (pair, "c")):
        panel_label(axes, letter)
    return figure
