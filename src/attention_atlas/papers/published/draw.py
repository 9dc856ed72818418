"""The figures of the comparisons with published numbers."""

from matplotlib.figure import Figure

from attention_atlas.files import read_csv
from attention_atlas.papers.published.drawing.overlays import VIEWS, draw_overlay
from attention_atlas.papers.published.points import POINT_COLUMNS


def overlay(points: str, comparison: str) -> Figure:
    """Published numbers, ours on them, and the differences below."""
    return draw_overlay(read_csv(points, POINT_COLUMNS), VIEWS[comparison])
