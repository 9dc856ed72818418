"""Figures of the side studies: halved steps, densities that one step makes, least energies of a few Diracs."""

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, INK, SINGLE, new_figure, panel_label
from attention_atlas.files import read_csv

__all__ = ["dirac_figure", "halving_figure", "pushforward_figure"]


def halving_figure(ratios: str) -> Figure:
    """Left the ratio of Figure 4 on its line, right the shortest step that was needed; ``ratios`` is the path of fig4_halving.csv."""
    table = read_csv(ratios, ["delta", "mean_tanh_ratio", "steps", "smallest_step", "converged"])
    figure, (left, right) = new_figure(DOUBLE, 2.6, columns=2)
    left.plot(table["delta"], table["delta"], color=INK, lw=0.8, label=r"ratio = $\delta$")
    left.plot(table["delta"], table["mean_tanh_ratio"], "o", color=BLUE, mfc="none", label="end of the descent")
    left.set(xlabel=r"$\delta$", ylabel=r"mean of $\tanh(D_{11}x_1^2)\,/\,\tanh(D_{22}x_2^2)$")
    left.legend()
    right.semilogy(table["delta"], table["smallest_step"], "o-", color=BLUE, ms=3.5)
    right.set(xlabel=r"$\delta$", ylabel=r"shortest step $\tau$")
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def pushforward_figure(densities: str) -> Figure:
    """Sampled densities (points) on the exact ones (lines); ``densities`` is the path of pushforward.csv."""
    table = read_csv(densities, ["case", "d22", "angle", "sampled", "exact"])
    figure, axes = new_figure(SINGLE, 2.7)
    for colour, (_, curve) in zip(CATEGORIES, table.groupby("case"), strict=False):
        axes.plot(curve["angle"], curve["exact"], color=colour, label=f"D = diag(1, {curve['d22'].iloc[0]:g})")
        axes.plot(curve["angle"], curve["sampled"], ".", color=colour, ms=3)
    axes.set_xticks([-np.pi, -np.pi / 2, 0, np.pi / 2, np.pi], [r"$-\pi$", r"$-\pi/2$", "0", r"$\pi/2$", r"$\pi$"])
    axes.set(xlabel=r"angle of $Dx/\|Dx\|$", ylabel="density", ylim=(0, None))
    axes.legend()
    return figure


def dirac_figure(energies: str, places: str) -> Figure:
    """Left how far the least energy of m Diracs lies above that of the most, right their places for the largest epsilon."""
    table = read_csv(energies, ["epsilon", "count", "energy"])
    found = read_csv(places, ["epsilon", "count", "angle", "mass"])
    figure, (left, right) = new_figure(DOUBLE, 2.8, columns=2)
    for colour, (epsilon, line) in zip(CATEGORIES, table.groupby("epsilon"), strict=False):
        line = line.sort_values("count")
        gap = (line["energy"] - line["energy"].iloc[-1]).iloc[:-1]  # the last one is the reference
        left.semilogy(
            line["count"].iloc[:-1],
            gap,
            "o-",
            ms=3.5,
            color=colour,
            label=f"$\\varepsilon$ = {epsilon:g}".replace("-", "−"),
        )
    left.set(xlabel="Diracs $m$", ylabel="least energy above that of the most Diracs")
    left.legend()
    last = found[found["epsilon"] == found["epsilon"].max()]
    right.scatter(last["angle"], last["count"], s=160 * last["mass"], color=BLUE, edgecolors=INK, lw=0.4)
    right.set_xticks([-np.pi, 0, np.pi], [r"$-\pi$", "0", r"$\pi$"])
    right.set(xlabel=r"angle $\varphi$ (area: mass)", ylabel="Diracs $m$")
    right.set_title(f"$\\varepsilon$ = {last['epsilon'].max():g}")
    panel_label(left, "a")
    panel_label(right, "b")
    return figure
