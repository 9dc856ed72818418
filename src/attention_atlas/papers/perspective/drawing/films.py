"""Tokens with their complete paths: a picture of all ends, and films in uniform time with a camera that goes round."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.sphere import View
from attention_atlas.drawing.style import DOUBLE, INK, plt
from attention_atlas.papers.perspective.drawing.particles import VIEW, cluster_colours, draw_background, paint

__all__ = ["draw_films", "film_frames", "panel_name"]

COLUMNS = 3
# Share of its colour that the start of a path keeps to the end.
OLDEST = 0.6


def panel_name(letter: str, panel: Mapping[str, Any]) -> str:
    """Letter, beta and number of tokens in mathematical text."""
    return rf"$\mathbf{{{letter}}}$  $\beta = {panel['beta']:g}$, $n = {panel['particles']}$"


def _words(panel: Mapping[str, Any]) -> str:
    if panel["region"] == "antipodal":
        return f"antipodal, tilt {panel['tilt']:g}" if panel["tilt"] else "antipodal"
    start = "half sphere" if panel["region"] == "hemisphere" else "sphere" if panel["dimension"] == 3 else "circle"
    return f"{start}, seed {panel['seed']}"


def _size(particles: int) -> float:
    return 12.0 if particles <= 20 else 7.0


def draw_films(paths: Mapping[str, Mapping[str, np.ndarray]], panels: Mapping[str, Mapping[str, Any]]) -> Figure:
    """The end of every film with the complete paths.

    Parameters
    ----------
    paths
        letter -> positions (records, n, d) and times.
    panels
        letter -> beta, particles, dimension, region, seed, tilt.
    """
    head, foot, columns = 0.26, 0.2, min(COLUMNS, len(panels))
    side = DOUBLE / columns
    rows = -(-len(panels) // columns)
    height = rows * (side + head + foot)
    figure = plt.figure(figsize=(DOUBLE, height), layout="none")
    for place, (letter, panel) in enumerate(panels.items()):
        row, column = divmod(place, columns)
        top = height - row * (side + head + foot)
        left, bottom = column * side, top - head - side
        axes = figure.add_axes((left / DOUBLE, bottom / height, 1 / columns, side / height))
        path = paths[letter]
        draw_background(axes, panel["dimension"], 500)
        colours = cluster_colours(path["positions"][-1])
        paint(axes, path["positions"], colours, _size(panel["particles"]), oldest=OLDEST)
        figure.text((left + 0.05) / DOUBLE, (top - 0.19) / height, panel_name(letter, panel), fontsize=8)
        text = f"{_words(panel)}; $t = {path['times'][-1]:g}$"
        figure.text((left + 0.05) / DOUBLE, (bottom - 0.12) / height, text, fontsize=7, color=INK)
    return figure


def film_frames(path: Mapping[str, np.ndarray], name: str, pixels: int, turns: float) -> Iterator[np.ndarray]:
    """A picture (pixels, pixels, 3) a record; the camera goes ``turns`` times round the third axis in the whole film."""
    positions, times, dpi = path["positions"], path["times"], 150
    colours = cluster_colours(positions[-1])
    figure = plt.figure(figsize=(pixels / dpi, pixels / dpi), dpi=dpi, layout="none")
    axes = figure.add_axes((0.0, 0.03, 1.0, 0.94))
    figure.text(0.02, 0.955, name, fontsize=7, color=INK)
    caption = figure.text(0.02, 0.02, "", fontsize=7, color=INK)
    for record, time in enumerate(times):
        view = View(VIEW.azimuth + 360 * turns * record / len(times), VIEW.elevation)
        axes.clear()
        draw_background(axes, positions.shape[-1], pixels, view)
        paint(axes, positions[: record + 1], colours, 1.5 * _size(positions.shape[1]), view, OLDEST)
        caption.set_text(f"$t = {time:.4g}$, step {path['steps'][record]}")
        yield figure_pixels(figure)
    plt.close(figure)
