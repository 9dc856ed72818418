"""The pages of the atlas, from templates. Everything is escaped; nothing is loaded from elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from attention_atlas.atlas.catalogue import Figure, Item, Paper
from attention_atlas.atlas.costs import RuleCost
from attention_atlas.atlas.parameters import Parameter
from attention_atlas.atlas.playground import SCRIPTS
from attention_atlas.atlas.published import Published
from attention_atlas.atlas.texts import FrontText
from attention_atlas.atlas.thumbnails import picture_size
from attention_atlas.atlas.verdicts import Tally, tally
from attention_atlas.atlas.views.catalogue import View
from attention_atlas.files import write_text

__all__ = ["Site", "duration", "environment", "file_size", "write_pages"]

# pixels: a picture of two columns, which gets a row of its own
WIDE = 1700
VERDICTS = {"yes": "holds", "no": "does not hold", "not judged": "not judged"}


@dataclass(frozen=True)
class Site:
    """Everything that the pages say.

    Attributes
    ----------
    thumbnails : target of a figure -> path of its thumbnail from the top of the atlas
    run : commit, versions and machine
    changed : values of the configuration that are not those of the papers' size
    folder : the folder that the pages are written to; pictures and data are there already
    views : interactive views, each on the page of one figure
    published : comparisons with published numbers; None leaves their page out
    playground : (paper, figure) -> its state in the playground, from the top of the atlas
    """

    texts: FrontText
    papers: Sequence[Paper]
    thumbnails: Mapping[str, str]
    run: Mapping[str, Any]
    changed: Sequence[Parameter]
    folder: Path
    views: Sequence[View] = ()
    published: Published | None = None
    playground: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, str]:
        """Entries of the navigation that there are: name -> page."""
        pages = {"figures": "index.html", "claims": "claims.html", "provenance": "provenance.html"}
        pages |= {"playground": "playground.html"} if self.playground else {}
        return pages | ({"published": "published.html"} if self.published else {})

    @property
    def playground_scripts(self) -> tuple[str, ...]:
        return SCRIPTS

    def views_of(self, figure: Figure) -> list[View]:
        """The interactive views on the page of a figure."""
        return [view for view in self.views if (view.paper, view.figure) == (figure.paper, figure.key)]

    def is_live(self, figure: Figure) -> bool:
        """Is there something to turn, zoom or play?"""
        return figure.row.kind == "page" or bool(self.views_of(figure))

    @property
    def kinds(self) -> set[str]:
        """What there is to filter by: kinds of figures, and ``live`` for those with something interactive."""
        kinds = {figure.row.kind for figure in self.figures}
        return kinds | ({"live"} if any(self.is_live(figure) for figure in self.figures) else set())

    @property
    def differences(self) -> int:
        return len(self.changed)

    @property
    def figures(self) -> list[Figure]:
        return [figure for paper in self.papers for figure in paper.figures.values()]

    @property
    def left_out(self) -> int:
        """How many figures this run was not asked for."""
        return sum(len(paper.table.figures) for paper in self.papers) - len(self.figures)

    @property
    def rules(self) -> list[RuleCost]:
        """Measured rules of all papers."""
        return [rule for paper in self.papers for rule in paper.rules]

    @property
    def tally(self) -> Tally:
        return tally(claim for paper in self.papers for claim in paper.claims)


def duration(seconds: float | None) -> str:
    """Seconds for people.

    >>> [duration(0.42), duration(59.7), duration(200), duration(3900), duration(None)]
    ['0.4 s', '1 min', '3 min 20 s', '1 h 5 min', 'not measured']
    """
    if seconds is None or seconds != seconds:
        return "not measured"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = round(seconds / 60)
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def megabytes(size: float | None) -> str:
    """Memory for people, from megabytes."""
    if size is None or size != size:
        return "not measured"
    return f"{size:.0f} MB" if size < 1000 else f"{size / 1000:.1f} GB"


def file_size(path: Path) -> str:
    """Size of a file for people: the digits that matter.

    >>> import tempfile; file = Path(tempfile.mkstemp()[1]); _ = file.write_bytes(b"0" * 1530); file_size(file)
    '1.5 kB'
    """
    size = float(path.stat().st_size)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def folder_size(folder: Path) -> str:
    """What the files in a folder weigh together, for people."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB"


def plain(text: str) -> str:
    """A text without TeX delimiters, for places that show no formulas (titles of windows, alternative texts)."""
    return " ".join(re.sub(r"\\[()]", "", text).split())


def powers(text: str) -> Markup:
    r"""Numbers as they are printed: real minus signs, powers of ten.

    >>> str(powers("≤ -1.5e-12 & x"))
    '≤ −1.5\xa0×\xa010<sup>−12</sup> &amp; x'
    """
    words = re.sub(r"(?<![\w.-])-(?=[\d.])", "−", str(escape(text)))
    return Markup(
        re.sub(
            r"(?<![\w.])(\d+(?:\.\d+)?)e([+−-]?)0*(\d+)\b",
            lambda found: (
                f"{found[1]}\u00a0×\u00a010<sup>{'−' if found[2] in '-−' and found[2] else ''}{found[3]}</sup>"
            ),
            words,
        )
    )


def breakable(name: str) -> Markup:
    """A name of code that may go on in the next line after a dot, a colon, a slash or an underscore.

    >>> str(breakable("m.draw:a_b"))
    'm.<wbr>draw:<wbr>a_<wbr>b'
    """
    return Markup(re.sub(r"([.:/_])(?=\w)", r"\1<wbr>", str(escape(name))))


def marked(text: str) -> Markup:
    """Words between backquotes as code, as the schemas write names of keys.

    >>> str(marked("seeded with `seed` & more"))
    'seeded with <code>seed</code> &amp; more'
    """
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def cited(text: str) -> Markup:
    """Numbers of arXiv as links, which open only when they are followed.

    >>> str(cited("arXiv 2501.03096, Fig. 3"))
    '<a href="https://arxiv.org/abs/2501.03096">arXiv 2501.03096</a>, Fig. 3'
    """
    return Markup(
        re.sub(
            r"arXiv:? ?(\d{4}\.\d{4,5})",
            lambda found: f'<a href="https://arxiv.org/abs/{found[1]}">{found[0]}</a>',
            str(escape(text)),
        )
    )


def environment(templates: Path) -> Environment:
    """Templates that escape everything and stop at names that are not there."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = (duration, megabytes, plain, powers, breakable, marked, cited)
    made.filters |= {function.__name__: function for function in filters}
    made.globals |= {"VERDICTS": VERDICTS}
    return made


def _alt(figure: Figure, item: Item) -> str:
    """What a picture shows, in words: its caption, else the title; the sentences stand beside it."""
    words = plain(item.caption or figure.row.title)
    return f"{words} ({figure.row.number})" if figure.row.number else words


def _shown(site: Site, figure: Figure) -> list[dict[str, Any]]:
    """Pictures, films and pages of a figure with what the template needs to place them."""
    shown = []
    for item in figure.items:
        entry: dict[str, Any] = {"item": item, "alt": _alt(figure, item)}
        picture = item.files.get("png") or item.files.get("gif")
        if picture:
            entry["width"], entry["height"] = picture_size(site.folder / picture)
            alone = sum(other.kind == "picture" for other in figure.items) == 1
            entry["wide"] = item.kind == "picture" and (alone or entry["width"] > WIDE)
        shown.append(entry)
    return shown


def _downloads(site: Site, figure: Figure) -> list[dict[str, str]]:
    """All files of a figure: path, name, what it is, size."""
    kinds = {
        "csv": "table", "npz": "arrays", "png": "picture, 300 dpi", "pdf": "vector", "gif": "film", "mp4": "film",
        "html": "interactive page",
    }  # fmt: skip
    paths = [*figure.data, *(path for item in figure.items for path in item.files.values())]
    # a page with a folder of files is nothing without it
    paths = [path for path in paths if not path.endswith("/index.html")]
    return [
        {
            "path": path,
            "name": Path(path).name,
            "kind": kinds.get(Path(path).suffix[1:], "file"),
            "size": file_size(site.folder / path),
        }
        for path in paths
    ]


def _graph(paper: Paper) -> dict[str, Any]:
    """Boxes and arrows of the graph of a paper's rules."""
    return {
        "nodes": [
            {
                "id": rule.rule,
                "name": rule.rule.removeprefix(f"{paper.key}_"),
                "jobs": rule.jobs,
                "seconds": rule.seconds,
                "time": duration(rule.seconds),
                "kind": rule.rule.rsplit("_", 1)[1],
            }
            for rule in paper.rules
        ],
        "edges": paper.edges,
    }


class _Writer:
    """Renders templates into the folder; knows how far below the top a page lies."""

    def __init__(self, site: Site, templates: Path) -> None:
        self.site = site
        self.environment = environment(templates)

    def write(self, template: str, path: str, here: str, **context: Any) -> None:
        text = self.environment.get_template(template).render(
            site=self.site, root="../" * path.count("/"), here=here, is_top=path in self.site.pages.values(), **context
        )
        write_text(self.site.folder / path, text)


def write_pages(site: Site, templates: Path) -> None:
    """Write all pages into ``site.folder``."""
    writer = _Writer(site, templates)
    figures = site.figures
    for place, figure in enumerate(figures):
        paper = next(paper for paper in site.papers if paper.key == figure.paper)
        writer.write(
            "figure.html",
            figure.page,
            "figures",
            paper=paper,
            figure=figure,
            shown=_shown(site, figure),
            downloads=_downloads(site, figure),
            views=site.views_of(figure),
            previous=figures[place - 1] if place else None,
            following=figures[place + 1] if place + 1 < len(figures) else None,
        )
    for paper in site.papers:
        writer.write("paper.html", paper.page, "figures", paper=paper)
    writer.write("claims.html", "claims.html", "claims")
    if site.playground:
        writer.write("playground.html", "playground.html", "playground")
    if site.published:
        writer.write("published.html", "published.html", "published")
    graphs = {paper.key: _graph(paper) for paper in site.papers}
    writer.write("provenance.html", "provenance.html", "provenance", graphs=graphs, size=folder_size(site.folder))
    writer.write("index.html", "index.html", "figures")
