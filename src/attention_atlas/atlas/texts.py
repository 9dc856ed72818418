"""Text of the front page and of the pages beside the figures, from ``web/atlas/texts/front.yaml``.

What is said about a figure stands in its row (``attention_atlas.pipeline.figures``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.figure_entries import read_yaml

__all__ = ["FrontText", "read_front"]


@dataclass(frozen=True)
class FrontText:
    """Front page: title, subtitle, introduction, order of the papers, texts of the other pages."""

    title: str
    subtitle: str
    introduction: str
    papers: tuple[str, ...]
    pages: Mapping[str, Mapping[str, str]]


def read_front(path: Path) -> FrontText:
    """Text of the front page; ``AtlasError`` if the file is missing or lacks something."""
    content = read_yaml(path)
    if missing := [name for name in ("title", "subtitle", "introduction", "papers") if not content.get(name)]:
        raise AtlasError(f"{path}: lacks {', '.join(missing)}; add it there")
    return FrontText(
        content["title"],
        content["subtitle"],
        content["introduction"],
        tuple(content["papers"]),
        dict(content.get("pages") or {}),
    )
