"""Pictures of the zoom into a boundary and of its box-counting dimension."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageDraw, ImageFont

from attention_atlas.drawing.style import CATEGORIES, DOUBLE, RED, new_figure
from attention_atlas.papers.art.drawing.images import time_colours
from attention_atlas.papers.art.window import Window

__all__ = ["draw_dimension", "draw_zoom_stills", "magnification_text", "zoom_frames"]

MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
# Pillow's own font lacks the sign ×; Matplotlib brings one that has it.
CAPTION_FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
NEVER = np.array([16, 16, 16], np.uint8)


def magnification_text(magnification: float) -> str:
    """'× 1', '× 12.3' or '× 256'."""
    return f"× {magnification:.3g}" if magnification < 1000 else f"× {magnification:,.0f}"


def _mark_next(axes: Axes, window: Window) -> None:
    corner = (window.b_low, window.a_low)
    width, height = window.b_high - window.b_low, window.a_high - window.a_low
    axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=RED, linewidth=1.2))


def draw_zoom_stills(windows: Sequence[Window], times: np.ndarray) -> Figure:
    """A panel for each window, b to the right, a upwards: white where converged; the next window is framed in red."""
    columns = 3
    count = len(windows)
    rows = -(-count // columns)
    figure, panels = new_figure(DOUBLE, 2.55 * rows, rows=rows, columns=columns, squeeze=False)
    across = windows[0].b_high - windows[0].b_low
    for number, axes in enumerate(panels.flat):
        if number >= count:
            axes.set_axis_off()
            continue
        window = windows[number]
        picture = (times[number] >= 0).astype(float)
        extent = (window.b_low, window.b_high, window.a_low, window.a_high)
        axes.imshow(
            picture,
            origin="lower",
            extent=extent,
            cmap="gray",
            vmin=0,
            vmax=1,
            aspect="auto",
            interpolation="antialiased",
        )
        if number + 1 < count:
            _mark_next(axes, windows[number + 1])
        title = magnification_text(across / (window.b_high - window.b_low))
        if number == 0:
            title += rf":  ${window.b_low:g} \leq b \leq {window.b_high:g}$,"
            title += rf"  ${window.a_low:g} \leq a \leq {window.a_high:g}$"
        axes.set_title(title)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_box_aspect(1)
        for spine in axes.spines.values():
            spine.set_visible(True)
    return figure


def zoom_frames(windows: Sequence[Window], times: np.ndarray, iterations: int) -> Iterator[np.ndarray]:
    """Frames (pixels, pixels, 3) of the zoom: colour by time to converge, black where never; magnification below."""
    norm, colours = LogNorm(1, max(iterations, 2)), time_colours()
    table = (255 * colours(norm(np.maximum(np.arange(iterations + 1), 1)))[:, :3]).round().astype(np.uint8)
    pixels = times.shape[1]
    font = ImageFont.truetype(CAPTION_FONT, size=max(10, pixels // 24))
    across = windows[0].b_high - windows[0].b_low
    for window, time in zip(windows, times, strict=True):
        frame = np.where(time[..., None] < 0, NEVER, table[np.maximum(time, 0)])[::-1]
        picture = Image.fromarray(np.ascontiguousarray(frame))
        text = magnification_text(across / (window.b_high - window.b_low))
        margin = pixels // 40
        ImageDraw.Draw(picture).text(
            (margin, pixels - margin), text, anchor="ls", font=font, fill="white", stroke_width=2, stroke_fill="black"
        )
        yield np.array(picture)


def draw_dimension(shared: pd.DataFrame, separate: pd.DataFrame) -> Figure:
    """Boxes that hold boundary against their side, with the fitted lines; a panel for each kind of start.

    Both tables have columns seed, box, count, slope, error, fitted.
    """
    figure, panels = new_figure(DOUBLE, 3.4, columns=2, sharey=True)
    for axes, table, title in (
        (panels[0], shared, "one start shared by all pixels"),
        (panels[1], separate, "a start for each pixel"),
    ):
        for number, (seed, rows) in enumerate(table.groupby("seed", sort=False)):
            colour, marker = CATEGORIES[number % len(CATEGORIES)], MARKERS[number % len(MARKERS)]
            axes.plot(rows["box"], rows["count"], marker, color=colour, markersize=3.5, mfc="none")
            used = rows[rows["fitted"]]
            if len(used) >= 2:
                centre = (
                    np.exp(np.log(used["count"]).mean()) * np.exp(np.log(used["box"]).mean()) ** used["slope"].iloc[0]
                )
                label = f"{seed}: {used['slope'].iloc[0]:.3f} ± {used['error'].iloc[0]:.3f}"
                axes.plot(used["box"], centre * used["box"] ** -used["slope"], color=colour)
                axes.plot([], [], marker, linestyle="-", color=colour, markersize=3.5, mfc="none", label=label)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_title(title)
        axes.set_xlabel("side of a box (pixels)")
        axes.legend(title="seed: dimension", title_fontsize=7)
    panels[0].set_ylabel("boxes that hold boundary")
    return figure
