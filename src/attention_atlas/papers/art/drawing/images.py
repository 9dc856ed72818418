"""Pictures of convergence landscapes: the published one, what it hides, and the sheet of all."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch

from attention_atlas.drawing.style import BLUE, DOUBLE, GREEN, INK, ORANGE, PURPLE, RED, SKY, new_figure

__all__ = ["draw_contact_sheet", "draw_details", "draw_published", "draw_shared_starts", "shrink", "time_colours"]

Landscape = Mapping[str, np.ndarray]

PIXELS_PER_INCH = 300
PAPER = "#FBFBF6"  # converged: nearly white, so that a panel does not melt into the page
NEVER = "#101010"
# class boundaries (first value of each), names and colours
CLUSTERS = [(1, "1", PAPER), (2, "2", BLUE), (3, "3", GREEN), (4, "4", ORANGE), (5, "5", PURPLE), (6, "6 or more", RED)]
PERIODS = [
    (0, "none found", INK),
    (1, "1", PAPER),
    (2, "2", SKY),
    (3, "3", GREEN),
    (4, "4", ORANGE),
    (5, "5 or more", RED),
]


def shrink(array: np.ndarray, largest: int, average: bool) -> np.ndarray:
    """At most ``largest`` pixels along each side, by blocks: their mean, or their first pixel for classes.

    Works a row of blocks at a time, so that an array of any size needs little more memory.
    """
    block = -(-max(array.shape) // largest)
    if block <= 1:
        return array
    if not average:
        # a copy: a view would keep the whole array in memory
        return array[::block, ::block].copy()
    starts = np.arange(0, array.shape[1], block)
    widths = np.diff([*starts, array.shape[1]])
    rows = []
    for first in range(0, array.shape[0], block):
        piece = array[first : first + block]
        rows.append(np.add.reduceat(piece.sum(axis=0, dtype=float), starts) / (widths * len(piece)))
    return np.array(rows)


def _oriented(array: np.ndarray, orientation: str) -> np.ndarray:
    """Array [a, b] as rows from below: 'published' has b to the right and a upwards, 'a_right' the other way."""
    return array.T if orientation == "a_right" else array


def draw_published(converged: np.ndarray, orientation: str, largest: int) -> Figure:
    """The image as published: white where converged, bicubic, no axes, one pixel a grid point where that fits.

    Save it with ``dpi=PIXELS_PER_INCH``.
    """
    picture = _oriented(shrink(converged, largest, average=True), orientation)
    rows, columns = picture.shape
    figure = plt.figure(figsize=(columns / PIXELS_PER_INCH, rows / PIXELS_PER_INCH), layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.imshow(
        picture.astype(float), origin="lower", cmap="gray", vmin=0, vmax=1, interpolation="bicubic", aspect="auto"
    )
    return figure


def _classes(axes: Axes, array: np.ndarray, classes: list, extent: tuple) -> None:
    """Draw an image of classes."""
    bounds = [first - 0.5 for first, _, _ in classes] + [300]
    colours = ListedColormap([colour for _, _, colour in classes])
    axes.imshow(
        array, origin="lower", extent=extent, cmap=colours, norm=BoundaryNorm(bounds, colours.N), aspect="auto",
        interpolation="nearest",
    )  # fmt: skip


def _class_patches(classes: list, shares: pd.Series) -> list[Patch]:
    """Legend entries of the classes that occur, with their share; ``shares`` has values as its index."""
    bounds = [first for first, _, _ in classes] + [300]
    patches = []
    for (first, name, colour), end in zip(classes, bounds[1:], strict=True):
        share = float(shares[(shares.index >= first) & (shares.index < end)].sum())
        if share > 0:
            patches.append(_patch(colour, f"{name} ({_percent(share)})"))
    return patches


def _patch(colour: str, label: str) -> Patch:
    return Patch(facecolor=colour, edgecolor=INK, linewidth=0.4, label=label)


def _percent(share: float) -> str:
    return "< 0.01 %" if share < 1e-4 else f"{100 * share:.3g} %"


def time_colours() -> ListedColormap:
    """Colours for times to converge that all stand out from the black of pixels that never do."""
    return ListedColormap(plt.get_cmap("viridis")(np.linspace(0.3, 1, 256)), bad=NEVER)


def _times(axes: Axes, array: np.ndarray, extent: tuple, longest: int) -> AxesImage:
    """Time to converge, logarithmic; pixels that never do are black."""
    return axes.imshow(
        np.ma.masked_less(np.where(array == 0, 1, array), 0), origin="lower", extent=extent, cmap=time_colours(),
        norm=LogNorm(1, max(longest, 2)), aspect="auto", interpolation="nearest",
    )  # fmt: skip


def _time_bar(axes: Axes, shown: AxesImage, longest: int, never: str) -> None:
    """Colour bar across the top of empty axes, and the patch of the pixels that never converge."""
    bar = axes.figure.colorbar(shown, cax=axes.inset_axes((0.05, 0.72, 0.9, 0.14)), orientation="horizontal")
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if tick <= longest]
    bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
    bar.minorticks_off()
    axes.legend(handles=[_patch(NEVER, never)], loc="lower center", bbox_to_anchor=(0.5, 0.0), handlelength=1.0)


def _legend(axes: Axes, patches: list[Patch]) -> None:
    """Legend that fills empty axes."""
    axes.legend(handles=patches, loc="upper center", ncols=2, handlelength=1.0, columnspacing=0.8, borderaxespad=0.0)


def _with_legends(rows: int, columns: int, side: float) -> tuple[Figure, np.ndarray, np.ndarray]:
    """Figure with ``rows`` of square panels of ``side`` inches and a row of empty axes below for legends."""
    height = rows * side + 0.95
    figure, axes = new_figure(
        DOUBLE, height, rows=rows + 1, columns=columns, squeeze=False, height_ratios=[*[side] * rows, 0.6]
    )
    for empty in axes[-1]:
        empty.set_axis_off()
    return figure, axes[:-1], axes[-1]


def _parameter_axes(axes: Axes, orientation: str) -> None:
    names = ("a", "b") if orientation == "a_right" else ("b", "a")
    axes.set_xlabel(f"${names[0]}$")
    axes.set_ylabel(f"${names[1]}$", labelpad=1)
    axes.locator_params(nbins=5)
    axes.set_box_aspect(1)
    axes.spines[:].set_visible(True)


def _extent(landscape: Landscape, orientation: str) -> tuple[float, float, float, float]:
    a, b = landscape["a"], landscape["b"]
    return (a[0], a[-1], b[0], b[-1]) if orientation == "a_right" else (b[0], b[-1], a[0], a[-1])


def draw_details(
    landscape: Landscape, shares: pd.DataFrame, *, iterations: int, longest_period: int, orientation: str, largest: int
) -> Figure:
    """Clusters left, time to converge and period of one image, each with its legend.

    ``landscape`` holds clusters, time and period, each (len(a), len(b)), and a and b; ``shares`` has the columns quantity, value
    and share of ``summary.class_shares``; ``largest`` is the number of pixels along a panel.
    """
    clusters, time, period = (
        _oriented(shrink(landscape[name], largest, average=False), orientation)
        for name in ("clusters", "time", "period")
    )
    share = {name: rows.set_index("value")["share"] for name, rows in shares.groupby("quantity")}
    extent = _extent(landscape, orientation)
    figure, panels, below = _with_legends(1, 3, 2.4)
    _classes(panels[0, 0], clusters, CLUSTERS, extent)
    _legend(below[0], _class_patches(CLUSTERS, share["clusters"]))
    shown = _times(panels[0, 1], time, extent, iterations)
    _time_bar(below[1], shown, iterations, f"not within {iterations} ({_percent(float(share['time'].get(-1, 0.0)))})")
    _classes(panels[0, 2], period, PERIODS, extent)
    _legend(below[2], _class_patches(PERIODS, share["period"]))
    titles = ("clusters left", "iterations until converged", f"period (up to {longest_period})")
    for axes, title in zip(panels[0], titles, strict=True):
        axes.set_title(title)
        _parameter_axes(axes, orientation)
    return figure


def draw_contact_sheet(landscapes: Mapping[int, Landscape], iterations: int, orientation: str) -> Figure:
    """All seeds, a row each: the published image, clusters, time and period, and ``share`` converged."""
    figure, rows, below = _with_legends(len(landscapes), 4, 1.68)
    for (seed, landscape), panels in zip(landscapes.items(), rows, strict=True):
        extent = _extent(landscape, orientation)
        binary, *others = (
            _oriented(landscape[name], orientation) for name in ("converged", "clusters", "time", "period")
        )
        panels[0].imshow(
            binary.astype(float), origin="lower", extent=extent, cmap="gray", vmin=0, vmax=1, aspect="auto"
        )
        _classes(panels[1], others[0], CLUSTERS, extent)
        shown = _times(panels[2], others[1], extent, iterations)
        _classes(panels[3], others[2], PERIODS, extent)
        for axes in panels:
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_box_aspect(1)
            axes.spines[:].set_visible(True)
        panels[0].set_ylabel(f"seed {seed}\n{_percent(float(landscape['share']))} converged")
    for axes, title in zip(rows[0], ("as published", "clusters left", "time to converge", "period"), strict=True):
        axes.set_title(title)
    _legend(below[0], [_patch("white", "converged"), _patch("black", "not")])
    _legend(below[1], [_patch(colour, name) for _, name, colour in CLUSTERS])
    _time_bar(below[2], shown, iterations, f"not within {iterations}")
    _legend(below[3], [_patch(colour, name) for _, name, colour in PERIODS])
    return figure


def draw_shared_starts(pairs: Mapping[int, tuple[np.ndarray, np.ndarray]], shares: Mapping[int, float]) -> Figure:
    """For each seed the image with a start for each pixel (above) and with one start for all (below), b to the right."""
    figure, rows = new_figure(
        DOUBLE, 0.6 + 2 * 0.93 * DOUBLE / max(3, len(pairs)), rows=2, columns=len(pairs), squeeze=False
    )
    for column, (seed, pair) in enumerate(pairs.items()):
        for axes, converged in zip(rows[:, column], pair, strict=True):
            axes.imshow(shrink(converged, 700, average=True).astype(float), origin="lower", cmap="gray", vmin=0, vmax=1)
            axes.set_xticks([])
            axes.set_yticks([])
        rows[0, column].set_title(f"seed {seed}")
        rows[1, column].set_xlabel(f"{100 * shares[seed]:.3g} % differ")
    rows[0, 0].set_ylabel("a start for each pixel")
    rows[1, 0].set_ylabel("one start for all")
    return figure
