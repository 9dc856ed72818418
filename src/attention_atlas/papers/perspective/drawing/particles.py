"""Particles of the self-attention flow on the circle and the sphere: snapshots with fading traces, and animations.

On the circle a trace is drawn inside it, older times nearer to the centre, since
on the circle itself it would hide under the particles. A particle has the
colour of the cluster that it ends in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.sphere import View, sphere_raster
from attention_atlas.drawing.style import CATEGORIES, DOUBLE, GREY, INK, plt
from attention_atlas.geometry.sphere import cluster_labels

__all__ = [
    "VIEW",
    "cluster_colours",
    "draw_background",
    "draw_particles",
    "draw_wire_sphere",
    "paint",
    "pale_sphere",
    "particle_frames",
]

VIEW = View()
THRESHOLD = 0.999
# Records of a trace, and the radius where the oldest part of a circle's trace starts.
TRACE, INNERMOST = 60, 0.4


def cluster_colours(ends: np.ndarray) -> np.ndarray:
    """RGB of each particle by the cluster it ends in, the largest cluster first in the palette."""
    labels = cluster_labels(ends, float(np.sqrt(2 - 2 * THRESHOLD)))
    order = np.argsort(-np.bincount(labels), kind="stable")
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return np.array([to_rgb(CATEGORIES[place % len(CATEGORIES)]) for place in rank[labels]])


def _faded(colours: np.ndarray, segments: int, oldest: float) -> np.ndarray:
    """RGBA for each particle and segment, (n, segments, 4); ``oldest`` is the share of the full colour that the oldest keeps."""
    alpha = 0.7 * (oldest + (1 - oldest) * np.linspace(0, 1, segments + 1)[1:] ** 1.5)
    return np.concatenate(
        [
            np.repeat(colours[:, None], segments, axis=1),
            np.broadcast_to(alpha[None, :, None], (len(colours), segments, 1)),
        ],
        axis=-1,
    )


def _segments(paths: np.ndarray) -> np.ndarray:
    """Pieces (n * segments, 2, 2) of plane paths (records, n, 2), particle by particle."""
    pieces = np.stack([paths[:-1], paths[1:]], axis=2)
    return np.swapaxes(pieces, 0, 1).reshape(-1, 2, 2)


def _on_circle(axes: Axes, history: np.ndarray, colours: np.ndarray, size: float, oldest: float) -> list:
    """Particles and traces of history (records, n, 2), whose last record is now."""
    artists: list[Any] = []
    if len(history) > 1:
        radius = np.linspace(INNERMOST, 1, len(history))
        paths = history * radius[:, None, None]
        fade = _faded(colours, len(history) - 1, oldest).reshape(-1, 4)
        artists.append(
            axes.add_collection(LineCollection(list(_segments(paths)), colors=fade, linewidths=0.6, zorder=2))
        )
    artists.append(
        axes.scatter(
            history[-1, :, 0], history[-1, :, 1], s=size, c=colours, linewidths=0.3, edgecolors="white", zorder=5
        )
    )
    return artists


def _on_sphere(axes: Axes, history: np.ndarray, colours: np.ndarray, size: float, view: View, oldest: float) -> list:
    """The same on the sphere, (records, n, 3); what is behind it is faint."""
    artists: list[Any] = []
    projected = view.project(history)
    if len(history) > 1:
        fade = _faded(colours, len(history) - 1, oldest)
        fade[..., 3] *= np.where(projected[1:, :, 2].T < 0, 0.25, 1.0)
        pieces = list(_segments(projected[..., :2]))
        artists.append(
            axes.add_collection(LineCollection(pieces, colors=fade.reshape(-1, 4), linewidths=0.8, zorder=2))
        )
    now = projected[-1]
    hidden = now[:, 2] < 0
    for group, alpha, order in ((hidden, 0.3, 3), (~hidden, 1.0, 5)):
        artists.append(
            axes.scatter(
                now[group, 0],
                now[group, 1],
                s=size,
                c=colours[group],
                alpha=alpha,
                linewidths=0.3,
                edgecolors="white",
                zorder=order,
            )
        )
    return artists


def pale_sphere(view: View, pixels: int) -> np.ndarray:
    """A shaded sphere without colour, light enough for thin lines on it, (pixels, pixels, 4)."""
    picture = sphere_raster(np.eye(3), view, pixels)
    picture[..., :3] = 1 - 0.5 * (1 - picture[..., :3].mean(axis=-1, keepdims=True))
    return picture


def draw_wire_sphere(axes: Axes, view: View, pixels: int) -> None:
    """The pale sphere with its meridians and parallels each 30 degrees, those behind it fainter; the poles are those of e3."""
    axes.imshow(pale_sphere(view, pixels), extent=(-1, 1, -1, 1), interpolation="bilinear", zorder=1)
    turn = np.linspace(0, 2 * np.pi, 181)
    level = [(np.sqrt(1 - z**2), z) for z in np.sin(np.radians([-60, -30, 0, 30, 60]))]
    rings = [np.stack([r * np.cos(turn), r * np.sin(turn), np.full_like(turn, z)], axis=-1) for r, z in level]
    for longitude in np.radians(np.arange(0, 180, 30)):
        across = np.stack([np.cos(longitude) * np.cos(turn), np.sin(longitude) * np.cos(turn), np.sin(turn)], axis=-1)
        rings.append(across)
    for ring in rings:
        places = view.project(ring)
        for group, alpha in ((places[:, 2] < 0, 0.18), (places[:, 2] >= 0, 0.5)):
            axes.plot(*np.where(group[:, None], places[:, :2], np.nan).T, color=GREY, lw=0.3, alpha=alpha, zorder=1.5)
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_background(axes: Axes, dimension: int, pixels: int, view: View = VIEW) -> None:
    """The circle, or the pale sphere with its meridians."""
    if dimension == 2:
        turn = np.linspace(0, 2 * np.pi, 361)
        axes.plot(np.cos(turn), np.sin(turn), color=GREY, lw=0.6, zorder=1)
    else:
        draw_wire_sphere(axes, view, pixels)
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.set_aspect("equal")
    axes.axis("off")


def paint(
    axes: Axes, history: np.ndarray, colours: np.ndarray, size: float, view: View = VIEW, oldest: float = 0.0
) -> list:
    """The particles at the last record of history (records, n, d) and their traces; what was drawn is returned."""
    if history.shape[-1] == 2:
        return _on_circle(axes, history, colours, size, oldest)
    return _on_sphere(axes, history, colours, size, view, oldest)


def _time_text(time: float) -> str:
    return f"$t = {time:.3g}$"


def draw_particles(
    runs: Sequence[Mapping[str, np.ndarray]], panels: Mapping[str, Mapping[str, Any]], columns: int, across: int
) -> Figure:
    """Four snapshots of each panel, ``columns`` panels side by side, ``across`` snapshots of a panel side by side.

    Parameters
    ----------
    runs
        For each panel positions (records, n, d), steps and times.
    panels
        Letter -> beta, particles, snapshots (steps).
    """
    columns = min(columns, len(panels))
    gap, head = 0.12, 0.26  # inches between panels, above a panel
    side = (DOUBLE - gap * (columns - 1)) / (columns * across)
    down = -(-4 // across)
    rows = -(-len(panels) // columns)
    block = down * side + head
    height = rows * block
    figure = plt.figure(figsize=(DOUBLE, height), layout="none")
    for place, (run, (letter, panel)) in enumerate(zip(runs, panels.items(), strict=True)):
        row, column = divmod(place, columns)
        left, top = column * (across * side + gap), height - row * block
        colours = cluster_colours(run["positions"][-1])
        name = rf"$\mathbf{{{letter}}}$  $\beta = {panel['beta']:g}$, $n = {panel['particles']}$"
        figure.text((left + 0.05) / DOUBLE, (top - 0.19) / height, name, fontsize=8)
        for shot, step in enumerate(panel["snapshots"]):
            record = int(np.searchsorted(run["steps"], step))
            below, right = divmod(shot, across)
            bottom = top - head - (below + 1) * side
            axes = figure.add_axes(((left + right * side) / DOUBLE, bottom / height, side / DOUBLE, side / height))
            flat = run["positions"].shape[-1] == 2
            draw_background(axes, run["positions"].shape[-1], 400)
            size = 4.5 if panel["particles"] > 50 else 9.0
            paint(axes, run["positions"][max(0, record - TRACE) : record + 1], colours, size)
            time = _time_text(float(run["times"][record]))
            if flat:
                axes.text(0, 0, time, ha="center", va="center", fontsize=6.5, color=INK, zorder=6)
            else:
                axes.text(-1.05, -1.05, time, fontsize=6.5, color=INK, zorder=6)
    return figure


def particle_frames(run: Mapping[str, np.ndarray], name: str, frames: int, pixels: int) -> Iterator[np.ndarray]:
    """Pictures (pixels, pixels, 3) at evenly spaced records (steps that grow like a square)."""
    positions, dpi = run["positions"], 150
    colours = cluster_colours(positions[-1])
    figure = plt.figure(figsize=(pixels / dpi, pixels / dpi), dpi=dpi, layout="none")
    axes = figure.add_axes((0.0, 0.03, 1.0, 0.94))
    draw_background(axes, positions.shape[-1], pixels)
    figure.text(0.02, 0.955, name, fontsize=7, color=INK)
    caption = figure.text(0.02, 0.02, "", fontsize=7, color=INK)
    size = 8.0 if positions.shape[1] > 50 else 16.0
    for record in np.unique(np.round(np.linspace(0, len(positions) - 1, frames)).astype(int)):
        artists = paint(axes, positions[max(0, record - TRACE) : record + 1], colours, size)
        caption.set_text(_time_text(float(run["times"][record])))
        yield figure_pixels(figure)
        for artist in artists:
            artist.remove()
    plt.close(figure)
