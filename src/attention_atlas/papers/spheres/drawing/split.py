"""Figure 2 of arXiv 2501.03096: one cluster, two antipodal clusters, or something else."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from attention_atlas.drawing.sphere import add_form_bar, draw_circle
from attention_atlas.drawing.style import BLUE, DOUBLE, GREY, INK, ORANGE, RED, SINGLE, new_figure, panel_label
from attention_atlas.geometry.sphere import cluster_centres, cluster_labels

__all__ = ["draw_split_circles", "draw_split_outcomes"]

# Points nearer than this, in radii of the circle, are drawn as one; more places than this get no numbers.
SAME_PLACE = 0.02
LABELLED_PLACES = 6
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
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
    top.legend(ncols=4, fontsize=6, handlelength=1.2, handletextpad=0.5, columnspacing=0.8, **place)
    middle.plot(
        table["delta"], table["top_dirac_energy"], color=INK, lw=0.9, label=r"one point, $\exp(\beta\lambda_{\max})$"
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


def _places(points: pd.DataFrame) -> np.ndarray:
    """Rows x, y, weight: particles that the eye cannot tell apart, added up at their centre."""
    if not len(points):
        return np.empty((0, 3))
    positions, weights = points[["x", "y"]].to_numpy(), points["weight"].to_numpy()
    labels = cluster_labels(positions, SAME_PLACE)
    centres = cluster_centres(positions, labels)
    return np.column_stack([centres, np.bincount(labels, weights)])


def draw_split_circles(circles: pd.DataFrame, matrix: np.ndarray) -> Figure:
    """Four circles coloured by <x, Dx>; particles at one place are one point, its area grows with their weight.

    ``circles`` has the columns configuration, x, y, weight, energy; an empty group (a run
    that blew up) leaves its circle empty.
    """
    titles = {
        "single": "one cluster",
        "opposite": "one cluster, opposite",
        "antipodal": "antipodal pair",
        "end": "end of a run",
    }
    figure, panels = new_figure(DOUBLE, 2.1, columns=4)
    for axes, (name, title), letter in zip(panels, titles.items(), "abcd", strict=True):
        draw_circle(axes, matrix)
        points = circles[circles["configuration"] == name]
        places = _places(points)
        x, y, weight = places.T
        axes.scatter(x, y, s=14 + 80 * weight, color=INK, edgecolors="white", lw=0.4, zorder=5)
        energy = f"\nE = {points['energy'].iloc[0]:.4f}" if len(points) else "\nblew up"
        axes.set_title(title + energy)
        if len(places) <= LABELLED_PLACES:
            for x, y, weight in places:
                # beside the line to the centre, which a number on it would cross out
                axes.text(
                    0.72 * x + 0.16 * abs(y),
                    0.72 * y + 0.16 * abs(x),
                    f"{weight:.3g}",
                    ha="center",
                    va="center",
                    fontsize=7,
                )
        panel_label(axes, letter)
    add_form_bar(figure, panels, matrix, shrink=0.8, aspect=18)
    return figure
