"""Tokens of one prompt: Gram matrices, and their first principal components through depth."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.sphere import View, draw_ball
from attention_atlas.drawing.style import DIVERGING, DOUBLE, GREY, new_figure, plt
from attention_atlas.papers.language.drawing.names import colour_of, label_of
from attention_atlas.papers.language.summaries import cluster_order

__all__ = ["cluster_colours", "draw_grams", "draw_token_views", "token_frames"]

# The colour of a cluster, from the largest on; the many small ones after that are grey.
CLUSTERS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
# What the ball is filled with: distant tokens fade into it.
BALL = "#F3F3F3"
VIEW = View(azimuth=50.0, elevation=22.0)


def cluster_colours(clusters: np.ndarray) -> np.ndarray:
    """Colour (n, 4) of each token by its cluster at the last layer shown."""
    palette = to_rgba_array([*CLUSTERS, GREY])
    return palette[np.minimum(clusters, len(CLUSTERS))]


def _draw_inside(axes: Axes, points: np.ndarray, view: View, size: float, colours: np.ndarray) -> None:
    """Points (n, 3) inside the ball, the farther the paler; opaque, so that many tokens in one place stay one clear dot."""
    projected = view.project(points)
    order = np.argsort(projected[:, 2], kind="stable")
    away = np.clip(0.35 - 0.35 * projected[:, 2], 0, 0.65)[:, None]
    mixed = (1 - away) * colours + away * np.array(to_rgba(BALL))
    right, up, _ = projected[order].T
    axes.scatter(right, up, s=size, c=mixed[order], linewidths=0.25, edgecolors="white", zorder=3)


def draw_grams(grams: dict[str, np.ndarray], models: Sequence[str], layers: Sequence[int]) -> Figure:
    """Gram matrices: a row a model, a column a layer; tokens in the order of the clusters at the last layer."""
    figure, axes = new_figure(
        DOUBLE, 0.32 + 1.07 * 6 / max(6, len(layers)) * len(models), len(models), len(layers), squeeze=False
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
        DOUBLE, 0.3 + 1.1 * 6 / max(6, len(layers)) * len(models), len(models), len(layers), squeeze=False
    )
    for row, model in enumerate(models):
        for column, layer in enumerate(layers):
            rows = table[(table["model"] == model) & (table["layer"] == layer)]
            panel = axes[row, column]
            draw_ball(panel, VIEW)
            colours = cluster_colours(rows["cluster"].to_numpy())
            _draw_inside(panel, rows[["p1", "p2", "p3"]].to_numpy(), VIEW, 5.0, colours)
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
            _draw_inside(panel, depth[model][layer].astype(float), view, 16.0 * pixels / 480, colours)
            panel.set_title(label_of(model), color=colour_of(model), fontweight="bold", fontsize=10 * pixels / 480)
        note = f"layer {layer}" + ("" if layer <= depth_of_model else " (beyond the true depth)")
        figure.text(0.5, 0.035, note, ha="center", fontsize=10 * pixels / 480)
        yield figure_pixels(figure)
        plt.close(figure)
