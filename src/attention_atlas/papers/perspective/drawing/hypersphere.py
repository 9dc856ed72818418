"""Points on S^2 with tangent arrows, as a still."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from attention_atlas.drawing.style import BLUE, DOUBLE, INK, RED, new_figure, panel_label
from attention_atlas.papers.perspective.drawing.particles import VIEW, pale_sphere

__all__ = ["draw_hypersphere"]

# Length of the longest arrow, in radii of the sphere.
MAX_LENGTH = 0.42


def _arrow(axes: Axes, foot: np.ndarray, tip: np.ndarray, colour: str, head: float, alpha: float, order: float) -> None:
    """One arrow in the plane of the picture; ``head`` is the size of its head in points."""
    arrow = FancyArrowPatch(
        (float(foot[0]), float(foot[1])),
        (float(tip[0]), float(tip[1])),
        arrowstyle="-|>",
        mutation_scale=head,
        shrinkA=0,
        shrinkB=0,
        color=colour,
        lw=1.0,
        alpha=alpha,
        zorder=order,
    )
    axes.add_patch(arrow)


def _arrows(axes: Axes, points: np.ndarray, vectors: np.ndarray, colour: str) -> None:
    """Arrows (n, 3) from points (n, 3); those behind the sphere faint."""
    axes.imshow(pale_sphere(VIEW, 800), extent=(-1, 1, -1, 1), interpolation="bilinear", zorder=1)
    scale = MAX_LENGTH / max(np.linalg.norm(vectors, axis=1).max(), 1e-12)
    feet, tips = VIEW.project(points), VIEW.project(points + scale * vectors)
    for hidden, alpha, order in ((True, 0.25, 2), (False, 1.0, 4)):
        group = (feet[:, 2] < 0) == hidden
        for foot, tip in zip(feet[group], tips[group], strict=True):
            _arrow(axes, foot, tip, colour, 5.0, alpha, order)
        axes.scatter(
            feet[group, 0], feet[group, 1], s=10, color=INK, alpha=alpha, lw=0.3, edgecolors="white", zorder=order + 1
        )
    axes.set_xlim(-1.25, 1.25)
    axes.set_ylim(-1.25, 1.25)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_hypersphere(table: pd.DataFrame, vector: np.ndarray, flow: str, beta: float) -> Figure:
    """Left the projections of a fixed vector, right the attention field (columns x, fixed_x, field_x and so on)."""
    figure, axes = new_figure(DOUBLE, 3.5, 1, 2)
    points = table[["x", "y", "z"]].to_numpy()
    for axis, prefix, colour in zip(axes, ("fixed_", "field_"), (BLUE, RED), strict=True):
        _arrows(axis, points, table[[f"{prefix}{name}" for name in "xyz"]].to_numpy(), colour)
    tip = VIEW.project(np.asarray(vector, dtype=float) / np.linalg.norm(vector))
    _arrow(axes[0], tip, 1.2 * tip, INK, 7.0, 1.0, 6)
    axes[0].text(*(1.2 * tip[:2] + [0.05, 0]), "$v$", ha="left", va="center", color=INK)
    axes[0].set_title("$P_x v$ of a fixed vector $v$", y=0.98)
    axes[1].set_title(rf"attention field, {flow.upper()}, $\beta = {beta:g}$", y=0.98)
    panel_label(axes[0], "a")
    panel_label(axes[1], "b")
    return figure
