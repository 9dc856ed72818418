"""Figure 5 of arXiv 2501.03096: minimising densities on the circle and their approximations."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from attention_atlas.drawing.style import (
    BLUE,
    DOUBLE,
    GREY,
    INK,
    ORANGE,
    RED,
    SEQUENTIAL,
    SINGLE,
    SKY,
    new_figure,
    panel_label,
    plt,
)

__all__ = ["draw_density_errors", "draw_density_waterfall", "draw_upsilon"]

ERRORS = {
    "first_order_printed": ("first order, as printed", ORANGE, "o"),
    "first_order_exact": ("first order, exact constant", BLUE, "s"),
    "guess_printed": (r"$\exp(\Upsilon\cos 2\varphi)$, printed $\Upsilon$", RED, "^"),
    "guess_fitted": (r"$\exp(\Upsilon\cos 2\varphi)$, fitted $\Upsilon$", SKY, "D"),
}


def draw_density_waterfall(weights: pd.DataFrame) -> Figure:
    """Curves of the densities over (angle, epsilon), the nearest epsilon in front.

    ``weights`` has the columns of fig5.csv: epsilon, angle, weight. The density is the
    weight divided by the distance of the angles.
    """
    figure = plt.figure(figsize=(DOUBLE * 0.72, 3.6))
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    epsilons = np.sort(weights["epsilon"].unique())
    colours = plt.get_cmap(SEQUENTIAL)(np.linspace(0.05, 0.9, len(epsilons)))
    low = np.inf
    for order, (epsilon, colour) in enumerate(zip(epsilons[::-1], colours[::-1], strict=True)):
        curve = weights[weights["epsilon"] == epsilon].sort_values("angle")
        angles = curve["angle"].to_numpy()
        density = curve["weight"].to_numpy() * len(angles) / (2 * np.pi)
        angles, density = np.append(angles, np.pi), np.append(density, density[0])  # close the circle
        axes.plot(angles, np.full(len(angles), epsilon), density, color=colour, lw=1.3, zorder=order)
        low = min(low, density.min())
    axes.set_xticks([-np.pi, -np.pi / 2, 0, np.pi / 2, np.pi], [r"$-\pi$", r"$-\pi/2$", "0", r"$\pi/2$", r"$\pi$"])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.zaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(r"angle $\varphi$", labelpad=0)
    axes.set_ylabel(r"$\varepsilon$", labelpad=1)
    axes.set_zlabel("density", labelpad=1)
    axes.tick_params(pad=-1)
    axes.view_init(elev=28, azim=-62)
    axes.set_box_aspect((1.5, 1.2, 0.8), zoom=0.92)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.pane.set_facecolor("white")
        axis.pane.set_edgecolor("#D0D0D0")
        axis._axinfo["grid"].update(color="#E4E4E4", linewidth=0.4)
    return figure


def draw_density_errors(errors: pd.DataFrame) -> Figure:
    """Errors of the four approximations against epsilon, linear and doubly logarithmic with slopes 1 and 2.

    ``errors`` has the columns of fig5_errors.csv.
    """
    figure, (left, right) = new_figure(DOUBLE, 2.7, columns=2)
    table = errors.sort_values("epsilon")
    for name, (label, colour, marker) in ERRORS.items():
        left.plot(table["epsilon"], table[name], color=colour, marker=marker, ms=3.5, label=label)
        for sign, filled in ((1, True), (-1, False)):
            part = table[np.sign(table["epsilon"]) == sign]
            part = part[np.abs(part["epsilon"]) > 1e-9]
            right.plot(
                np.abs(part["epsilon"]),
                part[name],
                color=colour,
                marker=marker,
                ms=3.5,
                mfc=colour if filled else "white",
            )
    left.axhline(0, color=GREY, lw=0.5)
    left.set_xlabel(r"$\varepsilon$")
    left.set_ylabel("Euclidean distance of the weights")
    left.legend(fontsize=6)
    away = np.abs(table["epsilon"])[np.abs(table["epsilon"]) > 1e-9]
    if len(away):
        span = np.array([away.min(), away.max()])
        for power, anchor in ((1, table["first_order_printed"].max()), (2, table["first_order_exact"].max())):
            guide = 1.6 * anchor * (span / span[1]) ** power
            right.plot(span, guide, color=INK, lw=0.7, ls=":")
            name = rf"$\varepsilon^{power}$" if power > 1 else r"$\varepsilon$"
            right.annotate(name, (span[1], guide[1]), (3, 0), textcoords="offset points", fontsize=7, va="center")
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_xlabel(r"$|\varepsilon|$  (open: $\varepsilon < 0$)")
    right.set_ylabel("distance (logarithmic)")
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def draw_upsilon(table: pd.DataFrame) -> Figure:
    """Fitted exponent against epsilon, its quadratic fit, the printed formula and the exact slope at 0.

    ``table`` has the columns epsilon, fitted, quadratic, printed, slope_line.
    """
    figure, axes = new_figure(SINGLE, 2.7)
    table = table.sort_values("epsilon")
    axes.axhline(0, color=GREY, lw=0.4)
    axes.axvline(0, color=GREY, lw=0.4)
    axes.plot(table["epsilon"], table["slope_line"], color=GREY, ls="--", lw=0.9, label=r"slope $I_1(1)/2I_2(1)$ at 0")
    axes.plot(table["epsilon"], table["printed"], color=RED, label="as printed")
    axes.plot(table["epsilon"], table["quadratic"], color=BLUE, lw=0.9, label="quadratic fit")
    axes.plot(
        table["epsilon"],
        table["fitted"],
        color=BLUE,
        marker="o",
        ms=3.5,
        ls="none",
        label="best for each $\\varepsilon$",
    )
    axes.set_xlabel(r"$\varepsilon$")
    axes.set_ylabel(r"$\Upsilon(\varepsilon)$")
    axes.legend()
    return figure
