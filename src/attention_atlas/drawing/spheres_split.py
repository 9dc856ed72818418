"""Figure 2 of arXiv 2501.03096: one cluster, two antipodal clusters, or something else."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from attention_atlas.drawing.sphere import add_form_bar, draw_circle
from attention_atlas.drawing.style import BLUE, DOUBLE, GREY, INK, ORANGE, RED, SINGLE, new_figure, panel_label

__all__ = ["draw_split_circles", "draw_split_outcomes"]

OUTCOMES = {
    "single": ("one cluster", BLUE, "o"),
    "antipodal": ("two antipodal clusters", RED, "s"),
    "other": ("anything else", ORANGE, "^"),
}


def draw_split_outcomes(table: pd.DataFrame) -> Figure:
    """Fractions of the outcomes, mean end energy and smallest inner product against delta.

    ``table`` has the columns of fig2.csv: delta, single, antipodal, other (counts), mean_energy,
    top_dirac_energy, mean_min_abs_inner, blew_up.
    """
    figure, (top, middle, bottom) = new_figure(
        SINGLE, 4.6, rows=3, sharex=True, gridspec_kw={"height_ratios": [1.4, 1.2, 0.8]}
    )
    runs = table[["single", "antipodal", "other", "blew_up"]].sum(axis=1)
    for name, (label, colour, marker) in OUTCOMES.items():
        top.plot(table["delta"], table[name] / runs, color=colour, marker=marker, ms=3.5, label=label)
    if table["blew_up"].any():
        top.plot(table["delta"], table["blew_up"] / runs, color=GREY, marker="x", ms=4, label="blew up")
    top.set_ylabel("fraction of runs")
    top.set_ylim(-0.04, 1.04)
    top.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=6, handlelength=1.4, columnspacing=1.0)
    middle.plot(
        table["delta"], table["top_dirac_energy"], color=INK, lw=0.9, label=r"one point, $\exp(\lambda_{\max})$"
    )
    middle.plot(
        table["delta"], table["mean_energy"], color=BLUE, ls="none", marker="o", ms=3.5, label="mean end energy"
    )
    middle.set_ylabel("energy")
    middle.legend(loc="upper left")
    bottom.plot(table["delta"], table["mean_min_abs_inner"], color=BLUE, marker="o", ms=3.5)
    bottom.set_ylabel("smallest\n" + r"$|\langle x_i, x_j\rangle|$")
    low = min(0.999, table["mean_min_abs_inner"].min())
    bottom.set_ylim(low - 0.1 * (1 - low), 1 + 0.1 * (1 - low))
    bottom.ticklabel_format(axis="y", useOffset=False)
    bottom.set_xlabel(r"$\delta$")
    for axes, letter in zip((top, middle, bottom), "abc", strict=True):
        panel_label(axes, letter)
    figure.align_ylabels()
    return figure


def draw_split_circles(circles: pd.DataFrame, matrix: np.ndarray) -> Figure:
    """Three circles coloured by <x, Dx>, points with areas in proportion to their weights.

    ``circles`` has the columns configuration, x, y, weight, energy; an empty group (a run
    that blew up) leaves its circle empty.
    """
    titles = {"single": "one cluster", "antipodal": "antipodal pair", "end": "end of a run"}
    figure, panels = new_figure(DOUBLE, 2.3, columns=3)
    for axes, (name, title), letter in zip(panels, titles.items(), "abc", strict=True):
        draw_circle(axes, matrix)
        points = circles[circles["configuration"] == name]
        axes.scatter(
            points["x"], points["y"], s=14 + 80 * points["weight"], color=INK, edgecolors="white", lw=0.4, zorder=5
        )
        energy = f"\nE = {points['energy'].iloc[0]:.4f}" if len(points) else "\nblew up"
        axes.set_title(title + energy)
        for row in points.drop_duplicates("weight").itertuples():
            if row.weight > 0.01:
                for point in points[points["weight"] == row.weight].itertuples():
                    axes.text(
                        0.78 * point.x, 0.78 * point.y, f"{point.weight:.2g}", ha="center", va="center", fontsize=7
                    )
        panel_label(axes, letter)
    add_form_bar(figure, panels, matrix, shrink=0.8, aspect=18)
    return figure
