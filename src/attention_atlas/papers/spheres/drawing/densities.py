"""Figure 5 of arXiv 2501.03096: minimising densities on the circle and their approximations."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, ScalarFormatter

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

__all__ = ["draw_approximations", "draw_density_errors", "draw_density_waterfall", "draw_upsilon"]

ERRORS = {
    "first_order_printed": ("first order, as printed", ORANGE, "o"),
    "first_order_exact": ("first order, exact constant", BLUE, "s"),
    "guess_printed": (r"$\exp(\Upsilon\cos 2\varphi)$, printed $\Upsilon$", RED, "^"),
    "guess_fitted": (r"$\exp(\Upsilon\cos 2\varphi)$, fitted $\Upsilon$", SKY, "D"),
}


def draw_density_waterfall(weights: pd.DataFrame) -> Figure:
    """Densities over the angle, one ridge an epsilon, filled from zero; two maxima are whole in each.

    ``weights`` has the columns of fig5.csv: epsilon, angle, weight. The density is the
    weight divided by the distance of the angles. The angle runs over one turn from -π/4, so that
    no maximum (at multiples of π/2) lies on the border.
    """
    epsilons = np.sort(weights["epsilon"].unique())
    colours = plt.get_cmap(SEQUENTIAL)(np.linspace(0.05, 0.9, len(epsilons)))
    count = int((weights["epsilon"] == epsilons[0]).sum())
    densities = weights["weight"].to_numpy() * count / (2 * np.pi)
    shift = 1.15 * densities.max()
    figure, axes = new_figure(0.75 * DOUBLE, 0.9 + 0.5 * len(epsilons))
    for row, (epsilon, colour) in enumerate(zip(epsilons, colours, strict=True)):
        curve = weights[weights["epsilon"] == epsilon].sort_values("angle")
        angles, density = _one_turn(curve["angle"].to_numpy(), curve["weight"].to_numpy() * count / (2 * np.pi))
        base = row * shift
        axes.fill_between(angles, base, base + density, color=colour, lw=0)
    axes.axvline(0, color=GREY, lw=0.4, ls=":", zorder=0)
    axes.set_xlim(-np.pi / 4, 7 * np.pi / 4)
    axes.set_ylim(0, (len(epsilons) - 1) * shift + 1.12 * densities.max())
    ticks = np.arange(0, 4) * np.pi / 2
    axes.set_xticks(ticks, ["0", r"$\pi/2$", r"$\pi$", r"$3\pi/2$"])
    axes.set_yticks(shift * np.arange(len(epsilons)), [f"{epsilon:g}".replace("-", "−") for epsilon in epsilons])
    axes.set_xlabel(r"angle $\varphi$")
    axes.set_ylabel(r"$\varepsilon$ (each density rises from its own line)")
    _scale_bar(axes, densities.max())
    return figure


def _one_turn(angles: np.ndarray, density: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Angles from -π/4 on, ascending, and the first point once more at the end."""
    turned = np.mod(angles + np.pi / 4, 2 * np.pi) - np.pi / 4
    order = np.argsort(turned)
    turned, density = turned[order], density[order]
    return np.append(turned, turned[0] + 2 * np.pi), np.append(density, density[0])


def _scale_bar(axes: Axes, highest: float) -> None:
    """A bar beside the ridges: how high a density of 0.1 is."""
    unit = 0.1 if highest > 0.15 else float(f"{highest / 2:.0g}")
    x = 1.03
    transform = axes.get_yaxis_transform()
    axes.plot([x, x], [0, unit], color=INK, lw=1.4, transform=transform, clip_on=False, solid_capstyle="butt")
    axes.text(x + 0.015, unit / 2, f"density {unit:g}", transform=transform, fontsize=6, va="center", rotation=90)


def draw_approximations(curves: pd.DataFrame) -> Figure:
    """Computed densities with three approximations over them, for the smallest and the largest epsilon.

    ``curves`` has the columns of fig5_curves.csv.
    """
    ends = [curves["epsilon"].min(), curves["epsilon"].max()]
    figure, panels = new_figure(DOUBLE, 2.8, columns=2)
    for axes, epsilon, letter in zip(panels, ends, "ab", strict=True):
        table = curves[curves["epsilon"] == epsilon].sort_values("angle")
        axes.fill_between(table["angle"], table["computed"], color="#D9DEE6", lw=0, label="computed")
        for name in ("first_order_exact", "guess_printed", "guess_fitted"):
            label, colour, _ = ERRORS[name]
            axes.plot(table["angle"], table[name], color=colour, lw=1.0, label=label)
        axes.set_xticks([-np.pi, -np.pi / 2, 0, np.pi / 2, np.pi], [r"$-\pi$", r"$-\pi/2$", "0", r"$\pi/2$", r"$\pi$"])
        axes.set(xlabel=r"angle $\varphi$", ylim=(0, 1.3 * curves["computed"].max()), xlim=(-np.pi, np.pi))
        axes.set_title(f"$\\varepsilon$ = {epsilon:g}".replace("-", "−"))
        panel_label(axes, letter)
    panels[0].set_ylabel("density")
    panels[0].legend(fontsize=6, ncols=2)
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
    if len(away):
        shown = np.unique(np.round(away, 10))
        right.xaxis.set_major_locator(FixedLocator(list(shown)))
        right.xaxis.set_major_formatter(ScalarFormatter())
        right.xaxis.set_minor_formatter(NullFormatter())
        right.tick_params(axis="x", which="minor", bottom=False)
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
