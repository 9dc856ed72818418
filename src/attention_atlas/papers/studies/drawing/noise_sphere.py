"""Figure of noisy attention on spheres."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attention_atlas.drawing.style import CATEGORIES, DOUBLE, INK, new_figure, panel_label
from attention_atlas.files import read_csv

__all__ = ["sphere_figure"]


def sphere_figure(branches: str, jumps: str) -> Figure:
    """Order against kappa/kappa_#, a panel a dimension and a line a beta; discs where the free energy is that of the uniform density.

    Parameters
    ----------
    branches, jumps : paths of noise_sphere.csv and noise_sphere_jumps.csv
    """
    table = read_csv(branches, ["dimension", "beta_share", "beta", "order", "share", "stable"])
    found = read_csv(jumps, ["dimension", "beta_share", "critical", "jump"])
    dimensions = sorted(table["dimension"].unique())
    figure, grid = new_figure(DOUBLE, 2.5, columns=len(dimensions), sharey=True, squeeze=False)
    low = min(0.95, table["share"].min() - 0.02)
    for letter, axes, dimension in zip("abcdef", grid[0], dimensions, strict=False):
        part = table[table["dimension"] == dimension]
        for colour, (beta_share, curve) in zip(CATEGORIES, part.groupby("beta_share"), strict=False):
            for stable, style in ((True, "-"), (False, ":")):
                axes.plot(
                    curve["share"],
                    np.where(curve["stable"] == stable, curve["order"], np.nan),
                    style,
                    color=colour,
                    lw=1.2,
                )
            jump = found[(found["dimension"] == dimension) & (found["beta_share"] == beta_share) & (found["jump"] > 0)]
            axes.plot(jump["critical"], jump["jump"], "o", color=colour, ms=3.5)
        axes.axvline(1, color=INK, lw=0.5, ls=":")
        axes.set(xlabel=r"$\kappa/\kappa_\#$", xlim=(low, 1.4), ylim=(0, 1))
        axes.set_title(f"$d$ = {dimension}")
        panel_label(axes, letter)
    grid[0, 0].set_ylabel("order $r_1$")
    shares = sorted(table["beta_share"].unique())
    handles = [
        Line2D([], [], color=colour, label=rf"$\beta$ = {share:g} $\beta_*$")
        for colour, share in zip(CATEGORIES, shares, strict=False)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return figure
