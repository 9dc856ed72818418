"""Bifurcation diagrams and Lyapunov spectra of the mean-field map."""

from collections.abc import Collection, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from attention_atlas.drawing.style import (
    BLUE,
    DOUBLE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    RED,
    SKY,
    YELLOW,
    new_figure,
    panel_label,
)

__all__ = [
    "CLASS_COLOURS",
    "LABELS",
    "class_handles",
    "class_legend",
    "draw_bifurcation",
    "draw_classes",
    "draw_density",
    "draw_spectrum",
    "parameter_column",
]

CLASS_COLOURS = {
    "fixed": "#C9CED6",
    "periodic": SKY,
    "quasi-periodic": GREEN,
    "chaotic": RED,
    "2-torus": YELLOW,
    "hyperchaotic": PURPLE,
}
# Classes that a legend names whether they occur or not
ALWAYS = 4
LABELS = {
    "beta": r"$\beta$",
    "beta_att": r"$\beta_{\mathrm{att}}$",
    "both": r"$\beta = \beta_{\mathrm{att}}$",
    "epsilon": r"$\varepsilon$",
}
# Shade of all values, from rare to frequent, and ink of the slice
LIGHT, DARK, SLICE = "#DCE6F0", "#5F8DB8", "#0B1F33"
# A window of a period is labelled if it is this wide beside the axis.
LABELLED_WIDTH = 0.016
# An exponent above this is positive, beyond the error of an average.
CLEARLY = 1e-3
# Curves with more values than this are drawn as points.
POINTS_FROM = 1500


def parameter_column(parameter: str) -> str:
    """Column of the tables that holds the values of a swept ``parameter``."""
    return "beta" if parameter == "both" else parameter


def density_image(
    counts: NDArray, sliced: NDArray | None = None, whole: NDArray[np.bool_] | None = None, thicken: int = 2
) -> NDArray[np.float64]:
    """RGB image (bins, columns, 3), low values below, of histograms (columns, bins).

    All values in a light shade by the logarithm of their frequency within the column; on top, in
    ink and ``thicken`` bins thicker, the values on the slice, or all values where ``whole``.
    """
    share = counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
    tone = np.where(counts > 0, np.clip(1.0 + np.log10(np.maximum(share, 1e-9)) / 3.0, 0.0, 1.0), 0.0)[:, :, None]
    light, dark = np.array(to_rgb(LIGHT)), np.array(to_rgb(DARK))
    image = np.where(counts[:, :, None] > 0, light + tone * (dark - light), 1.0)
    if sliced is not None and whole is not None:
        inked = np.where(whole[:, None], counts, sliced) > 0
        for _ in range(thicken):
            grown = inked.copy()
            grown[:, 1:] |= inked[:, :-1]
            grown[:, :-1] |= inked[:, 1:]
            inked = grown
        image[inked] = to_rgb(SLICE)
    return image.transpose(1, 0, 2)


def draw_density(axes: Axes, values: NDArray, image: NDArray, low: float, high: float, interpolation: str) -> None:
    """Put an image over its parameter axis, cells centred on the values."""
    half = 0.5 * (values[-1] - values[0]) / max(len(values) - 1, 1) or 0.5
    axes.imshow(
        image,
        origin="lower",
        aspect="auto",
        extent=(values[0] - half, values[-1] + half, low, high),
        interpolation=interpolation,
        interpolation_stage="rgba",
    )


def draw_classes(axes: Axes, values: NDArray, classes: pd.Series, periods: pd.Series) -> None:
    """A strip coloured by class (white: none), with the period written into windows that are wide enough."""
    colours = np.array([to_rgb(CLASS_COLOURS.get(name, "white")) for name in classes])
    half = 0.5 * (values[-1] - values[0]) / max(len(values) - 1, 1) or 0.5
    axes.imshow(
        colours[None],
        aspect="auto",
        extent=(values[0] - half, values[-1] + half, 0, 1),
        interpolation="nearest",
    )
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="x", length=0)
    label_periods(axes, values, classes.to_numpy(), periods.to_numpy())


def label_periods(axes: Axes, values: NDArray, classes: NDArray, periods: NDArray) -> None:
    """The period in the middle of each run of equal periods that is wide enough to hold it."""
    edges = np.flatnonzero((np.diff(periods) != 0) | (classes[1:] != classes[:-1])) + 1
    bounds = [0, *edges, len(values)]
    span = values[-1] - values[0]
    for first, end in pairwise(bounds):
        wide = (values[end - 1] - values[first]) > LABELLED_WIDTH * span
        if wide and periods[first] > 0:
            middle = 0.5 * (values[first] + values[end - 1])
            axes.text(middle, 0.5, f"{periods[first]}", ha="center", va="center", fontsize=5.5, color=INK)


def class_handles(present: Collection[str]) -> list[Patch]:
    """A patch for each class: the four common ones, and of the rare ones those that are ``present``."""
    names = [name for number, name in enumerate(CLASS_COLOURS) if number < ALWAYS or name in present]
    return [Patch(facecolor=CLASS_COLOURS[name], label=name) for name in names]


def class_legend(axes: Axes, present: Collection[str]) -> None:
    """Legend of the class strip, above the right end of a panel."""
    handles = class_handles(present)
    spacing = 1.2 if len(handles) == ALWAYS else 0.7
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
    axes.add_artist(
        axes.legend(
            handles=handles, ncols=len(handles), handlelength=1.0, handleheight=0.8, columnspacing=spacing, **place
        )
    )


def _signed_line(axes: Axes, x: NDArray, y: NDArray) -> None:
    """One curve, red where clearly positive and blue elsewhere; values that are not finite leave gaps.

    Many values are drawn as points, because neighbours may lie on different attractors.
    """
    if len(x) > POINTS_FROM:
        axes.scatter(x, y, s=0.8, lw=0, c=np.where(np.nan_to_num(y) > CLEARLY, RED, BLUE), zorder=3, rasterized=True)
        return
    points = np.stack([x, y], axis=1)
    segments = np.stack([points[:-1], points[1:]], axis=1)
    whole = np.isfinite(segments).all(axis=(1, 2))
    colours = np.where(0.5 * (y[:-1] + y[1:]) > CLEARLY, RED, BLUE)
    axes.add_collection(LineCollection(list(segments[whole]), colors=list(colours[whole]), lw=0.7, zorder=3))


def _plain_line(axes: Axes, x: NDArray, y: NDArray, colour: str) -> None:
    if len(x) > POINTS_FROM:
        axes.scatter(x, y, s=0.6, lw=0, color=colour, zorder=2, rasterized=True)
    else:
        axes.plot(x, y, color=colour, lw=0.6, zorder=2)


def finite(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column of numbers in which minus infinity (a collapsed exponent) is a gap."""
    numbers = table[name].to_numpy(dtype=float)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def sign_changes(x: NDArray, y: NDArray) -> NDArray[np.float64]:
    """Where a curve crosses zero for good: at least three values beyond 1e-3 on either side of the crossing."""
    sign = np.where(y > CLEARLY, 1, -1)
    places = [
        k
        for k in range(3, len(y) - 2)
        if sign[k] != sign[k - 1] and (sign[k - 3 : k] == sign[k - 1]).all() and (sign[k : k + 3] == sign[k]).all()
    ]
    return np.array([0.5 * (x[k - 1] + x[k]) for k in places])


def _leading(axes: Axes, parameter: str, table: pd.DataFrame) -> None:
    """The largest exponents around zero, the first coloured by its sign."""
    x = table[parameter_column(parameter)].to_numpy()
    shown = [column for column in ("lyapunov_3", "lyapunov_2") if column in table]
    for column, colour in zip(shown, ("#C4C4C4", GREY), strict=False):
        _plain_line(axes, x, finite(table, column), colour)
    first = finite(table, "lyapunov_1")
    _signed_line(axes, x, first)
    axes.axhline(0.0, color=INK, lw=0.5, zorder=1)
    crossings = sign_changes(x, np.nan_to_num(first, nan=-1.0))
    axes.plot(crossings, np.zeros_like(crossings), ls="none", marker="|", ms=5, mew=0.7, color=INK, zorder=4)
    top = np.nanmax(first, initial=0.05)
    lowest = np.nanpercentile(finite(table, shown[-1]), 2) if shown else -0.3
    axes.set_ylim(max(-0.6, min(-0.1, 1.3 * lowest)), 1.25 * max(top, 0.02))


def draw_bifurcation(
    parameter: str, picture: Mapping[str, NDArray], table: pd.DataFrame, half_width: float, interpolation: str
) -> Figure:
    """Diagram of m_1 over the class strip over the largest exponents, on one axis.

    ``parameter`` is beta, beta_att, both or epsilon; ``picture`` holds values, all, sliced, few, low and high;
    the table may be finer than its columns.
    ``interpolation`` is 'none' for a file that is zoomed into and 'antialiased' for pixels.
    """
    figure, (top, strip, bottom) = new_figure(
        DOUBLE, 4.9, rows=3, sharex=True, gridspec_kw={"height_ratios": [3.4, 0.16, 1.2]}
    )
    values = picture["values"]
    image = density_image(picture["all"], picture["sliced"], picture["few"])
    draw_density(top, values, image, float(picture["low"]), float(picture["high"]), interpolation)
    top.set_ylim(*_visible(picture))
    top.set_ylabel(r"$m^{\mathrm{o,se}}_1$")
    class_legend(top, set(table["class"]))
    handles = [
        Line2D(
            [], [], ls="none", marker="s", ms=5, color=SLICE, label=rf"slice $|m_2| \leq {half_width:g}$, or few values"
        ),
        Line2D([], [], ls="none", marker="s", ms=5, color="#9DB9D4", label="all values"),
    ]
    place = {"loc": "lower left", "bbox_to_anchor": (0.02, 1.0), "borderaxespad": 0.2}
    top.legend(handles=handles, ncols=2, handlelength=1.0, handletextpad=0.4, columnspacing=1.2, **place)
    draw_classes(strip, table[parameter_column(parameter)].to_numpy(), table["class"], table["period"])
    _leading(bottom, parameter, table)
    bottom.set_ylabel("Lyapunov\nexponents")
    bottom.set_xlabel(LABELS[parameter])
    bottom.set_xlim(values[0], values[-1])
    panel_label(top, "a")
    panel_label(bottom, "b")
    figure.align_ylabels([top, bottom])
    return figure


def _visible(picture: Mapping[str, NDArray]) -> tuple[float, float]:
    """Range of m_1 that holds values, with a margin."""
    low, high = float(picture["low"]), float(picture["high"])
    used = np.flatnonzero(picture["all"].any(axis=0))
    if not used.size:
        return low, high
    width = (high - low) / picture["all"].shape[1]
    margin = 0.03 * (used[-1] - used[0] + 1) * width
    return max(low, low + used[0] * width - margin), min(high, low + (used[-1] + 1) * width + margin)


def draw_spectrum(parameter: str, table: pd.DataFrame) -> Figure:
    """All exponents against the parameter, those around zero enlarged, over the class strip.

    Exponents that are rounding noise are drawn as light points.
    """
    figure, (top, strip, bottom) = new_figure(
        DOUBLE, 4.6, rows=3, sharex=True, gridspec_kw={"height_ratios": [1.6, 0.14, 1.6]}
    )
    x = table[parameter_column(parameter)].to_numpy()
    _leading(top, parameter, table)
    top.set_ylabel("exponents around 0")
    class_legend(top, set(table["class"]))
    draw_classes(strip, x, table["class"], table["period"])
    size = sum(column.startswith("lyapunov_") for column in table.columns)
    shades = [str(0.15 + 0.5 * k / max(size - 1, 1)) for k in range(size)]
    for k in range(size, 1, -1):
        y = finite(table, f"lyapunov_{k}")
        noise = (table[f"status_{k}"] == "collapsed").to_numpy()
        _plain_line(bottom, x, np.where(noise, np.nan, y), shades[k - 1])
        bottom.plot(
            x[noise], y[noise], ls="none", marker=".", ms=1.2, mew=0, color="#E8C9A0", zorder=1, rasterized=True
        )
    _signed_line(bottom, x, finite(table, "lyapunov_1"))
    bottom.set_yscale("symlog", linthresh=1.0, linscale=1.0)
    smallest = min(np.nanmin(finite(table, f"lyapunov_{k + 1}"), initial=0.0) for k in range(size))
    low = 1.3 * min(smallest, -0.2)
    candidates = [0.0, -0.2, -0.5, -1.0, -3.0, -10.0, -30.0] if low < -0.5 else [0.0, -0.1, -0.2, -0.3, -0.4]
    marks = [mark for mark in candidates if mark >= low]
    bottom.set_yticks(marks, [f"{mark:g}".replace("-", "−") for mark in marks])
    bottom.set_yticks([], minor=True)
    bottom.set_ylim(low, None)
    bottom.set_ylabel(f"{size} exponents")
    bottom.axhline(0.0, color=INK, lw=0.5)
    bottom.set_xlabel(LABELS[parameter])
    bottom.set_xlim(x[0], x[-1])
    handles = [
        Line2D([], [], color=RED, label="largest, positive"),
        Line2D([], [], color=BLUE, label="largest, not positive"),
        Line2D([], [], color="0.4", label="the others"),
        Line2D([], [], ls="none", marker=".", color="#E8C9A0", label="below rounding (upper bound)"),
    ]
    # below the axes: curves fill all corners in some of the sweeps
    bottom.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.24), ncols=4)
    panel_label(top, "a")
    panel_label(bottom, "b")
    figure.align_ylabels([top, bottom])
    return figure
