"""Published numbers (open markers) with ours on them (lines or dots), and the differences below."""

from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attention_atlas.drawing.style import (
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    RED,
    SEQUENTIAL,
    SINGLE,
    new_figure,
    panel_label,
)

__all__ = ["VIEWS", "draw_overlay"]

MARKERS = "osD^v<>"
LIGHT = "#C8C8C8"  # series without a name


@dataclass(frozen=True)
class View:
    """How one comparison is drawn.

    ``residual`` is a column of the table of points, or ``ratio`` (theirs / ours), and is multiplied by
    ``factor``; x is drawn as (x - ``zero``) * ``unit``. Every ``every``-th published point gets a marker;
    ``dots`` draws our points in place of a line. ``linear`` is the linear part of a symlog axis. Of very many series every
    ``series_every``-th is drawn above and named; below stand the differences of all.
    """

    x: str
    y: str
    below: str
    residual: str = "difference"
    factor: float = 1.0
    zero: float = 0.0
    unit: float = 1.0
    every: int = 1
    dots: bool = False
    log: bool = False
    linear: float | None = None
    shift: float = 0.0
    width: float = SINGLE
    series_every: int = 1


def _lyapunov(y: str, below: str, **more) -> View:
    return View(r"$(\beta - 1.2738) \times 10^5$", y, below, zero=1.2738, unit=1e5, dots=True, width=DOUBLE, **more)


VIEWS = {
    "spheres_fig2_outcomes": View(
        r"$\delta$", "share of the runs", "ours − published", dots=True, shift=0.012, width=DOUBLE
    ),
    "spheres_fig2_energy": View(r"$\delta$", "mean energy at the end", "ours − published", dots=True, shift=0.012),
    "spheres_fig2_inner_products": View(
        r"$\delta$", "mean smallest\n" + r"$|\langle x_i, x_j\rangle|$", "ours − published\n" + r"($\times 10^{-4}$)",
        factor=1e4, dots=True,
    ),
    "spheres_fig2_top_energy": View(
        r"$\delta$", r"$\exp(\lambda_{\max})$", "ours − published\n" + r"($\times 10^{-6}$)", factor=1e6
    ),
    "spheres_fig4_tau005": View(
        r"$\delta$", r"mean tanh ratio, $\tau = 0.05$", "relative\ndifference\n" + r"($\times 10^{-6}$)",
        residual="relative_difference", factor=1e6, dots=True,
    ),
    "spheres_fig4_tau00005": View(
        r"$\delta$", r"mean tanh ratio, $\tau = 0.0005$", "relative\ndifference\n" + r"($\times 10^{-4}$)",
        residual="relative_difference", factor=1e4, dots=True,
    ),
    "spheres_fig5_weights": View(
        r"angle $\varphi$", r"weight $\times\, N$", "ours − published\n" + r"($\times 10^{-5}$)",
        factor=1e5, every=25, width=DOUBLE,
    ),
    "spheres_fig5_errors": View(
        r"$\varepsilon$", "distance from the\nprinted approximation", "relative\ndifference (%)",
        residual="relative_difference", factor=100.0, dots=True,
    ),
    "spheres_fig5_rates": View(
        r"$\varepsilon$", r"distance / $|\varepsilon|$", "relative\ndifference (%)",
        residual="relative_difference", factor=100.0, dots=True,
    ),
    "spheres_fig7_energies": View(
        r"$\delta$", "energy", "ours − published\n" + r"($\times 10^{-7}$)", factor=1e7, every=5
    ),
    "mean_field_exponents_1_to_3": _lyapunov("Lyapunov exponent", "ours − published", linear=1e-4),
    "mean_field_exponents_4_to_12": _lyapunov("Lyapunov exponent", "ours − published", linear=1e-4),
    "mean_field_distinct_values": _lyapunov(
        "distinct values", "relative\ndifference (%)", residual="relative_difference", factor=100.0, log=True
    ),
    "mean_field_seconds": _lyapunov("seconds of one run", "published / ours", residual="ratio", log=True),
    **{
        f"perspective_sa_d{dimension}": View(
            "time $t$", f"probability of a close pair\n$d = {dimension}$", "ours − published", every=4, series_every=4, width=DOUBLE
        )
        for dimension in (2, 8, 32, 128)
    },
}  # fmt: skip


def _colours(count: int) -> list:
    """Colours that can be told apart: the categories while they last, then an ordered scale."""
    if count <= len(CATEGORIES):
        return CATEGORIES[:count]
    scale = matplotlib.colormaps[SEQUENTIAL]
    return [scale(value) for value in np.linspace(0.0, 0.92, count)]


def _bars(axes: Axes, x: pd.Series, points: pd.DataFrame, side: str, colour: object) -> None:
    low, high = points[f"{side}_low"], points[f"{side}_high"]
    if low.notna().any():
        axes.vlines(x, low, high, color=colour, lw=0.7, alpha=0.8)


def _series(axes: Axes, points: pd.DataFrame, view: View, colour: object, marker: str, start: int) -> None:
    """One series of both sides; published failures (0 with a note) and ours without a partner are drawn too."""
    x = (points["x"] - view.zero) * view.unit
    thin = slice(start % view.every, None, view.every)
    _bars(axes, x - view.shift, points, "theirs", colour)
    _bars(axes, x + view.shift, points, "ours", colour)
    published: dict[str, Any] = {
        "marker": marker,
        "mfc": "white" if view.dots else "none",
        "mew": 0.8,
        "ms": 5,
        "ls": "none",
    }
    if view.dots:
        axes.plot((x - view.shift)[thin], points["theirs"][thin], color=colour, zorder=3, **published)
        axes.plot(x + view.shift, points["ours"], color=colour, marker=marker, ms=2.2, ls="none", zorder=4)
    else:
        axes.plot(x, points["ours"], color=colour, lw=1.0, zorder=3)
        axes.plot(x[thin], points["theirs"][thin], color=colour, zorder=4, **published | {"ms": 4})


def _residual(axes: Axes, points: pd.DataFrame, view: View, colour: object, marker: str) -> None:
    x = (points["x"] - view.zero) * view.unit
    ratio = points["theirs"] / points["ours"]
    values = (ratio if view.residual == "ratio" else points[view.residual]) * view.factor
    if view.residual == "difference" and points["uncertainty"].notna().any():
        width = 2 * points["uncertainty"] * view.factor
        axes.vlines(x, values - width, values + width, color=colour, lw=0.7, alpha=0.6)
    dense = len(points) > 300
    if dense:
        axes.plot(x, values, color=colour, lw=0.6)
    else:
        axes.plot(x, values, color=colour, ls="none", marker=marker, ms=2.8 if len(points) <= 30 else 1.5)


def _legend(figure: Figure, names: list[str], colours: list, view: View) -> None:
    ours = {"marker": "o", "ms": 2.2, "ls": "none"} if view.dots else {"lw": 1.0}
    handles = [
        Line2D([], [], color=INK, marker="o", mfc="white", mew=0.8, ms=5, ls="none", label="published"),
        Line2D([], [], color=INK, label="ours", **ours),
    ]
    if len(names) > 1:
        handles += [
            Line2D([], [], color=colour, marker=MARKERS[k % len(MARKERS)], ms=3.2, ls="none", label=name)
            for k, (name, colour) in enumerate(zip(names, colours, strict=True))
        ]
    columns = min(len(handles), 6 if view.width == DOUBLE else 3)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns, handletextpad=0.4, columnspacing=1.1)


def draw_overlay(points: pd.DataFrame, view: View) -> Figure:
    """Both sides on top of each other and their differences below, from a table of points.

    Columns as in ``attention_atlas.papers.published.points``. Where the parameters are not the
    published ones the figure says so.
    """
    height = 3.4 if view.width == SINGLE else 3.9
    figure, (top, bottom) = new_figure(
        view.width, height, rows=2, sharex=True, gridspec_kw={"height_ratios": [2.4, 1.0]}
    )
    every = list(dict.fromkeys(points["series"]))
    names = every[:: view.series_every]
    colours = _colours(len(names))
    for name in set(every) - set(names):
        _residual(bottom, points[points["series"] == name].reset_index(drop=True), view, LIGHT, MARKERS[0])
    bottom.axhline(1 if view.residual == "ratio" else 0, color=GREY, lw=0.6)
    for k, (name, colour) in enumerate(zip(names, colours, strict=True)):
        mine, marker = points[points["series"] == name].reset_index(drop=True), MARKERS[k % len(MARKERS)]
        _series(top, mine, view, colour, marker, 3 * k)
        _residual(bottom, mine, view, colour, marker)
    if view.log:
        top.set_yscale("log")
    if view.linear is not None:
        bottom.set_yscale("symlog", linthresh=view.linear)
    if view.residual == "ratio":
        bottom.set_yscale("log")
    top.ticklabel_format(axis="x", useOffset=False)
    if not view.log:
        top.ticklabel_format(axis="y", useOffset=False)
    top.set_ylabel(view.y)
    bottom.set_ylabel(view.below)
    bottom.set_xlabel(view.x)
    if (points["parameters"] == "other").any():
        top.set_title("other parameters than the published ones: no test", color=RED, fontsize=7)
    for axes, letter in ((top, "a"), (bottom, "b")):
        panel_label(axes, letter)
    _legend(figure, names, colours, view)
    figure.align_ylabels()
    return figure
