"""Figures of noisy attention."""

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, INK, RED, SKY, new_figure, panel_label
from attention_atlas.files import read_csv
from attention_atlas.papers.studies.noise import star_beta

__all__ = ["dimension_figure", "histogram_figure", "order_figure", "phase_figure"]


def order_figure(branches: str, particles: str) -> Figure:
    """Order against kappa/kappa_#, stationary states and noisy tokens; paths of noise_branches.csv and noise_particles.csv."""
    table = read_csv(branches, ["beta", "order", "share", "stable"])
    tokens = read_csv(particles, ["beta", "share", "start", "order", "spread"])
    betas = list(dict.fromkeys(table["beta"]))
    figure, grid = new_figure(DOUBLE, 2.3, columns=len(betas), sharey=True, squeeze=False)
    low, high = tokens["share"].min() - 0.02, tokens["share"].max() + 0.02
    for letter, axes, beta in zip("abcdefgh", grid[0], betas, strict=False):
        curve = table[table["beta"] == beta]
        for stable, style in ((True, "-"), (False, ":")):
            order = np.where(curve["stable"] == stable, curve["order"], np.nan)
            axes.plot(curve["share"], order, style, color=BLUE, lw=1.4)
        axes.plot([low, 1], [0, 0], color=BLUE, lw=1.4)
        axes.plot([1, high], [0, 0], ":", color=BLUE, lw=1.4)
        for start, marker, colour, fill in (("ordered", "o", RED, RED), ("uniform", "s", INK, "none")):
            part = tokens[(tokens["start"] == start) & np.isclose(tokens["beta"], beta)]
            axes.errorbar(
                part["share"], part["order"], part["spread"], fmt=marker, color=colour, mfc=fill, ms=3, lw=0.6, zorder=4
            )
        axes.set(xlabel=r"$\kappa/\kappa_\#$", xlim=(low, high), ylim=(-0.03, 1))
        axes.set_title(rf"$\beta$ = {beta:.4g}")
        panel_label(axes, letter)
    grid[0, 0].set_ylabel("order $r_1$")
    return figure


def phase_figure(phase: str) -> Figure:
    """kappa_#, kappa_c and the strip of hysteresis over beta; ``phase`` is the path of noise_phase.csv."""
    table = read_csv(phase, ["beta", "kappa_sharp", "kappa_saddle", "kappa_critical", "jump"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.5, columns=3)
    star = star_beta(2)
    left.semilogy(table["beta"], table["kappa_sharp"], color=BLUE)
    left.fill_between(table["beta"], table["kappa_saddle"], table["kappa_sharp"], color=SKY, alpha=0.4, lw=0)
    left.semilogy(table["beta"], table["kappa_critical"], "--", color=RED)
    left.set(xlabel=r"$\beta$", ylabel=r"$\kappa$")
    left.set_yticks([0.2, 0.5, 1.0, 2.0], ["0.2", "0.5", "1", "2"])
    left.minorticks_off()
    left.text(0.1, 0.12, "uniform", transform=left.transAxes)
    left.text(0.62, 0.75, "ordered", transform=left.transAxes)
    sharp = table["kappa_sharp"]
    middle.plot(table["beta"], np.ones(len(table)), color=BLUE, label=r"$\kappa_\#$")
    middle.plot(table["beta"], table["kappa_critical"] / sharp, "--", color=RED, label=r"$\kappa_c$")
    middle.plot(table["beta"], table["kappa_saddle"] / sharp, "-.", color=INK, lw=0.9, label="end of branch")
    middle.fill_between(table["beta"], table["kappa_saddle"] / sharp, 1, color=SKY, alpha=0.4, lw=0)
    middle.set(xlabel=r"$\beta$", ylabel=r"$\kappa/\kappa_\#$")
    middle.legend(loc="lower left")
    right.plot(table["beta"], table["jump"], color=RED)
    right.set(xlabel=r"$\beta$", ylabel=r"jump of the order at $\kappa_c$", ylim=(0, None))
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        axes.axvline(star, color=INK, lw=0.5, ls=":")
        axes.text(star, 1.0, r"$\beta_*$", transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=7)
        panel_label(axes, letter)
    return figure


def dimension_figure(dimension: str) -> Figure:
    """beta_* against the dimension, and K_# against beta; ``dimension`` is the path of noise_dimension.csv."""
    table = read_csv(dimension, ["dimension", "beta", "sharp", "star"])
    figure, (left, right) = new_figure(DOUBLE, 2.6, columns=2)
    stars = table.drop_duplicates("dimension")
    left.semilogx(stars["dimension"], stars["star"], "o-", color=BLUE, ms=4)
    left.axhline(1, color=INK, lw=0.6, ls=":")
    left.set(xlabel="dimension $d$", ylabel=r"$\beta_*$", ylim=(0.9, None))
    left.set_xticks(stars["dimension"], [f"{d:g}" for d in stars["dimension"]])
    left.minorticks_off()
    shown = [d for d in (2, 3, 4, 8, 16, 32) if d in set(table["dimension"])]
    for colour, d in zip(CATEGORIES, shown, strict=False):
        curve = table[table["dimension"] == d]
        right.semilogy(curve["beta"], curve["sharp"], color=colour, label=f"$d$ = {d}")
        at = np.interp(curve["star"].iloc[0], curve["beta"], curve["sharp"])
        right.plot(curve["star"].iloc[0], at, "o", color=colour, ms=4)
    right.set(xlabel=r"$\beta$", ylabel=r"$K_\# = \kappa_\#/2$", ylim=(0.5 * table["sharp"].min(), None))
    right.legend(loc="lower left", ncols=2)
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def histogram_figure(density: str) -> Figure:
    """Histograms of noisy tokens on the stationary densities; ``density`` is the path of noise_density.csv."""
    table = read_csv(density, ["share", "angle", "particles", "theory"])
    shares = sorted(table["share"].unique())
    figure, grid = new_figure(DOUBLE, 2.3, columns=len(shares), sharey=True, squeeze=False)
    for letter, axes, share in zip("abcdef", grid[0], shares, strict=False):
        part = table[table["share"] == share]
        axes.bar(part["angle"], part["particles"], part["angle"].diff().iloc[-1], color=SKY, label="tokens")
        axes.plot(part["angle"], part["theory"], color=RED, label="stationary density")
        axes.set_xticks([-np.pi, 0, np.pi], [r"$-\pi$", "0", r"$\pi$"])
        axes.set(xlabel="angle from the mean direction", xlim=(-np.pi, np.pi))
        axes.set_title(rf"$\kappa$ = {share:g} $\kappa_\#$")
        panel_label(axes, letter)
    grid[0, 0].set_ylabel("density")
    grid[0, 0].legend()
    return figure
