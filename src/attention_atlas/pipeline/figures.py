"""The tables of figures, ``workflow/figures/<paper>.yaml``: one row is all that is written down about a figure.

``workflow/rules/figures.smk`` makes rules and targets from them, the atlas its pages, ``docs/figures.md`` its rows. The format is
described in ``docs/extending.md``.
"""

import difflib
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.errors import AtlasError

__all__ = [
    "Claims",
    "Drawing",
    "FigureRow",
    "PaperTable",
    "drawings_by_rule",
    "read_paper_table",
    "read_tables",
    "read_yaml",
]

KINDS = ("picture", "animation", "page", "table")
PICTURE, FILM = ("png", "pdf"), ("gif", "mp4")

_PAPER_KEYS = {"title", "paper", "summary", "figures", "claims"}
_DRAWING_KEYS = {"rule", "draw", "tables", "settings", "arguments", "formats", "size", "environment"}
_TEXT_KEYS = {"title", "number", "kind", "text", "equations", "look_for", "config", "paper_values", "captions"}
_ROW_KEYS = _DRAWING_KEYS | _TEXT_KEYS | {"each", "enabled", "data", "drawings", "claims", "made_by"}
_CLAIMS_KEYS = {"judge", "tables", "published", "settings", "environment", "made_by"}


@dataclass(frozen=True)
class Drawing:
    """Files of one name that one job draws.

    Attributes
    ----------
    name : file name without its suffix
    rule : the rule that draws it is ``<paper>_<rule>_plot``; drawings of one rule differ in a wildcard
    function : ``module:function``, the module below ``attention_atlas``; called with the tables' paths and the arguments
    tables : argument -> path or paths, from the folder of the run
    arguments : argument -> value, from the configuration or the row
    formats : suffixes of the files
    size : name in ``job_sizes`` of what the job asks a cluster for, or None
    environment : name of the conda environment in ``envs/``
    """

    paper: str
    name: str
    rule: str
    function: str
    tables: Mapping[str, str | list[str]]
    arguments: Mapping[str, Any]
    formats: tuple[str, ...]
    size: str | None
    environment: str

    @property
    def files(self) -> list[str]:
        """Paths from the folder of the run, one a format."""
        return [f"results/{self.paper}/figures/{self.name}.{suffix}" for suffix in self.formats]


@dataclass(frozen=True)
class FigureRow:
    """One figure: what it shows, how it is drawn, which files belong to it.

    ``captions`` are pairs of a pattern and a line, the first match counts; ``claims`` are names in the column ``figure`` of the
    claims, beside the figure's own key; ``made_by`` are the rules behind it, without the paper and the stage
    (``fig3`` stands for ``spheres_fig3_compute`` and ``spheres_fig3_aggregate``). Where only one job of such rules, or its slabs,
    is the figure's, ``jobs`` names it: ``{bifurcation: bifurcation_zoom}`` in the list ``made_by``. A figure that is not
    ``enabled`` has a target but is no part of ``all``.
    """

    paper: str
    key: str
    title: str
    kind: str
    text: str
    number: str | None = None
    equations: tuple[str, ...] = ()
    look_for: str | None = None
    config: tuple[str, ...] = ()
    paper_values: Mapping[str, Any] = field(default_factory=dict)
    captions: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    made_by: tuple[str, ...] = ()
    jobs: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True

    @property
    def target(self) -> str:
        """Name of the target that makes it."""
        return f"{self.paper}_{self.key}"

    @property
    def files(self) -> list[str]:
        """All its files from the folder of the run, data first."""
        return list(dict.fromkeys([*self.data, *(path for drawing in self.drawings for path in drawing.files)]))

    @property
    def tables(self) -> list[str]:
        """Tables that it offers or that its drawings read, from the folder of the run."""
        read = [path for drawing in self.drawings for entry in drawing.tables.values() for path in _flat(entry)]
        return list(dict.fromkeys([*self.data, *read]))

    def caption(self, stem: str) -> str:
        """The line for one of several pictures, by its file name without suffix; empty if there is none."""
        for pattern, line in self.captions:
            if found := re.fullmatch(pattern, stem):
                return _filled(line, {str(number): found[number] for number in range(1, (found.lastindex or 0) + 1)})
        return ""

    def report_text(self, stem: str) -> str:
        """What ``snakemake --report`` says under a picture, as reStructuredText: its own line and the words of the row."""
        words = [f"{self.title}.", self.caption(stem), self.text, f"Look for: {self.look_for}" if self.look_for else ""]
        parts = re.split(r"\\\((.*?)\\\)", " ".join(filter(None, words)))
        # what is no formula may hold marks of reStructuredText
        return "".join(
            f":math:`{part}`" if odd % 2 else re.sub(r"([*`|_\\])", r"\\\1", part) for odd, part in enumerate(parts)
        )


@dataclass(frozen=True)
class Claims:
    """How the claims of a paper are judged: ``function(tables, **arguments)``, tables by their file name without suffix.

    ``made_by`` are rules that work for the claims alone, named as in a row.
    """

    function: str
    tables: tuple[str, ...]
    published: tuple[str, ...]
    arguments: Mapping[str, Any]
    environment: str
    made_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaperTable:
    """A paper: its short name, the reference, a summary, its figures in reading order, and its claims."""

    key: str
    title: str
    paper: str
    summary: str
    figures: Mapping[str, FigureRow]
    claims: Claims | None


def _filled(value: Any, names: Mapping[str, Any]) -> Any:
    """``@name`` in all strings of ``value`` replaced, in keys too; of names that fit the longest (``@seed_details``)."""
    if not names:
        return value
    if isinstance(value, str):
        known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        return re.sub(f"@({known})", lambda found: str(names[found[1]]), value)
    if isinstance(value, Mapping):
        return {_filled(key, names): _filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, names) for inner in value]
    return value


def _look_up(config: Mapping[str, Any], key: str, where: str) -> Any:
    """Value of a dotted key of the configuration."""
    value: Any = config
    for part in key.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise AtlasError(f"{where}: the configuration has no key {key}; mend the row")
        value = value[part]
    return value


def _values_of(values: Any, config: Mapping[str, Any], where: str) -> Any:
    if isinstance(values, Mapping) and "common" in values:
        first, second = (_values_of(entry, config, where) for entry in values["common"])
        names = set(map(str, second))
        return [value for value in first if str(value) in names]
    if isinstance(values, Mapping):
        return range(len(_look_up(config, values["count"], where)))
    return _look_up(config, values, where) if isinstance(values, str) else values


def _combinations(each: Mapping[str, Any], config: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Values of the names in ``each``: a list, or a dotted key of a list or a group of the configuration.

    ``{count: key}`` are the places 0, 1, ... in the list at that key, ``{common: [values, others]}`` the
    values that are among the others too.
    """
    lists = [_values_of(values, config, where) for values in each.values()]
    for values in product(*map(list, lists)):
        yield dict(zip(each, values, strict=True))


def _paths(entry: Any, paper: str, config: Mapping[str, Any], where: str) -> Any:
    """Path of a table from the folder of the run: of ``data`` where the entry names no other folder."""
    if isinstance(entry, list):
        return [path for inner in entry for path in _flat(_paths(inner, paper, config, where))]
    if isinstance(entry, Mapping):  # {file: seed_@seed.npz, each: {seed: art.seeds}, enabled: key of the configuration}
        if "enabled" in entry and not _look_up(config, entry["enabled"], where):
            return []
        return [
            _paths(_filled(entry["file"], names), paper, config, where)
            for names in _combinations(entry.get("each") or {}, config, where)
        ]
    if entry.startswith("results/"):
        return entry
    return f"results/{paper}/{entry}" if "/" in entry else f"results/{paper}/data/{entry}"


def _flat(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def _check_keys(content: Mapping[str, Any], known: set[str], required: Sequence[str], where: str) -> None:
    for name in content:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            fix = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise AtlasError(f"{where}: unknown key {name}; {fix}")
    missing = [name for name in required if content.get(name) in (None, "")]
    if missing:
        raise AtlasError(f"{where}: lacks {', '.join(missing)}; add it there")


def _arguments(content: Mapping[str, Any], config: Mapping[str, Any], where: str) -> dict[str, Any]:
    found = {name: _look_up(config, key, where) for name, key in (content.get("settings") or {}).items()}
    return {**found, **(content.get("arguments") or {})}


def _drawing(
    content: Mapping[str, Any], paper: str, name: str, row: str, config: Mapping[str, Any], where: str
) -> Drawing:
    _check_keys(content, _DRAWING_KEYS, ["draw"], where)
    return Drawing(
        paper=paper,
        name=name,
        rule=content.get("rule") or row,
        function=content["draw"],
        tables={key: _paths(entry, paper, config, where) for key, entry in (content.get("tables") or {}).items()},
        arguments=_arguments(content, config, where),
        formats=tuple(content.get("formats") or PICTURE),
        size=content.get("size"),
        environment=content.get("environment") or "draw",
    )


def _drawings(content: Mapping[str, Any], paper: str, key: str, config: Mapping[str, Any], where: str) -> list[Drawing]:
    """The drawings of a row: ``drawings``, or the one that the row itself describes.

    What stands in the row holds for all its drawings that do not say otherwise. The files of a drawing have its key as their name;
    ``name`` says another one, where a picture and a page share theirs.
    """
    common = {name: content[name] for name in _DRAWING_KEYS & set(content)}
    if "drawings" not in content:
        if "draw" not in content:
            return []
        if content["kind"] == "animation":
            common.setdefault("formats", FILM)
        return [_drawing(common, paper, key, key, config, where)]
    found = []
    for name, own in content["drawings"].items():
        own = dict(own or {})
        for names in _combinations(own.pop("each", {}), config, where):
            one = _filled({**common, "name": name, **own}, names)
            found.append(_drawing(one, paper, one.pop("name"), key, config, f"{where}, {name}"))
    return found


def _row(content: Mapping[str, Any], paper: str, key: str, config: Mapping[str, Any], path: Path) -> FigureRow:
    where = f"{path.name}: {key}"
    _check_keys(content, _ROW_KEYS, ("title", "kind", "text"), where)
    if content["kind"] not in KINDS:
        raise AtlasError(f"{where}: kind {content['kind']!r} is none of {', '.join(KINDS)}")
    drawings = _drawings(content, paper, key, config, where)
    if "data" in content:
        data = _flat(_paths(content["data"], paper, config, where))
    else:  # the tables that are drawn
        tables = [table for drawing in drawings for entry in drawing.tables.values() for table in _flat(entry)]
        data = [table for table in tables if table.startswith(f"results/{paper}/data/")]
    rules = [drawing.rule for drawing in drawings] or [key]
    families = content.get("made_by") or []
    jobs = {family: job for entry in families if isinstance(entry, Mapping) for family, job in entry.items()}
    made_by = [family for entry in families for family in (entry if isinstance(entry, Mapping) else [entry])]
    return FigureRow(
        paper=paper,
        key=key,
        title=content["title"],
        kind=content["kind"],
        text=content["text"],
        number=content.get("number"),
        equations=tuple(content.get("equations") or ()),
        look_for=content.get("look_for"),
        config=tuple(content.get("config") or ()),
        paper_values=dict(content.get("paper_values") or {}),
        captions=tuple((content.get("captions") or {}).items()),
        claims=tuple(content.get("claims") or ()),
        data=tuple(dict.fromkeys(data)),
        drawings=tuple(drawings),
        made_by=tuple(dict.fromkeys([*made_by, *rules])),
        jobs=jobs,
        enabled=bool(_look_up(config, content["enabled"], where)) if "enabled" in content else True,
    )


def _rows(entries: Mapping[str, Any], paper: str, config: Mapping[str, Any], path: Path) -> Iterator[FigureRow]:
    """The rows of a table; one with ``each`` stands for a figure a combination of values."""
    for name, content in entries.items():
        if not isinstance(content, Mapping):
            raise AtlasError(f"{path.name}: {name}: must hold keys and values, see docs/extending.md")
        inner = {key: value for key, value in content.items() if key != "each"}
        for names in _combinations(content.get("each") or {}, config, f"{path.name}: {name}"):
            # captions have patterns, and thereby groups, of their own
            filled = {key: value if key == "captions" else _filled(value, names) for key, value in inner.items()}
            yield _row(filled, paper, _filled(name, names), config, path)


def _claims(content: Mapping[str, Any], paper: str, config: Mapping[str, Any], path: Path) -> Claims:
    where = f"{path.name}: claims"
    _check_keys(content, _CLAIMS_KEYS, ("judge", "tables"), where)
    return Claims(
        function=content["judge"],
        tables=tuple(_flat(_paths(content["tables"], paper, config, where))),
        published=tuple(content.get("published") or ()),
        arguments=_arguments(content, config, where),
        environment=content.get("environment") or "compute",
        made_by=tuple(content.get("made_by") or ()),
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """Keys and values of a file; ``AtlasError`` if there is none or it is malformed."""
    try:
        # the parser written in C where PyYAML has it: every start of Snakemake waits for these files
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise AtlasError(f"{path}: cannot be read ({error.strerror}); restore the file") from error
    except yaml.YAMLError as error:
        raise AtlasError(f"{path}: is not YAML ({' '.join(str(error).split())}); mend it there") from error
    if not isinstance(content, dict):
        raise AtlasError(f"{path}: must hold keys and values, see docs/extending.md")
    return content


def read_paper_table(path: Path, config: Mapping[str, Any]) -> PaperTable:
    """The table of one paper; ``AtlasError`` names the row that is malformed.

    Parameters
    ----------
    path : ``<paper>.yaml``
    config : the whole configuration, checked: rows name keys of it
    """
    content, paper = read_yaml(path), path.stem
    _check_keys(content, _PAPER_KEYS, ("title", "paper", "summary", "figures"), path.name)
    figures: dict[str, FigureRow] = {}
    entries = content["figures"]
    if isinstance(entries, str):  # ``module:function`` makes the rows from the configuration
        module, _, function = entries.partition(":")
        entries = getattr(importlib.import_module(f"attention_atlas.{module}"), function)(config)
    for row in _rows(entries, paper, config, path):
        if row.key in figures:
            raise AtlasError(f"{path.name}: {row.key}: stands there twice; give one of them another name")
        figures[row.key] = row
    claims = _claims(content["claims"], paper, config, path) if content.get("claims") else None
    return PaperTable(paper, content["title"], content["paper"], content["summary"], figures, claims)


def read_tables(folder: Path, config: Mapping[str, Any]) -> dict[str, PaperTable]:
    """Tables of all papers in ``folder``, by their names; one without figures (no experiments) is left out."""
    tables = {path.stem: read_paper_table(path, config) for path in sorted(folder.glob("*.yaml"))}
    return {paper: table for paper, table in tables.items() if table.figures}


def drawings_by_rule(tables: Mapping[str, PaperTable]) -> dict[str, list[tuple[FigureRow, Drawing]]]:
    """Rule -> what it draws. Drawings of one rule must have the same formats and environment, since they share a rule."""
    found: dict[str, list[tuple[FigureRow, Drawing]]] = {}
    for table in tables.values():
        for row in table.figures.values():
            for drawing in row.drawings:
                found.setdefault(f"{table.key}_{drawing.rule}_plot", []).append((row, drawing))
    for rule, drawings in found.items():
        if len({(drawing.formats, drawing.environment, drawing.size) for _, drawing in drawings}) > 1:
            names = ", ".join(drawing.name for _, drawing in drawings)
            raise AtlasError(f"{rule}: {names} differ in formats, size or environment; give them rules of their own")
    return found
