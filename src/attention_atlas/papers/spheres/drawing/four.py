"""Figures 4 and 7 of arXiv 2501.03096: four particles on the circle, and energies for indefinite D."""

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from attention_atlas.drawing.sphere import FORM_LABEL, draw_circle, form_colours, form_norm
from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREEN,
    INK,
    RED,
    SINGLE,
    new_figure,
    panel_label,
    plt,
)

__all__ = ["draw_four_circles", "draw_four_ratios", "draw_indefinite_energies"]

MARKERS = "osD^v<>"


def draw_four_ratios(table: pd.DataFrame) -> Figure:
    """Mean ratio against delta, a line for each step size, and below it the runs that do not converge.

    ``table`` has the columns of fig4.csv: delta, tau, mean_tanh_ratio, converged.
    """
    figure, (axes, strip) = new_figure(SINGLE, 3.4, rows=2, sharex=True, gridspec_kw={"height_ratios": [4, 1.2]})
    deltas = np.sort(table["delta"].unique())
    axes.plot(deltas, deltas, color=INK, lw=0.8, label=r"ratio = $\delta$")
    sizes = sorted(table["tau"].unique())
    for row, (tau, marker, colour) in enumerate(zip(sizes, MARKERS, CATEGORIES, strict=False)):
        line = table[table["tau"] == tau].sort_values("delta")
        good, bad = line[line["converged"]], line[~line["converged"]]
        # the lines lie on each other: open markers of falling size keep all of them visible
        style = {"color": colour, "marker": marker, "mfc": "none", "ls": "none"}
        axes.plot(
            good["delta"], good["mean_tanh_ratio"], ms=9 - 1.4 * row, mew=0.9, label=f"$\\tau$ = {tau:g}", **style
        )
        strip.plot(bad["delta"], np.full(len(bad), row), color=colour, marker="x", ms=4, ls="none")
    axes.set_ylabel(r"mean of $\tanh(D_{11}x_1^2)\,/\,\tanh(D_{22}x_2^2)$")
    axes.legend(loc="upper left")
    strip.set_yticks(range(len(sizes)), [f"{tau:g}" for tau in sizes], fontsize=6)
    strip.set_ylim(len(sizes) - 0.4, -0.6)
    strip.set_ylabel("$\\tau$ that\nfails")
    strip.set_xlabel(r"$\delta$")
    return figure


def draw_four_circles(table: pd.DataFrame) -> Figure:
    """A circle for each run, with its four particles at the end; columns circle, delta, tau, x, y, converged, first_entry."""
    groups = list(table.groupby("circle", sort=True))
    columns = min(3, len(groups))
    rows = -(-len(groups) // columns)
    figure, panels = new_figure(DOUBLE, 2.25 * rows + 0.2, rows=rows, columns=columns, squeeze=False)
    entries = table[["d11", "d22"]].to_numpy()
    scale = Normalize(entries.min(), max(entries.max(), entries.min() + 1e-9))
    for axes in panels.flat:
        axes.axis("off")
    for axes, (_, run), letter in zip(panels.flat, groups, "abcdefghijklmnop", strict=False):
        first = run.iloc[0]
        draw_circle(axes, np.diag([first["d11"], first["d22"]]), norm=scale)
        colour = INK if first["converged"] else RED
        axes.scatter(run["x"], run["y"], s=26, color=colour, edgecolors="white", lw=0.4, zorder=5)
        verdict = "" if first["converged"] else ", fails"
        axes.set_title(f"$\\delta$ = {first['delta']:g}, $\\tau$ = {first['tau']:g}{verdict}", color=colour)
        panel_label(axes, letter)
    bar = figure.colorbar(ScalarMappable(scale, form_colours()), ax=panels, shrink=0.7, aspect=22, pad=0.02)
    bar.set_label(FORM_LABEL)
    return figure


def draw_indefinite_energies(table: pd.DataFrame, first_entry: float) -> Figure:
    """Energies of three configurations against delta, and the configurations on circles (figure 7).

    ``table`` has the columns of fig7.csv: delta, single_at_e2, pair_on_e1, pair_on_e2.
    """
    names = {
        "single_at_e2": ("one point at $e_2$", BLUE, [(0, 1)]),
        "pair_on_e1": (r"pair $\pm e_1$", RED, [(1, 0), (-1, 0)]),
        "pair_on_e2": (r"pair $\pm e_2$", GREEN, [(0, 1), (0, -1)]),
    }
    figure = plt.figure(figsize=(DOUBLE, 2.6))
    grid = figure.add_gridspec(3, 2, width_ratios=[3.4, 1])
    axes = figure.add_subplot(grid[:, 0])
    for name, (label, colour, _) in names.items():
        axes.plot(table["delta"], table[name], color=colour, label=label)
    axes.set_xlabel(r"$\delta$")
    axes.set_ylabel("energy")
    axes.set_title(f"D = diag({first_entry:g}, ".replace("-", "−") + r"$\delta$)")
    axes.legend()
    middle = np.diag([first_entry, float(table["delta"].iloc[-1]) / 2])
    circles = []
    for row, (label, colour, points) in enumerate(names.values()):
        circle = figure.add_subplot(grid[row, 1])
        draw_circle(circle, middle, width=2.5)
        circles.append(circle)
        xs, ys = zip(*points, strict=True)
        circle.scatter(xs, ys, s=22, color=colour, edgecolors="white", lw=0.4, zorder=5)
        circle.set_title(label, fontsize=7, color=colour, pad=1)
    bar = figure.colorbar(
        ScalarMappable(form_norm(middle), form_colours()), ax=circles, shrink=0.8, aspect=24, pad=0.06
    )
    bar.set_label(f"{FORM_LABEL} for $\\delta$ = {middle[1, 1]:g}")
    return figure
