"""Histograms of inner products, layer by layer: small multiples and ridges."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_atlas.drawing.style import DOUBLE, INK, new_figure
from attention_atlas.papers.language.drawing.names import colour_of, depth_colours, label_of

__all__ = ["draw_every_layer", "draw_histograms", "draw_ridges"]

# Ridges: at most so many repetitions; densities between these bounds on a logarithmic scale; height in units of the distance.
MAX_RIDGES = 24
LAYER_COLUMNS = 8
RIDGE_DENSITIES = (1e-2, 1e2)
RIDGE_HEIGHT = 1.9
INNER_PRODUCT = r"$\langle x_i, x_j\rangle$"


def _edges(centres: np.ndarray) -> np.ndarray:
    width = centres[1] - centres[0]
    return np.append(centres - width / 2, centres[-1] + width / 2)


def _one_histogram(axes: Axes, rows: pd.DataFrame, colour: str, floor: float) -> None:
    centres = rows["inner_product"].to_numpy()
    low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
    axes.stairs(
        np.maximum(rows["density"], floor), _edges(centres), color=colour, alpha=0.22, lw=0, fill=True, baseline=floor
    )
    axes.stairs(np.maximum(rows["density"], floor), _edges(centres), color=colour, lw=0.9, baseline=None)
    # a bin that some prompt leaves empty has no lower end on a logarithmic axis: there a band would look like a comb
    everywhere = low > 0
    axes.vlines(centres[everywhere], low[everywhere], high[everywhere], color=INK, lw=0.35, alpha=0.7)


def draw_histograms(table: pd.DataFrame, models: Sequence[str], layers: Sequence[int], pairs: int) -> Figure:
    """A row a layer, a column a model; density on a logarithmic axis, a thin line spans the prompts where none of them is empty.

    Parameters
    ----------
    table
        ``histograms.csv``: model, layer, inner_product, density, low, high.
    pairs
        Number of pairs of one prompt; one pair in one bin is the bottom of the axis.
    """
    bins = table["inner_product"].nunique()
    floor = 0.5 * bins / 2 / pairs
    figure, axes = new_figure(
        DOUBLE, 0.95 * len(layers) + 0.5, len(layers), len(models), sharex=True, sharey=True, squeeze=False
    )
    for column, model in enumerate(models):
        for row, layer in enumerate(layers):
            panel = axes[row, column]
            rows = table[(table["model"] == model) & (table["layer"] == layer)]
            _one_histogram(panel, rows, colour_of(model), floor)
            panel.set_yscale("log")
            panel.set_ylim(floor, 1.3 * bins / 2)
            panel.set_xlim(-0.6, 1.06)
            panel.text(0.04, 0.93, f"layer {layer}", transform=panel.transAxes, va="top", fontsize=7)
            panel.set_xticks([-0.5, 0, 0.5, 1])
            panel.set_yticks([1e-2, 1, 1e2])
            panel.minorticks_off()
        axes[0, column].set_title(label_of(model), color=colour_of(model), fontweight="bold")
        axes[-1, column].set_xlabel(INNER_PRODUCT)
    figure.supylabel("probability density", fontsize=8)
    return figure


def draw_every_layer(table: pd.DataFrame, model: str, pairs: int, depth: int) -> Figure:
    """All layers of one model, a small panel for each, on one logarithmic axis of density; those beyond the true ``depth`` are paler.

    ``table`` and ``pairs`` as for ``draw_histograms``.
    """
    bins = table["inner_product"].nunique()
    floor = 0.5 * bins / 2 / pairs
    chosen = table[table["model"] == model]
    layers = sorted(chosen["layer"].unique())
    rows = -(-len(layers) // LAYER_COLUMNS)
    figure, axes = new_figure(DOUBLE, 0.66 * rows + 0.7, rows, LAYER_COLUMNS, sharex=True, sharey=True, squeeze=False)
    for panel, layer in zip(axes.flat, layers, strict=False):
        line = chosen[chosen["layer"] == layer]
        edges, density = _edges(line["inner_product"].to_numpy()), np.maximum(line["density"], floor)
        alpha = 0.55 if layer <= depth else 0.3
        panel.stairs(density, edges, color=colour_of(model), alpha=alpha, lw=0, fill=True, baseline=floor)
        panel.stairs(density, edges, color=colour_of(model), lw=0.5, baseline=None)
        panel.set_yscale("log")
        panel.set_ylim(floor, 1.3 * bins / 2)
        panel.set_xlim(-0.6, 1.06)
        panel.set_xticks([-0.5, 0, 0.5, 1], ["", "0", "", "1"])
        panel.set_yticks([1e-2, 1, 1e2])
        panel.minorticks_off()
        panel.tick_params(labelsize=5.5, length=2, pad=1.5)
        panel.text(0.05, 0.94, f"{layer}", transform=panel.transAxes, va="top", fontsize=6)
    for panel in axes.flat[max(0, len(layers) - LAYER_COLUMNS) : len(layers)]:
        panel.tick_params(labelbottom=True)
    for panel in axes.flat[len(layers) :]:
        panel.set_axis_off()
    figure.suptitle(
        f"{label_of(model)}: layers 0 to {layers[-1]}", color=colour_of(model), fontsize=8, fontweight="bold"
    )
    figure.supxlabel(INNER_PRODUCT, fontsize=8)
    figure.supylabel("probability density", fontsize=8)
    return figure


def ridge_layers(last: int, depth: int) -> list[int]:
    """Every layer of the true depth, then the same layer of each repetition, as many as can be told apart."""
    step = depth * max(1, -(-last // (MAX_RIDGES * depth)))
    return [*range(min(depth, last) + 1), *range(depth + step, last + 1, step)]


def draw_ridges(table: pd.DataFrame, models: Sequence[str], depth: int) -> Figure:
    """Layers as ridges, from layer 0 at the top downwards; height is the logarithm of the density, each ridge has a shade of its own.

    Parameters
    ----------
    table
        ``histograms.csv``.
    depth
        True number of layers: all of these are drawn, then one in each repetition.
    """
    figure, axes = new_figure(DOUBLE, 4.6, 1, len(models), sharey=True, squeeze=False)
    last = int(table["layer"].max())
    layers = ridge_layers(last, depth)
    colours = depth_colours()
    low, high = RIDGE_DENSITIES
    for panel, model in zip(axes[0], models, strict=True):
        chosen = table[table["model"] == model]
        edges = _edges(np.sort(chosen["inner_product"].unique()))
        for place, layer in enumerate(layers):
            density = chosen.loc[chosen["layer"] == layer, "density"].to_numpy()
            height = RIDGE_HEIGHT * np.log(np.clip(density, low, high) / low) / np.log(high / low)
            # steps: the last bin, which ends at 1, is as wide as the others
            outline = np.append(height, height[-1]) - place
            panel.fill_between(
                edges, -place, outline, step="post", color=colours(place / max(len(layers) - 1, 1)), lw=0, zorder=place
            )
            panel.step(edges, outline, where="post", color="white", lw=0.4, zorder=place)
        panel.set_xlim(-0.4, 1.03)
        panel.set_ylim(0.4 - len(layers), RIDGE_HEIGHT + 0.1)
        panel.set_title(label_of(model), color=colour_of(model), fontweight="bold")
        panel.set_xlabel(INNER_PRODUCT)
        panel.spines["left"].set_visible(False)
        panel.set_yticks([-place for place in range(len(layers))], [str(layer) for layer in layers], fontsize=5.5)
        panel.tick_params(axis="y", length=0)
        panel.axhline(-layers.index(min(depth, last)) - 0.12, color=INK, lw=0.5, dashes=(2, 2), zorder=99)
    axes[0, 0].set_ylabel("layer (dotted: true depth)")
    _density_scale(axes[0, -1], len(layers), low, high)
    return figure


def _density_scale(axes: Axes, ridges: int, low: float, high: float) -> None:
    """The height of a ridge in densities, beside the last one."""
    foot, decades = 1.0 - ridges, round(np.log10(high / low))
    place = 1.03
    axes.plot(
        [place, place],
        [foot, foot + RIDGE_HEIGHT],
        transform=axes.get_yaxis_transform(),
        color=INK,
        lw=0.6,
        clip_on=False,
    )
    for step in range(0, decades + 1, 2):
        height = foot + RIDGE_HEIGHT * step / decades
        axes.plot(
            [place, place + 0.015],
            [height, height],
            transform=axes.get_yaxis_transform(),
            color=INK,
            lw=0.6,
            clip_on=False,
        )
        text = rf"$10^{{{round(np.log10(low)) + step}}}$"
        axes.text(place + 0.03, height, text, transform=axes.get_yaxis_transform(), va="center", fontsize=6)
    axes.text(
        place + 0.02,
        foot + RIDGE_HEIGHT + 0.45,
        "density",
        transform=axes.get_yaxis_transform(),
        va="bottom",
        fontsize=6.5,
    )
