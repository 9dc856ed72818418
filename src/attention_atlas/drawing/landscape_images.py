"""Pictures of convergence landscapes: the published one, what it hides, and the sheet of all."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from attention_atlas.drawing.style import BLUE, DOUBLE, GREEN, INK, ORANGE, PURPLE, RED, SEQUENTIAL, SKY, new_figure

__all__ = ["draw_contact_sheet", "draw_details", "draw_published", "draw_shared_starts", "shrink"]

Landscape = Mapping[str, np.ndarray]

PIXELS_PER_INCH = 300
PAPER = "#FBFBF6"  # converged: nearly white, so that a panel does not melt into the page
NEVER = "#3A3A3A"
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
        return array[::block, ::block]
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


def _classes(axes: Axes, array: np.ndarray, classes: list, extent: tuple, legend: bool) -> None:
    """An image of classes with a legend of those that occur, with their share."""
    bounds = [first - 0.5 for first, _, _ in classes] + [300]
    colours = ListedColormap([colour for _, _, colour in classes])
    axes.imshow(
        array, origin="lower", extent=extent, cmap=colours, norm=BoundaryNorm(bounds, colours.N), aspect="auto",
        interpolation="nearest",
    )  # fmt: skip
    if legend:
        shares = np.histogram(array, bounds)[0] / array.size
        patches = [
            Patch(facecolor=colour, edgecolor=INK, linewidth=0.4, label=f"{name} ({100 * share:.2g} %)")
            for (_, name, colour), share in zip(classes, shares, strict=True)
            if share > 0
        ]
        axes.legend(
            handles=patches,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.2),
            ncols=2,
            handlelength=1.0,
            columnspacing=1.0,
        )


def _times(axes: Axes, array: np.ndarray, extent: tuple, longest: int):  # type: ignore[no-untyped-def]
    """Time to converge, logarithmic; pixels that never do are grey. Returns the image for a colour bar."""
    colours = plt.get_cmap(SEQUENTIAL).copy()
    colours.set_bad(NEVER)
    return axes.imshow(
        np.ma.masked_less(np.where(array == 0, 1, array), 0), origin="lower", extent=extent, cmap=colours,
        norm=LogNorm(1, max(longest, 2)), aspect="auto", interpolation="nearest",
    )  # fmt: skip


def _parameter_axes(axes: Axes, orientation: str) -> None:
    names = ("a", "b") if orientation == "a_right" else ("b", "a")
    axes.set_xlabel(f"${names[0]}$")
    axes.set_ylabel(f"${names[1]}$")
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.set_box_aspect(1)


def _extent(landscape: Landscape, orientation: str) -> tuple[float, float, float, float]:
    a, b = landscape["a"], landscape["b"]
    return (a[0], a[-1], b[0], b[-1]) if orientation == "a_right" else (b[0], b[-1], a[0], a[-1])


def draw_details(landscape: Landscape, iterations: int, longest_period: int, orientation: str, largest: int) -> Figure:
    """Clusters left, time to converge and period of one image, each with its legend."""
    small = {
        name: _oriented(shrink(landscape[name], largest, average=False), orientation)
        for name in ("clusters", "time", "period")
    }
    extent = _extent(landscape, orientation)
    figure, panels = new_figure(DOUBLE, 3.3, columns=3)
    for axes in panels:
        _parameter_axes(axes, orientation)
    panels[0].set_title("clusters left")
    _classes(panels[0], small["clusters"], CLUSTERS, extent, legend=True)
    panels[1].set_title("iterations until converged")
    shown = _times(panels[1], small["time"], extent, iterations)
    bar = figure.colorbar(shown, ax=panels[1], location="bottom", shrink=0.9, aspect=22, pad=0.02)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000) if tick <= iterations]
    bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
    bar.minorticks_off()
    never = Patch(facecolor=NEVER, label=f"not within {iterations} ({100 * np.mean(small['time'] < 0):.3g} %)")
    panels[1].legend(handles=[never], loc="upper center", bbox_to_anchor=(0.5, -0.2), handlelength=1.0)
    panels[2].set_title(f"period (up to {longest_period})")
    _classes(panels[2], small["period"], PERIODS, extent, legend=True)
    return figure


def draw_contact_sheet(landscapes: Mapping[int, Landscape], iterations: int, orientation: str) -> Figure:
    """All seeds, a row each: the published image, clusters, time and period, and ``share`` converged."""
    figure, rows = new_figure(DOUBLE, 1.8 * len(landscapes) + 0.7, rows=len(landscapes), columns=4, squeeze=False)
    titles = ("as published", "clusters left", "time to converge", "period")
    for (seed, landscape), panels in zip(landscapes.items(), rows, strict=True):
        extent = _extent(landscape, orientation)
        share = 100 * landscape["share"]
        binary, *others = (
            _oriented(landscape[name], orientation) for name in ("converged", "clusters", "time", "period")
        )
        panels[0].imshow(
            binary.astype(float), origin="lower", extent=extent, cmap="gray", vmin=0, vmax=1, aspect="auto"
        )
        _classes(panels[1], others[0], CLUSTERS, extent, legend=False)
        shown = _times(panels[2], others[1], extent, iterations)
        _classes(panels[3], others[2], PERIODS, extent, legend=False)
        for axes in panels:
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_box_aspect(1)
            for spine in axes.spines.values():
                spine.set_visible(True)
        panels[0].set_ylabel(f"seed {seed}\n{share:.3g} % converged")
    for axes, title in zip(rows[0], titles, strict=True):
        axes.set_title(title)
    _sheet_legends(figure, rows[-1], shown)
    return figure


def _sheet_legends(figure: Figure, panels: Sequence[Axes], shown) -> None:  # type: ignore[no-untyped-def]
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.03), "handlelength": 1.0, "columnspacing": 1.0}
    outline = {"edgecolor": INK, "linewidth": 0.4}
    binary = [Patch(facecolor="white", label="converged", **outline), Patch(facecolor="black", label="not", **outline)]
    panels[0].legend(handles=binary, ncols=2, **below)
    for axes, classes in ((panels[1], CLUSTERS), (panels[3], PERIODS)):
        patches = [Patch(facecolor=colour, label=name, **outline) for _, name, colour in classes]
        axes.legend(handles=patches, ncols=2, **below)
    panels[2].legend(handles=[Patch(facecolor=NEVER, label="never")], **below)
    inset = panels[2].inset_axes((0.05, -0.42, 0.9, 0.06))
    bar = figure.colorbar(shown, cax=inset, orientation="horizontal")
    ticks = [tick for tick in (1, 10, 100, 1000, 10000) if tick <= shown.norm.vmax]
    bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
    bar.minorticks_off()


def draw_shared_starts(pairs: Mapping[int, tuple[np.ndarray, np.ndarray]], shares: Mapping[int, float]) -> Figure:
    """For each seed the image with a start for each pixel (above) and with one start for all (below), b to the right."""
    figure, rows = new_figure(DOUBLE, 0.9 + 2 * DOUBLE / max(3, len(pairs)), rows=2, columns=len(pairs), squeeze=False)
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
