"""Texts of papers that have no figure table yet, from ``web/atlas/texts/<paper>.yaml``, in the shape of a table."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attention_atlas.pipeline.figures import FigureRow, PaperTable, read_yaml

__all__ = ["as_table"]


def _replace(value: Any, found: "re.Match[str]") -> Any:
    """``@1``, ``@2``, ... in all strings of ``value`` replaced by the groups of a match."""
    if isinstance(value, str):
        return re.sub(r"@(\d)", lambda number: found.group(int(number[1])), value)
    if isinstance(value, dict):
        return {_replace(key, found): _replace(inner, found) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace(inner, found) for inner in value]
    return value


def _entry_for(key: str, entries: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Name of the entry that stands for a figure, and its content with the match's groups filled in."""
    if key in entries and not (entries[key] or {}).get("match"):
        return key, entries[key]
    for name, content in entries.items():
        if (pattern := (content or {}).get("match")) and (found := re.fullmatch(pattern, key)):
            # captions have patterns, and thereby groups, of their own
            return name, {
                inner: value if inner == "captions" else _replace(value, found) for inner, value in content.items()
            }
    return None


def as_table(path: Path, figures: Mapping[str, Sequence[str]]) -> PaperTable:
    """The paper of a file of texts with its figures (key -> files)."""
    content = read_yaml(path)
    entries = content["figures"]
    order = {name: place for place, name in enumerate(entries)}
    found = {key: entry for key in figures if (entry := _entry_for(key, entries)) is not None}
    rows = {
        key: FigureRow(
            paper=path.stem,
            key=key,
            title=entry["title"],
            kind=entry["kind"],
            text=entry["text"],
            number=entry.get("number"),
            equations=tuple(entry.get("equations") or ()),
            look_for=entry.get("look_for"),
            config=tuple(entry.get("config") or ()),
            paper_values=dict(entry.get("paper_values") or {}),
            captions=tuple((entry.get("captions") or {}).items()),
            claims=tuple(entry.get("claims") or ()),
            data=tuple(figures[key]),
            made_by=(key,),
        )
        for key, (_, entry) in sorted(found.items(), key=lambda item: order[item[1][0]])
    }
    return PaperTable(path.stem, content["title"], content["paper"], content["summary"], rows, None)
