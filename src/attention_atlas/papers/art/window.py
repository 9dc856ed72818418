"""Rectangles of parameters, and the path of a zoom from one to another."""

from typing import NamedTuple

import numpy as np

__all__ = ["Window", "window_at"]


class Window(NamedTuple):
    """A rectangle of parameters."""

    a_low: float
    a_high: float
    b_low: float
    b_high: float

    def grid(self, pixels: int) -> tuple[np.ndarray, np.ndarray]:
        """``pixels`` values of a and of b, ends included."""
        return np.linspace(self.a_low, self.a_high, pixels), np.linspace(self.b_low, self.b_high, pixels)


def window_at(whole: Window, target: Window, progress: float) -> Window:
    """Window of a zoom that shrinks by a constant factor from ``whole`` (0) to ``target`` (1).

    All windows share one fixed point, so they are nested.
    """
    bounds = []
    for low in (0, 2):
        start, end = whole[low + 1] - whole[low], target[low + 1] - target[low]
        fixed = (target[low] * start - whole[low] * end) / (start - end) if start != end else whole[low]
        scale = (end / start) ** progress
        bounds += [fixed + scale * (whole[low] - fixed), fixed + scale * (whole[low + 1] - fixed)]
    return Window(*bounds)
