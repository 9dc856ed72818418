"""The figures of the art, one function a row of ``workflow/figures/art.yaml``: read the tables, draw."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.output import Film, Picture
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.art.drawing.images import (
    PIXELS_PER_INCH,
    draw_contact_sheet,
    draw_details,
    draw_published,
    draw_shared_starts,
    shrink,
)
from attention_atlas.papers.art.drawing.zoom import draw_dimension, draw_zoom_stills, zoom_frames
from attention_atlas.papers.art.files import read_array
from attention_atlas.papers.art.window import Window

# Pixels along a panel. Arrays are made small as soon as they are read: only one is held in full at a time.
DETAIL_PIXELS, SHEET_PIXELS, STARTS_PIXELS = 1500, 500, 700


def landscape(arrays: str, orientation: str, largest: int) -> Picture:
    """The image of one seed as published."""
    return Picture(draw_published(read_array(arrays, "converged"), orientation, largest), dpi=PIXELS_PER_INCH)


def details(arrays: str, shares: str, iterations: int, longest_period: int, orientation: str) -> Picture:
    """What the image of one seed hides: clusters left, time to converge, period."""
    shown = {name: read_array(arrays, name) for name in ("a", "b")}
    for name in ("clusters", "time", "period"):
        shown[name] = shrink(read_array(arrays, name), DETAIL_PIXELS, average=False)
    figure = draw_details(
        shown,
        read_csv(shares, ["quantity", "value", "share"]),
        iterations=iterations,
        longest_period=longest_period,
        orientation=orientation,
        largest=DETAIL_PIXELS,
    )
    return Picture(figure, dpi=500)


def sheet(arrays: Sequence[str], summary: str, seeds: Sequence[int], iterations: int, orientation: str) -> Figure:
    """The contact sheet: a row for each seed."""
    shares = read_csv(summary, ["seed", "share_converged"]).set_index("seed")["share_converged"]
    landscapes = {}
    for seed, path in zip(seeds, arrays, strict=True):
        shown = {name: read_array(path, name) for name in ("a", "b")}
        for name in ("converged", "clusters", "time", "period"):
            shown[name] = shrink(read_array(path, name), SHEET_PIXELS, average=name == "converged")
        landscapes[seed] = {**shown, "share": shares[seed]}
    return draw_contact_sheet(landscapes, iterations, orientation)


def starts(runs: Sequence[str], sharing: str, seeds: Sequence[int]) -> Picture:
    """A start for each pixel beside one start for all."""
    shares = read_csv(sharing, ["seed", "share_differ"]).set_index("seed")["share_differ"]
    pairs = {}
    for seed, path in zip(seeds, runs, strict=True):
        separate, shared = (
            shrink(read_array(path, name), STARTS_PIXELS, average=True) for name in ("separate", "shared")
        )
        pairs[seed] = (separate, shared)
    return Picture(draw_shared_starts(pairs, shares.to_dict()), dpi=400)


def dimension(shared: str, separate: str) -> Figure:
    """Box counts of the boundaries and the fitted dimensions."""
    columns = ["seed", "box", "count", "slope", "error", "fitted"]
    return draw_dimension(read_csv(shared, columns), read_csv(separate, columns))


def _windows(path: str) -> tuple[list[Window], np.ndarray]:
    arrays = read_npz(path, ["windows", "time"])
    return [Window(*map(float, bounds)) for bounds in arrays["windows"]], arrays["time"]


def zoom(windows: str) -> Picture:
    """Stills of the zoom into a boundary."""
    return Picture(draw_zoom_stills(*_windows(windows)), dpi=400)


def zoom_film(windows: str, iterations: int, frames_per_second: int) -> Film:
    """The zoom into a boundary as a film."""
    return Film(zoom_frames(*_windows(windows), iterations), frames_per_second)
