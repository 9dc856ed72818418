"""Figures of long contexts."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure

from attention_atlas.drawing.style import (
    CATEGORIES,
    DIVERGING,
    DOUBLE,
    INK,
    RED,
    SEQUENTIAL,
    SINGLE,
    new_figure,
    panel_label,
)
from attention_atlas.files import read_csv
from attention_atlas.papers.studies.long_context import limit_cosine

__all__ = ["angle_figure", "gradient_figure", "layers_figure", "scaling_figure", "sparse_figure"]


def _image(part: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    plane = part.pivot_table(index="gamma", columns="rho", values=column)
    return plane.columns.to_numpy(), plane.index.to_numpy(), plane.to_numpy()


def _threshold(axes, gammas: np.ndarray) -> None:
    rho = np.linspace(0, 1 - 1 / gammas[-1], 200)
    axes.plot(rho, 1 / (1 - rho), "--", color="white", lw=1.6)
    axes.plot(rho, 1 / (1 - rho), "--", color=INK, lw=0.9)


def angle_figure(angle: str) -> Figure:
    """Output cosine, and its change, over (rho, gamma); ``angle`` is the path of long_angle.csv."""
    table = read_csv(angle, ["dimension", "rho", "gamma", "before", "cosine"])
    table["change"] = table["cosine"] - table["before"]
    dimensions = sorted(table["dimension"].unique(), reverse=True)
    figure, grid = new_figure(DOUBLE, 4.4, 2, len(dimensions), squeeze=False, sharex=True, sharey=True)
    kinds = (("cosine", SEQUENTIAL, (0, 1), "output cosine"), ("change", DIVERGING, (-1, 1), "output minus input"))
    for row, (column, colours, (low, high), label) in zip(grid, kinds, strict=True):
        for axes, dimension in zip(row, dimensions, strict=True):
            rho, gamma, values = _image(table[table["dimension"] == dimension], column)
            mesh = axes.pcolormesh(rho, gamma, values, cmap=colours, vmin=low, vmax=high, rasterized=True)
            _threshold(axes, gamma)
            axes.set(ylim=(gamma[0], gamma[-1]), xlim=(rho[0], rho[-1]))
        bar = figure.colorbar(mesh, ax=row, pad=0.01)
        bar.set_label(label)
        bar.outline.set_linewidth(0.4)
    for letter, axes in zip("abcdef", grid.flat, strict=False):
        panel_label(axes, letter)
    for axes, dimension in zip(grid[0], dimensions, strict=True):
        axes.set_title(f"$d$ = {dimension}")
    for axes in grid[:, 0]:
        axes.set_ylabel(r"$\gamma$")
    for axes in grid[-1]:
        axes.set_xlabel(r"input cosine $\rho$")
    return figure


def gradient_figure(gradient: str, sizes: str) -> Figure:
    """Size of the gradient over (rho, gamma), and its approach to the limits; paths of long_gradient.csv and long_gradient_sizes.csv."""
    table = read_csv(gradient, ["dimension", "rho", "gamma", "size"])
    approach = read_csv(sizes, ["n", "gamma", "size", "limit"])
    dimensions = sorted(table["dimension"].unique(), reverse=True)
    figure, grid = new_figure(DOUBLE, 2.4, 1, len(dimensions) + 1, squeeze=False)
    *maps, last = grid[0]
    high = min(2.0, float(table["size"].max()))
    for axes, dimension in zip(maps, dimensions, strict=True):
        rho, gamma, values = _image(table[table["dimension"] == dimension], "size")
        mesh = axes.pcolormesh(rho, gamma, values, cmap=SEQUENTIAL, vmin=0, vmax=high, rasterized=True)
        _threshold(axes, gamma)
        axes.set(ylim=(gamma[0], gamma[-1]), xlim=(rho[0], rho[-1]), xlabel=r"$\rho$", title=f"$d$ = {dimension}")
    maps[0].set_ylabel(r"$\gamma$")
    bar = figure.colorbar(mesh, ax=maps, pad=0.01, extend="max")
    bar.set_label(r"gradient $\eta$")
    bar.outline.set_linewidth(0.4)
    for colour, (gamma, part) in zip(CATEGORIES, approach.groupby("gamma"), strict=False):
        last.semilogx(part["n"], part["size"], "o-", color=colour, ms=3, label=rf"$\gamma$ = {gamma:g}")
        last.semilogx(part["n"], part["limit"], ":", color=colour)
    last.set(xlabel="tokens $n = d$", ylabel=r"gradient $\eta$", ylim=(-0.03, 1.05))
    sizes_shown = sorted(approach["n"].unique())
    last.set_xticks(sizes_shown, [str(n) for n in sizes_shown])
    last.minorticks_off()
    last.legend(loc="center right", bbox_to_anchor=(1.0, 0.62))
    for letter, axes in zip("abcdef", grid[0], strict=False):
        panel_label(axes, letter)
    return figure


def _power(n: float) -> str:
    return f"$10^{{{round(np.log10(n))}}}$"


def scaling_figure(scaling: str, sampled: str, rho: float) -> Figure:
    """Exact curves of the output cosine for many n, and random tokens; paths of long_scaling.csv and long_sampled.csv."""
    table = read_csv(scaling, ["n", "gamma", "cosine"])
    random = read_csv(sampled, ["gamma", "cosine", "n", "dimension"])
    figure, axes = new_figure(SINGLE, 2.8)
    sizes = sorted(table["n"].unique())

    colours = colormaps[SEQUENTIAL](np.linspace(0, 0.92, len(sizes)))
    for colour, n in zip(colours, sizes, strict=True):
        curve = table[table["n"] == n]
        axes.plot(curve["gamma"], curve["cosine"], color=colour, label=f"$n$ = {_power(n)}")
    threshold, last = 1 / (1 - rho), table["gamma"].max()
    axes.plot([0, threshold, threshold, last], [1, 1, rho, rho], color=INK, lw=0.8, ls=":", label="limit")
    axes.plot(threshold, limit_cosine(rho, threshold), "D", color=INK, ms=4, label="limit at the threshold")
    axes.plot(random["gamma"], random["cosine"], "o", color=RED, ms=4, label=f"random, $n$ = {random['n'].iloc[0]}")
    axes.set(
        xlabel=r"$\gamma$",
        ylabel="output cosine",
        xlim=(table["gamma"].min(), table["gamma"].max()),
        ylim=(rho - 0.02, 1.02),
    )
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.95), fontsize=6)
    return figure


def layers_figure(layers: str) -> Figure:
    """Cosine over layers, without and with residual; ``layers`` is the path of long_layers.csv."""
    table = read_csv(layers, ["alpha", "share", "layer", "cosine"])
    alphas = list(dict.fromkeys(table["alpha"]))
    figure, grid = new_figure(DOUBLE, 2.5, columns=len(alphas), squeeze=False, sharey=True)
    for letter, axes, alpha in zip("abc", grid[0], alphas, strict=False):
        for colour, (share, part) in zip(CATEGORIES, table[table["alpha"] == alpha].groupby("share"), strict=False):
            axes.plot(part["layer"], part["cosine"], "o-", color=colour, ms=3, label=rf"$\gamma = {share:g}/(1-\rho)$")
        axes.set(xlabel="layer", ylim=(0, 1.03), title=rf"residual $\alpha$ = {alpha:g}")
        axes.xaxis.get_major_locator().set_params(integer=True)
        panel_label(axes, letter)
    grid[0, 0].set_ylabel("cosine of two tokens")
    grid[0, 0].legend(loc="center right")
    return figure


def sparse_figure(sparse: str) -> Figure:
    """To how many tokens a token attends against n; ``sparse`` is the path of long_sparse.csv."""
    table = read_csv(sparse, ["n", "share", "participation", "exact"])
    figure, axes = new_figure(SINGLE, 2.7)
    for colour, (share, part) in zip(CATEGORIES, table.groupby("share"), strict=False):
        axes.loglog(part["n"], part["exact"], color=colour, lw=0.8)
        axes.loglog(part["n"], part["participation"], "o", color=colour, ms=4, label=rf"$\gamma = {share:g}/(1-\rho)$")
    axes.plot([], [], color=INK, lw=0.8, label="equal angles, exact")
    axes.set(xlabel="tokens $n$", ylabel=r"$1/\sum_j A_{ij}^2$")
    axes.legend()
    return figure
