"""Spheres and circles coloured by a quadratic form, with points on them.

The orthographic projection is computed here and the sphere is one raster
behind vector points: sharp at any zoom, a small PDF, and fast enough for animations.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, ListedColormap, Normalize

from attention_atlas.drawing.style import GREY, INK, SEQUENTIAL, plt

__all__ = [
    "FORM_LABEL",
    "View",
    "add_form_bar",
    "draw_ball",
    "draw_circle",
    "draw_points",
    "draw_segment",
    "draw_sphere",
    "form_colours",
    "form_norm",
    "sphere_raster",
]

FORM_LABEL = r"$\langle x, D x\rangle$"
# From the upper left, a little towards the viewer.
LIGHT = np.array([-0.45, 0.6, 0.66])
AMBIENT = 0.74


class View(NamedTuple):
    """Direction of the viewer: azimuth in the plane of e1 and e2 and elevation above it, in degrees."""

    azimuth: float = 32.0
    elevation: float = 24.0

    def axes(self) -> np.ndarray:
        """Rows: the directions to the right, upwards and towards the viewer, (3, 3)."""
        a, e = np.radians([self.azimuth, self.elevation])
        right = [-np.sin(a), np.cos(a), 0.0]
        up = [-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)]
        towards = [np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)]
        return np.array([right, up, towards])

    def project(self, points: np.ndarray) -> np.ndarray:
        """Coordinates (right, up, towards the viewer) of points (..., 3)."""
        return points @ self.axes().T


def form_colours() -> Colormap:
    """The sequential map mixed with white: black points stay readable on all of it."""
    colours = plt.get_cmap(SEQUENTIAL)(np.linspace(0, 1, 256))
    colours[:, :3] = 0.62 * colours[:, :3] + 0.38
    return ListedColormap(colours, name="pale-" + SEQUENTIAL)


def form_norm(matrix: np.ndarray) -> Normalize:
    """From the smallest to the largest eigenvalue of D, the range of <x, Dx> on the sphere."""
    eigenvalues = np.linalg.eigvalsh(matrix)
    low, high = eigenvalues[0], eigenvalues[-1]
    if high - low < 1e-12:  # <x, Dx> is constant: its colour is the middle one
        low, high = low - 0.5, high + 0.5
    return Normalize(low, high)


def sphere_raster(matrix: np.ndarray, view: View, pixels: int = 700) -> np.ndarray:
    """Picture (pixels, pixels, 4) of the sphere coloured by <x, Dx> and lit from the upper left.

    Row 0 is the top; the sphere touches the border, its edge is smoothed over one pixel.
    """
    grid = (np.arange(pixels) + 0.5) / pixels * 2 - 1
    u, v = np.meshgrid(grid, -grid)
    radius = np.hypot(u, v)
    inside = np.minimum(radius, 1 - 1e-9)
    scale = np.where(radius > 0, inside / np.maximum(radius, 1e-12), 1.0)
    depth = np.sqrt(1 - inside**2)
    local = np.stack([u * scale, v * scale, depth], axis=-1)
    points = local @ view.axes()
    values = np.einsum("...i,ij,...j->...", points, matrix, points)
    picture = form_colours()(form_norm(matrix)(values))
    shade = AMBIENT + (1 - AMBIENT) * np.clip(local @ (LIGHT / np.linalg.norm(LIGHT)), 0, 1)
    shade *= 1 - 0.25 * (1 - depth) ** 3  # a darker rim
    picture[..., :3] = np.clip(picture[..., :3] * shade[..., None], 0, 1)
    picture[..., 3] = np.clip((1 - radius) * pixels / 2 + 0.5, 0, 1)
    return picture


def _frame(axes: Axes, reach: float) -> None:
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_sphere(axes: Axes, matrix: np.ndarray, view: View, pixels: int = 700) -> None:
    """The unit sphere coloured by <x, Dx>, with the three coordinate axes."""
    axes.imshow(sphere_raster(matrix, view, pixels), extent=(-1, 1, -1, 1), interpolation="bilinear", zorder=1)
    _draw_axes(axes, view)
    _frame(axes, 1.32)


def draw_ball(axes: Axes, view: View) -> None:
    """Outline of the unit ball: where the projections of points of a higher sphere lie."""
    turn = np.linspace(0, 2 * np.pi, 361)
    axes.fill(np.cos(turn), np.sin(turn), facecolor="#F3F3F3", edgecolor=GREY, linewidth=0.6, zorder=1)
    _draw_axes(axes, view, names=("$p_1$", "$p_2$", "$p_3$"))
    _frame(axes, 1.32)


def _draw_axes(axes: Axes, view: View, names: tuple[str, ...] = ("$e_1$", "$e_2$", "$e_3$")) -> None:
    """A line from the tip of each axis to the outside of the sphere, where its name stands clear of all points.

    Of an axis that points away from the viewer only what the outline leaves free is seen.
    """
    for tip, name in zip(np.eye(3), names, strict=True):
        right, up, towards = view.project(tip)
        length = max(np.hypot(right, up), 1e-9)
        outwards = np.array([right, up]) / length
        end = max(1.17 * length, 1.07)
        order = 4 if towards >= 0 else 0
        line = np.array([[right, up], end * outwards]).T
        axes.plot(*line, color=INK, lw=0.7 if length > 0.8 else 0.5, zorder=order, solid_capstyle="butt")
        place = (end + 0.1) * outwards
        axes.text(place[0], place[1], name, ha="center", va="center", fontsize=7, color=INK, zorder=2 * order)


def draw_points(
    axes: Axes,
    points: np.ndarray,
    view: View,
    size: float = 9.0,
    colours: np.ndarray | None = None,
    lift: bool = True,
    hidden_alpha: float = 0.22,
) -> None:
    """Points (n, 3): those behind the visible hemisphere faint (``hidden_alpha``), the others solid with a light rim.

    ``colours`` (n, 4) replaces black. ``lift`` draws both groups above the sphere.
    """
    projected = view.project(points)
    hidden = projected[:, 2] < 0
    fill = np.tile(plt.matplotlib.colors.to_rgba(INK), (len(points), 1)) if colours is None else np.asarray(colours)
    # points on top of each other would add up to a dark one: each place once
    _, first = np.unique(projected[hidden].round(2), axis=0, return_index=True)
    faint = fill[hidden][first]
    faint[:, 3] = hidden_alpha
    behind, before = projected[hidden][first], projected[~hidden]
    axes.scatter(behind[:, 0], behind[:, 1], s=0.75 * size, c=faint, linewidths=0, zorder=3 if lift else 1)
    axes.scatter(before[:, 0], before[:, 1], s=size, c=fill[~hidden], linewidths=0.3, edgecolors="white", zorder=5)


def draw_segment(axes: Axes, first: np.ndarray, second: np.ndarray, view: View) -> None:
    """A straight line through the ball between two points of the sphere: thin and dashed, it runs inside."""
    ends = view.project(np.stack([first, second]))
    axes.plot(ends[:, 0], ends[:, 1], color=INK, lw=0.6, alpha=0.45, dashes=(3, 2), zorder=2)


def draw_circle(
    axes: Axes, matrix: np.ndarray, width: float = 5.0, reach: float = 1.25, norm: Normalize | None = None
) -> None:
    """The unit circle coloured by <x, Dx>, with its two axes; ``norm`` is a scale that several circles share."""
    turn = np.linspace(0, 2 * np.pi, 361)
    points = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    values = np.einsum("ni,ij,nj->n", points, matrix, points)
    segments = np.stack([points[:-1], points[1:]], axis=1)
    ring = LineCollection(
        list(segments),
        cmap=form_colours(),
        norm=norm or form_norm(matrix),
        linewidths=width,
        zorder=1,
        capstyle="round",
    )
    ring.set_array((values[:-1] + values[1:]) / 2)
    axes.add_collection(ring)
    axes.plot([-1, 1], [0, 0], color=GREY, lw=0.4, zorder=0)
    axes.plot([0, 0], [-1, 1], color=GREY, lw=0.4, zorder=0)
    _frame(axes, reach)


def add_form_bar(figure, axes, matrix: np.ndarray, label: str = FORM_LABEL, **options) -> None:
    """Colour bar of <x, Dx>; one tick and one colour if the form is constant on the sphere."""
    eigenvalues, colours = np.linalg.eigvalsh(matrix), form_colours()
    constant = eigenvalues[-1] - eigenvalues[0] < 1e-12
    if constant:  # one value has one colour, the middle one
        colours = ListedColormap([colours(0.5)], name=f"{colours.name}-middle")
    bar = figure.colorbar(ScalarMappable(form_norm(matrix), colours), ax=axes, **options)
    bar.set_label(label)
    bar.outline.set_linewidth(0.4)
    if constant:
        bar.set_ticks([eigenvalues[0]])
