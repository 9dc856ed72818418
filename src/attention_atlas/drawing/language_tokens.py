"""Tokens of one prompt: Gram matrices, and their first principal components through depth."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure

from attention_atlas.analysis.language_summaries import cluster_order
from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.language_names import colour_of, label_of
from attention_atlas.drawing.sphere import View, draw_ball, draw_points
from attention_atlas.drawing.style import DIVERGING, DOUBLE, GREY, new_figure, plt

__all__ = ["cluster_colours", "draw_grams", "draw_token_views", "token_frames"]

# The colour of a cluster, from the largest on; the many small ones after that are grey.
CLUSTERS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
VIEW = View(azimuth=50.0, elevation=22.0)


def cluster_colours(clusters: np.ndarray) -> np.ndarray:
    """Colour (n, 4) of each token by its cluster at the last layer shown."""
    palette = to_rgba_array([*CLUSTERS, GREY])
    return palette[np.minimum(clusters, len(CLUSTERS))]


def draw_grams(grams: dict[str, np.ndarray], models: Sequence[str], layers: Sequence[int]) -> Figure:
    """Gram matrices: a row a model, a column a layer; tokens in the order of the clusters at the last layer."""
    figure, axes = new_figure(
        DOUBLE, 0.32 + 1.22 * 6 / max(6, len(layers)) * len(models), len(models), len(layers), squeeze=False
    )
    for row, model in enumerate(models):
        order = cluster_order(grams[f"{model}_clusters"])
        for column, layer in enumerate(layers):
            panel = axes[row, column]
            gram = grams[model][column][np.ix_(order, order)]
            # one token many pixels: no smoothing between clusters
            picture = panel.imshow(gram, vmin=-1, vmax=1, cmap=DIVERGING, interpolation="nearest")
            panel.set_xticks([])
            panel.set_yticks([])
            panel.spines[:].set_visible(True)
            if row == 0:
                panel.set_title(f"layer {layer}")
        axes[row, 0].set_ylabel(label_of(model), color=colour_of(model), fontweight="bold")
    bar = figure.colorbar(picture, ax=axes.ravel().tolist(), fraction=0.015, pad=0.01, ticks=[-1, 0, 1])
    bar.set_label(r"$\langle x_i, x_j\rangle$")
    bar.outline.set_linewidth(0.4)
    return figure


def draw_token_views(table: pd.DataFrame, models: Sequence[str], layers: Sequence[int]) -> Figure:
    """The unit ball of the first three components: a row a model, a column a layer."""
    figure, axes = new_figure(
        DOUBLE, 0.3 + 1.12 * 6 / max(6, len(layers)) * len(models), len(models), len(layers), squeeze=False
    )
    for row, model in enumerate(models):
        for column, layer in enumerate(layers):
            rows = table[(table["model"] == model) & (table["layer"] == layer)]
            panel = axes[row, column]
            draw_ball(panel, VIEW)
            colours = cluster_colours(rows["cluster"].to_numpy())
            draw_points(panel, rows[["p1", "p2", "p3"]].to_numpy(), VIEW, size=4.0, colours=colours)
            if row == 0:
                panel.set_title(f"layer {layer}")
        axes[row, 0].text(
            -0.08, 0.5, label_of(model), transform=axes[row, 0].transAxes, rotation=90, ha="center", va="center",
            color=colour_of(model), fontweight="bold", fontsize=8,
        )  # fmt: skip
    return figure


def token_frames(
    depth: dict[str, np.ndarray], models: Sequence[str], last: int, depth_of_model: int, pixels: int
) -> Iterator[np.ndarray]:
    """Pictures (pixels, width, 3), one a layer: the models side by side, the view turning slowly."""
    dpi = 100
    for layer in range(last + 1):
        size = (pixels / dpi * len(models), pixels / dpi)
        figure, axes = plt.subplots(1, len(models), figsize=size, dpi=dpi, squeeze=False, layout="none")
        figure.subplots_adjust(left=0, right=1, bottom=0.0, top=0.88, wspace=0)
        view = View(VIEW.azimuth + 60 * layer / max(last, 1), VIEW.elevation)
        for panel, model in zip(axes[0], models, strict=True):
            draw_ball(panel, view)
            colours = cluster_colours(depth[f"{model}_clusters"])
            draw_points(panel, depth[model][layer].astype(float), view, size=14.0 * pixels / 480, colours=colours)
            panel.set_title(label_of(model), color=colour_of(model), fontweight="bold", fontsize=10 * pixels / 480)
        note = f"layer {layer}" + ("" if layer <= depth_of_model else " (beyond the true depth)")
        figure.text(0.5, 0.035, note, ha="center", fontsize=10 * pixels / 480)
        yield figure_pixels(figure)
        plt.close(figure)
