"""Orbits of the mean-field map: time series, planes, power spectra, correlations, running exponents."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from attention_atlas.drawing.style import BLUE, DOUBLE, GREY, INK, RED, SEQUENTIAL, new_figure, panel_label

__all__ = [
    "density",
    "draw_exponents",
    "draw_planes",
    "draw_series",
    "draw_space_orbits",
    "draw_spectra",
    "share_bar",
]

BINS = 260
# Share of the steps in one cell of a plane, from the palest colour to the darkest.
SHARES = (1e-5, 2e-3)
# Points of an orbit in space that are drawn.
SPACE_POINTS = 8000
PLANE_COLOURS = f"{SEQUENTIAL}_r"


def _titles(table: pd.DataFrame, skipped: int = 1) -> list[tuple[str, str]]:
    """Columns of the orbits and what to write over them."""
    return [(column, rf"$\beta$ = {column.removeprefix('beta_')}") for column in table.columns[skipped:]]


def draw_series(series: pd.DataFrame, shown: Sequence[int]) -> Figure:
    """m_1 over the first steps: a row an orbit, a column a length."""
    orbits = _titles(series)
    figure, panels = new_figure(
        DOUBLE,
        0.3 + 0.85 * len(orbits),
        rows=len(orbits),
        columns=len(shown),
        squeeze=False,
        sharex="col",
        sharey="row",
    )
    for row, (column, title) in zip(panels, orbits, strict=True):
        for axes, steps in zip(row, shown, strict=True):
            part = series[series["step"] < steps]
            dense = steps > 1000
            axes.plot(
                part["step"],
                part[column],
                color=BLUE,
                lw=0 if dense else 0.5,
                marker="." if dense else "o",
                ms=1.0 if dense else 1.3,
                mew=0,
                rasterized=dense,
            )
            axes.set_xlim(0, steps)
        row[0].set_ylabel(r"$m_1$")
        row[0].set_title(title, pad=2)
    for axes in panels[-1]:
        axes.set_xlabel("step")
    figure.align_ylabels(panels[:, 0])
    return figure


Limits = tuple[float, float]


def density(
    axes: Axes, x: NDArray, y: NDArray, x_range: Limits | None = None, y_range: Limits | None = None, bins: int = BINS
) -> None:
    """Points as a density on the scale ``SHARES``; few places as dots. Ranges, if given, take the place of the points' own."""
    limits = [_limits(np.array(given or values)) for given, values in ((x_range, x), (y_range, y))]
    counts, edges_x, edges_y = np.histogram2d(x, y, bins=bins, range=limits)
    if np.count_nonzero(counts) < 400:
        axes.plot(x, y, ls="none", marker=".", ms=4, mew=0, color=INK, rasterized=True)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])
        return
    shown = np.where(counts > 0, counts / len(x), np.nan)
    extent = (edges_x[0], edges_x[-1], edges_y[0], edges_y[-1])
    axes.imshow(
        shown.T,
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap=PLANE_COLOURS,
        interpolation="nearest",
        norm=LogNorm(*SHARES),
    )


def _limits(x: NDArray) -> tuple[float, float]:
    low, high = float(x.min()), float(x.max())
    # a point but for rounding is no range
    margin = 0.05 * (high - low) if high - low > 1e-9 else 0.05
    return low - margin, high + margin


def draw_planes(
    orbits: Mapping[str, NDArray],
    planes: Sequence[tuple[str, int, int]] = (("m", 1, 2), ("A", 1, 3)),
    most: int = 3,
    names: Sequence[str] = (),
) -> Figure:
    """Planes of the orbits, a block of panels for each plane and in it a panel for each orbit.

    Parameters
    ----------
    orbits
        betas, observables and attention (orbits, steps, patterns).
    planes
        Letter (m: observables, A: attention) and the two numbers, from 1; numbers above the patterns are the last.
    most
        Panels in a row.
    names
        What each orbit is, written over it beside its beta.
    """
    betas = orbits["betas"]
    columns = min(most, len(betas))
    rows = -(-len(betas) // columns)
    figure, panels = new_figure(
        DOUBLE,
        0.5 + (2.15 if columns < 4 else 1.95) * rows * len(planes),
        rows=rows * len(planes),
        columns=columns,
        squeeze=False,
    )
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for block, (letter, first, second) in enumerate(planes):
        places = orbits["observables" if letter == "m" else "attention"]
        a, b = (min(number, places.shape[2]) - 1 for number in (first, second))
        area = panels[block * rows : (block + 1) * rows].flat
        for number, (axes, beta, points) in enumerate(zip(area, betas, places, strict=False)):
            density(axes, points[:, a], points[:, b])
            axes.set_box_aspect(1)
            axes.locator_params(nbins=4 if columns < 4 else 3)
            axes.set_xlabel(rf"${letter}_{a + 1}$", labelpad=1)
            axes.set_ylabel(rf"${letter}_{b + 1}$", labelpad=1)
            axes.set_title(rf"$\beta$ = {beta:g}" + (f"\n{names[number]}" if names else ""))
            panel_label(axes, next(letters, ""))
        for axes in list(panels[block * rows : (block + 1) * rows].flat)[len(betas) :]:
            axes.set_axis_off()
    share_bar(figure, panels)
    return figure


def share_bar(figure: Figure, panels: NDArray) -> None:
    """Colour bar of ``density`` below the panels."""
    bar = figure.colorbar(
        ScalarMappable(LogNorm(*SHARES), PLANE_COLOURS), ax=panels, location="bottom", aspect=50, fraction=0.03, pad=0.02,
        extend="max",
    )  # fmt: skip
    bar.set_label("share of the steps in a cell (an orbit with few places: black dots)")
    bar.outline.set_linewidth(0.4)


def draw_space_orbits(orbits: Mapping[str, NDArray]) -> Figure:
    """Orbits in the space of (m_1, m_2, m_3), a panel for each; of few patterns the last stands for the missing ones.

    ``orbits`` holds betas and observables (orbits, steps, patterns).
    """
    betas = orbits["betas"]
    columns = min(3, len(betas))
    rows = -(-len(betas) // columns)
    figure, panels = new_figure(
        DOUBLE, 2.5 * rows, rows=rows, columns=columns, squeeze=False, subplot_kw={"projection": "3d"}
    )
    last = orbits["observables"].shape[2] - 1
    for axes, beta, points, letter in zip(panels.flat, betas, orbits["observables"], "abcdefghijkl", strict=False):
        some = points[:: max(1, len(points) // SPACE_POINTS)]
        x, y, z = (some[:, min(k, last)] for k in range(3))
        axes.scatter(x, y, z, c=z, cmap=SEQUENTIAL, s=1.2, lw=0, depthshade=False, rasterized=True)
        for k, axis in enumerate((axes.xaxis, axes.yaxis, axes.zaxis)):
            axis.set_pane_color((0.96, 0.96, 0.96, 1.0))
            axis.set_label_text(rf"$m_{min(k, last) + 1}$")
            axis.labelpad = -6
            axis.set_tick_params(pad=-3, labelsize=5)
        axes.locator_params(nbins=4)
        axes.view_init(elev=24, azim=-58)
        axes.set_box_aspect(None, zoom=0.88)
        axes.set_title(rf"$\mathbf{{{letter}}}$   $\beta$ = {beta:g}", pad=-2)
    for axes in list(panels.flat)[len(betas) :]:
        axes.set_axis_off()
    return figure


def draw_spectra(spectra: pd.DataFrame, correlations: pd.DataFrame) -> Figure:
    """Power spectrum of m_1, linear and logarithmic, and its autocorrelation: a row an orbit."""
    orbits = _titles(spectra)
    figure, panels = new_figure(
        DOUBLE, 0.3 + 0.95 * len(orbits), rows=len(orbits), columns=3, squeeze=False, sharex="col"
    )
    frequency, lag = spectra["frequency"], correlations["lag"]
    for (linear, logarithmic, correlation), (column, title) in zip(panels, orbits, strict=True):
        linear.plot(frequency, spectra[column] / spectra[column].max(), color=BLUE, lw=0.7)
        # a floor far below the noise keeps rounding from stretching the axis
        power = np.maximum(spectra[column] / spectra[column].max(), 1e-16)
        logarithmic.semilogy(frequency, power, color=BLUE, lw=0.4)
        logarithmic.set_ylim(max(1e-16, 0.3 * np.quantile(power, 0.001)), 3)
        correlation.plot(lag, correlations[column], color=INK, lw=0.6)
        correlation.axhline(0, color=GREY, lw=0.4)
        correlation.set_ylim(-1.05, 1.05)
        linear.set_title(title, pad=2)
        linear.set_ylabel("power")
        correlation.set_ylabel("correlation")
    for axes in panels[-1, :2]:
        axes.set_xlabel("frequency (1/step)")
        axes.set_xlim(0, 0.5)
    panels[-1, 2].set_xlabel("lag (steps)")
    panels[-1, 2].set_xlim(0, lag.iloc[-1])
    for axes, letter in zip(panels[0], "abc", strict=True):
        panel_label(axes, letter)
    return figure


def draw_exponents(running: pd.DataFrame) -> Figure:
    """Running averages of the three largest exponents, a panel an orbit."""
    labels = list(dict.fromkeys(column.rsplit("_lyapunov_", 1)[0] for column in running.columns[1:]))
    columns = 3
    rows = -(-len(labels) // columns)
    figure, panels = new_figure(DOUBLE, 0.4 + 1.6 * rows, rows=rows, columns=columns, squeeze=False, sharex=True)
    for axes, label in zip(panels.flat, labels, strict=False):
        for k, colour in enumerate((RED, BLUE, GREY)):
            column = f"{label}_lyapunov_{k + 1}"
            if column in running:
                axes.plot(running["steps"], running[column], color=colour, lw=0.9, label=rf"$\lambda_{k + 1}$")
                axes.axhline(running[column].iloc[-1], color=colour, lw=0.4, ls=":")
        axes.axhline(0, color=INK, lw=0.5)
        axes.set_xscale("log")
        settled = running[running["steps"] >= 100]
        shown = settled[[column for column in running.columns if column.startswith(f"{label}_lyapunov")]].to_numpy()
        if shown.size and np.isfinite(shown).any():
            low, high = np.nanmin(shown), np.nanmax(shown)
            axes.set_ylim(low - 0.15 * (high - low + 0.01), high + 0.25 * (high - low + 0.01))
        axes.set_title(rf"$\beta$ = {label.removeprefix('beta_')}")
    for axes in list(panels.flat)[len(labels) :]:
        axes.set_axis_off()
    for axes in panels[-1]:
        axes.set_xlabel("steps averaged")
    for axes in panels[:, 0]:
        axes.set_ylabel("running exponents")
    figure.legend(*panels.flat[0].get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return figure
