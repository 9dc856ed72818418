"""The tables of figures, ``workflow/figures/<paper>.yaml``: one row is all that is written down about a figure.

``workflow/rules/figures.smk`` makes rules and targets from them, the atlas its pages, ``docs/figures.md`` its rows. The format is
described in ``docs/extending.md``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.figure_entries import (
    arguments_of,
    check_keys,
    combinations,
    did_you_mean,
    filled,
    flat,
    look_up,
    paths_of,
    read_yaml,
)
from attention_atlas.pipeline.jobs import named_function

__all__ = [
    "Claims",
    "Computed",
    "Drawing",
    "FigureRow",
    "PaperTable",
    "drawings_by_rule",
    "read_paper_table",
    "read_tables",
]

KINDS = ("picture", "animation", "page", "table")
PICTURE, FILM = ("png", "pdf"), ("gif", "mp4")

_PAPER_KEYS = {"title", "paper", "summary", "figures", "claims", "computed"}
_COMPUTED_KEYS = {"compute", "settings", "tables", "parallel"}
_DRAWING_KEYS = {"folder", "rule", "draw", "tables", "settings", "arguments", "formats", "size", "environment"}
_TEXT_KEYS = {"title", "number", "kind", "text", "equations", "look_for", "config", "paper_values", "captions"}
_ROW_KEYS = _DRAWING_KEYS | _TEXT_KEYS | {"each", "enabled", "data", "drawings", "claims", "made_by"}
_CLAIMS_KEYS = {"judge", "tables", "published", "settings", "environment", "made_by"}


@dataclass(frozen=True)
class Drawing:
    """Files of one name that one job draws.

    Attributes
    ----------
    name : file name without its suffix
    folder : where its files lie, below ``results/<paper>``
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
    folder: str = "figures"

    @property
    def files(self) -> list[str]:
        """Paths from the folder of the run, one a format."""
        return [f"results/{self.paper}/{self.folder}/{self.name}.{suffix}" for suffix in self.formats]


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
        read = [path for drawing in self.drawings for entry in drawing.tables.values() for path in flat(entry)]
        return list(dict.fromkeys([*self.data, *read]))

    def caption(self, stem: str) -> str:
        """The line for one of several pictures, by its file name without suffix; empty if there is none."""
        for pattern, line in self.captions:
            if found := re.fullmatch(pattern, stem):
                return filled(line, {str(number): found[number] for number in range(1, (found.lastindex or 0) + 1)})
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
class Computed:
    """Tables that one function makes of the configuration alone, in one job: rule ``<paper>_<key>_compute``.

    ``function(**arguments)`` gives a table, or several by their file names without suffix. ``parallel``: it shares its work among threads.
    """

    paper: str
    key: str
    function: str
    arguments: Mapping[str, Any]
    files: tuple[str, ...]
    parallel: bool

    @property
    def rule(self) -> str:
        return f"{self.paper}_{self.key}_compute"


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
    """A paper: its short name, the reference, a summary, figures in reading order, claims, tables that need no rule of their own."""

    key: str
    title: str
    paper: str
    summary: str
    figures: Mapping[str, FigureRow]
    claims: Claims | None
    computed: tuple[Computed, ...] = ()


def _drawing(
    content: Mapping[str, Any], paper: str, name: str, row: str, config: Mapping[str, Any], where: str
) -> Drawing:
    check_keys(content, _DRAWING_KEYS, ["draw"], where)
    return Drawing(
        paper=paper,
        name=name,
        rule=content.get("rule") or row,
        function=content["draw"],
        tables={key: paths_of(entry, paper, config, where) for key, entry in (content.get("tables") or {}).items()},
        arguments=arguments_of(content, config, where),
        formats=tuple(content.get("formats") or PICTURE),
        size=content.get("size"),
        environment=content.get("environment") or "draw",
        folder=content.get("folder") or "figures",
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
        for names in combinations(own.pop("each", {}), config, where):
            one = filled({**common, "name": name, **own}, names)
            found.append(_drawing(one, paper, one.pop("name"), key, config, f"{where}, {name}"))
    return found


def _is_enabled(content: Mapping[str, Any], paper: str, key: str, config: Mapping[str, Any], where: str) -> bool:
    """Whether the configuration asks for the figure of this row."""
    chosen = config.get("figures", "all")
    wanted = chosen == "all" or paper in chosen or f"{paper}_{key}" in chosen
    return wanted and ("enabled" not in content or bool(look_up(config, content["enabled"], where)))


def _row(content: Mapping[str, Any], paper: str, key: str, config: Mapping[str, Any], path: Path) -> FigureRow:
    where = f"{path.name}: {key}"
    check_keys(content, _ROW_KEYS, ("title", "kind", "text"), where)
    if content["kind"] not in KINDS:
        raise AtlasError(f"{where}: kind {content['kind']!r} is none of {', '.join(KINDS)}")
    drawings = _drawings(content, paper, key, config, where)
    if "data" in content:
        data = flat(paths_of(content["data"], paper, config, where))
    else:  # the tables that are drawn
        tables = [table for drawing in drawings for entry in drawing.tables.values() for table in flat(entry)]
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
        enabled=_is_enabled(content, paper, key, config, where),
    )


def _rows(entries: Mapping[str, Any], paper: str, config: Mapping[str, Any], path: Path) -> Iterator[FigureRow]:
    """The rows of a table; one with ``each`` stands for a figure a combination of values."""
    for name, content in entries.items():
        if not isinstance(content, Mapping):
            raise AtlasError(f"{path.name}: {name}: must hold keys and values, see docs/extending.md")
        inner = {key: value for key, value in content.items() if key != "each"}
        for names in combinations(content.get("each") or {}, config, f"{path.name}: {name}"):
            # captions have patterns, and thereby groups, of their own
            row = {key: value if key == "captions" else filled(value, names) for key, value in inner.items()}
            yield _row(row, paper, filled(name, names), config, path)


def _computed(content: Mapping[str, Any], paper: str, key: str, config: Mapping[str, Any], path: Path) -> Computed:
    where = f"{path.name}: computed: {key}"
    check_keys(content, _COMPUTED_KEYS, ("compute", "tables"), where)
    return Computed(
        paper=paper,
        key=key,
        function=content["compute"],
        arguments=arguments_of(content, config, where),
        files=tuple(flat(paths_of(content["tables"], paper, config, where))),
        parallel=bool(content.get("parallel")),
    )


def _claims(content: Mapping[str, Any], paper: str, config: Mapping[str, Any], path: Path) -> Claims:
    where = f"{path.name}: claims"
    check_keys(content, _CLAIMS_KEYS, ("judge", "tables"), where)
    return Claims(
        function=content["judge"],
        tables=tuple(flat(paths_of(content["tables"], paper, config, where))),
        published=tuple(content.get("published") or ()),
        arguments=arguments_of(content, config, where),
        environment=content.get("environment") or "compute",
        made_by=tuple(content.get("made_by") or ()),
    )


def read_paper_table(path: Path, config: Mapping[str, Any]) -> PaperTable:
    """The table of one paper; ``AtlasError`` names the row that is malformed.

    Parameters
    ----------
    path : ``<paper>.yaml``
    config : the whole configuration, checked: rows name keys of it
    """
    content, paper = read_yaml(path), path.stem
    check_keys(content, _PAPER_KEYS, ("title", "paper", "summary", "figures"), path.name)
    figures: dict[str, FigureRow] = {}
    entries = content["figures"]
    if isinstance(entries, str):  # ``module:function`` makes the rows from the configuration
        entries = named_function(entries)(config)
    for row in _rows(entries, paper, config, path):
        if row.key in figures:
            raise AtlasError(f"{path.name}: {row.key}: stands there twice; give one of them another name")
        figures[row.key] = row
    claims = _claims(content["claims"], paper, config, path) if content.get("claims") else None
    computed = [_computed(entry, paper, key, config, path) for key, entry in (content.get("computed") or {}).items()]
    return PaperTable(paper, content["title"], content["paper"], content["summary"], figures, claims, tuple(computed))


def _check_chosen(tables: Mapping[str, PaperTable], chosen: Any) -> None:
    known = [*tables, *(row.target for table in tables.values() for row in table.figures.values())]
    for name in [] if chosen == "all" else chosen:
        if name not in known:
            fix = did_you_mean(name, known, "the names are in docs/figures.md")
            raise AtlasError(f"config key figures: {name} is no figure and no paper; {fix}")


def read_tables(folder: Path, config: Mapping[str, Any]) -> dict[str, PaperTable]:
    """Tables of all papers in ``folder``, by their names; one without figures (no experiments) is left out.

    Raises
    ------
    AtlasError
        A row is malformed, or the configuration chooses a figure that there is not.
    """
    tables = {path.stem: read_paper_table(path, config) for path in sorted(folder.glob("*.yaml"))}
    tables = {paper: table for paper, table in tables.items() if table.figures}
    _check_chosen(tables, config.get("figures", "all"))
    return tables


def drawings_by_rule(tables: Mapping[str, PaperTable]) -> dict[str, list[tuple[FigureRow, Drawing]]]:
    """Rule -> what it draws. Drawings of one rule must have the same folder, formats and environment, since they share a rule."""
    found: dict[str, list[tuple[FigureRow, Drawing]]] = {}
    for table in tables.values():
        for row in table.figures.values():
            for drawing in row.drawings:
                found.setdefault(f"{table.key}_{drawing.rule}_plot", []).append((row, drawing))
    for rule, drawings in found.items():
        if len({(drawing.folder, drawing.formats, drawing.environment, drawing.size) for _, drawing in drawings}) > 1:
            names = ", ".join(drawing.name for _, drawing in drawings)
            raise AtlasError(
                f"{rule}: {names} differ in folder, formats, size or environment; give them rules of their own"
            )
    return found
