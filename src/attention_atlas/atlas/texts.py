"""Texts of the atlas: titles, sentences and equations of every figure, from ``web/atlas/texts``.

The format is described in ``web/atlas/texts/README.md``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.errors import AtlasError

__all__ = ["FigureText", "FrontText", "PaperText", "mismatches", "read_front", "read_paper"]

KINDS = ("picture", "animation", "page", "table")
_FIGURE_KEYS = {
    "title", "number", "kind", "text", "equations", "look_for", "config", "paper_values", "captions", "claims", "match", "optional",
}  # fmt: skip


@dataclass(frozen=True)
class FigureText:
    """What is said about one figure.

    ``captions`` are pairs of a pattern and a line, the first match counts;
    ``claims`` are names in the column ``figure`` of the claims, beside the figure's own key;
    ``entry`` is the name of the entry in the file. An empty ``text``: nothing was written.
    """

    title: str
    kind: str
    number: str | None = None
    text: str = ""
    equations: tuple[str, ...] = ()
    look_for: str | None = None
    config: tuple[str, ...] = ()
    paper_values: Mapping[str, Any] = field(default_factory=dict)
    captions: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    entry: str = ""

    def caption(self, stem: str) -> str:
        """The line for one of several pictures, by its file name without suffix; empty if there is none."""
        for pattern, line in self.captions:
            if found := re.fullmatch(pattern, stem):
                return _replace(line, found)
        return ""


@dataclass(frozen=True)
class PaperText:
    """A body of work: its short name, the paper, a summary, and its figures in reading order."""

    title: str
    paper: str
    summary: str
    figures: Mapping[str, FigureText]


@dataclass(frozen=True)
class FrontText:
    """Front page: title, subtitle, introduction, order of the papers, texts of the other pages."""

    title: str
    subtitle: str
    introduction: str
    papers: tuple[str, ...]
    pages: Mapping[str, Mapping[str, str]]


def _replace(value: Any, found: "re.Match[str]") -> Any:
    """``@1``, ``@2``, ... in all strings of ``value`` replaced by the groups of a match."""
    if isinstance(value, str):
        return re.sub(r"@(\d)", lambda number: found.group(int(number[1])), value)
    if isinstance(value, dict):
        return {_replace(key, found): _replace(inner, found) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace(inner, found) for inner in value]
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AtlasError(f"{path}: cannot be read ({error.strerror}); restore the file") from error
    except yaml.YAMLError as error:
        raise AtlasError(f"{path}: is not YAML ({' '.join(str(error).split())}); mend it there") from error
    if not isinstance(content, dict):
        raise AtlasError(f"{path}: must hold keys and values, see the README beside it")
    return content


def _required(content: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    missing = [name for name in names if content.get(name) in (None, "")]
    if missing:
        raise AtlasError(f"{where}: lacks {', '.join(missing)}; add it there")


def _figure(content: Mapping[str, Any], entry: str, where: str) -> FigureText:
    _required(content, ("title", "kind", "text"), where)
    if unknown := set(content) - _FIGURE_KEYS:
        raise AtlasError(
            f"{where}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_FIGURE_KEYS))}"
        )
    if content["kind"] not in KINDS:
        raise AtlasError(f"{where}: kind {content['kind']!r} is none of {', '.join(KINDS)}")
    return FigureText(
        title=content["title"],
        kind=content["kind"],
        number=content.get("number"),
        text=content["text"],
        equations=tuple(content.get("equations") or ()),
        look_for=content.get("look_for"),
        config=tuple(content.get("config") or ()),
        paper_values=dict(content.get("paper_values") or {}),
        captions=tuple((content.get("captions") or {}).items()),
        claims=tuple(content.get("claims") or ()),
        entry=entry,
    )


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


def _load(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    if not path.exists():  # a body of work of which nothing has been written
        title = path.stem.replace("_", " ").capitalize()
        return {"title": title, "paper": "", "summary": ""}, {}
    content = _read(path)
    _required(content, ("title", "paper", "summary", "figures"), str(path))
    return content, content["figures"]


def mismatches(path: Path, figures: Iterable[str]) -> list[str]:
    """Figures without an entry and entries without a figure, one line each; none if all is well.

    Entries that are marked ``optional`` need no figure.
    """
    _, entries = _load(path)
    found = {key: _entry_for(key, entries) for key in figures}
    names = {entry[0] for entry in found.values() if entry is not None}
    return [f"{path.name}: no entry for the figure {key}" for key, entry in found.items() if entry is None] + [
        f"{path.name}: the entry {name} belongs to no figure"
        for name, entry in entries.items()
        if name not in names and not (entry or {}).get("optional")
    ]


def read_paper(path: Path, figures: Iterable[str]) -> PaperText:
    """Texts of one body of work for the figures that there are, in the order of the file.

    A figure of which the file says nothing comes last, under its key; its page
    says that a description is missing. Without a file this holds for all.

    Parameters
    ----------
    path : the YAML file
    figures : keys of the figures, in the order of the rules

    Raises
    ------
    AtlasError
        The file is malformed.
    """
    content, entries = _load(path)
    found = {key: _entry_for(key, entries) for key in figures}
    order = {name: place for place, name in enumerate(entries)}
    last = len(order)
    keys = sorted(found, key=lambda key: last if (entry := found[key]) is None else order[entry[0]])  # stable
    texts = {}
    for key in keys:
        entry = found[key]
        texts[key] = (
            FigureText(key.replace("_", " "), "picture", entry=key)
            if entry is None
            else _figure(entry[1], entry[0], f"{path}: {key}")
        )
    return PaperText(content["title"], content["paper"], content["summary"], texts)


def read_front(path: Path) -> FrontText:
    """Text of the front page; ``AtlasError`` if the file is missing or lacks something."""
    content = _read(path)
    _required(content, ("title", "subtitle", "introduction", "papers"), str(path))
    return FrontText(
        content["title"],
        content["subtitle"],
        content["introduction"],
        tuple(content["papers"]),
        dict(content.get("pages") or {}),
    )
