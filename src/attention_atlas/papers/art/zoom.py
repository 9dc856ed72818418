"""A zoom into the boundary of a landscape, with one start shared by all pixels.

With a start of its own for every pixel the boundary is noise at the scale of a
pixel and there is nothing to zoom into.
"""

from collections.abc import Callable

import numpy as np

from attention_atlas.dynamics.minimal_attention.definition import Labels
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, iterate_rows
from attention_atlas.errors import AtlasError
from attention_atlas.papers.art.boundary import boundary_mask, richest_corner
from attention_atlas.papers.art.window import Window, window_at

__all__ = ["find_target", "zoom_labels"]

SEARCH_PIXELS = 256


def find_target(image: AttentionMap, window: Window, doublings: int) -> Window:
    """The window 2**doublings times smaller that is reached by always taking the half richest in boundary.

    Raises ``AtlasError`` where a window on the way holds no boundary.
    """
    for level in range(doublings):
        a, b = window.grid(SEARCH_PIXELS)
        mask = boundary_mask(iterate_rows(image, a, b).converged)
        if not mask.any():
            raise AtlasError(
                f"seed {image.seed}: no boundary is left after {level} doublings; zoom into another seed or less deep"
            )
        row, column = richest_corner(mask, SEARCH_PIXELS // 2)
        half_a, half_b = (window.a_high - window.a_low) / 2, (window.b_high - window.b_low) / 2
        low_a = window.a_low + 2 * half_a * row / SEARCH_PIXELS
        low_b = window.b_low + 2 * half_b * column / SEARCH_PIXELS
        window = Window(low_a, low_a + half_a, low_b, low_b + half_b)
    return window


def zoom_labels(
    image: AttentionMap,
    whole: Window,
    target: Window,
    stages: np.ndarray,
    pixels: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Window], list[Labels]]:
    """Windows and labels (pixels, pixels) at the given stages of the zoom, 0 to 1."""
    windows = [window_at(whole, target, float(stage)) for stage in stages]
    labels = []
    for number, window in enumerate(windows):
        labels.append(iterate_rows(image, *window.grid(pixels)))
        if progress is not None:
            progress(number + 1)
    return windows, labels
