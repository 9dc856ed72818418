"""The page that sets published numbers beside ours: its rows, its overlays, and what it says without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attention_atlas.atlas.catalogue import Figure, Paper
from attention_atlas.atlas.parameters import Parameter
from attention_atlas.atlas.site import share
from attention_atlas.atlas.thumbnails import picture_size
from attention_atlas.files import read_csv
from attention_atlas.papers.published.printed_numbers import PRINTED_COLUMNS
from attention_atlas.papers.published.settings import COMPARED, SUMMARY_COLUMNS

__all__ = ["Compared", "Judged", "Printed", "Published", "gather_published", "papers_size", "share_published"]

FOLDER = "published"
TABLES = {"comparison": SUMMARY_COLUMNS, "printed": PRINTED_COLUMNS}
SEPARATOR = "; "
# where published numbers lie is no size of a figure, and no paper asks the user's own questions
OWN_BLOCKS = ("published", "published_source", "experiments")


@dataclass(frozen=True)
class Judged:
    """A claim about a comparison: its id, tolerance and verdict."""

    id: str
    tolerance: str
    verdict: str


@dataclass(frozen=True)
class Compared:
    """One comparison: the fields of its row, the claims about it, the figure it belongs to, and its files.

    ``png``, ``pdf`` and ``csv`` are paths from the top of the atlas; empty where nothing was compared.
    """

    row: Mapping[str, str]
    claims: tuple[Judged, ...]
    paper: Paper
    figure: Figure | None
    published: str
    png: str = ""
    pdf: str = ""
    csv: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Printed:
    """A claim that comes from a paper, with the body of work and the figure it is about."""

    row: Mapping[str, str]
    paper: Paper
    figure: Figure | None


@dataclass(frozen=True)
class Published:
    """Everything on the page. ``source`` is what the configuration says about where the numbers are to be had."""

    comparisons: Sequence[Compared]
    printed: Sequence[Printed]
    source: Mapping[str, Any]

    @property
    def compared(self) -> list[Compared]:
        """Those for which published numbers were at hand."""
        return [entry for entry in self.comparisons if entry.png]

    @property
    def missing(self) -> list[Compared]:
        return [entry for entry in self.comparisons if not entry.png]


def papers_size(changed: Sequence[Parameter]) -> list[Parameter]:
    """Differences of the configuration without those that only say where published numbers lie, or which figures are made."""
    return [entry for entry in changed if entry.key.split(".")[0] not in {*OWN_BLOCKS, "figures"}]


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows as texts; a column of numbers was read as numbers, which people want with few digits."""
    table = read_csv(path, columns)[list(columns)].astype(object)
    texts = table.where(table.notna(), "").map(lambda value: f"{value:.6g}" if isinstance(value, float) else str(value))
    return texts.to_dict("records")


def _claims(row: Mapping[str, str]) -> tuple[Judged, ...]:
    """The claims of a row; their fields are joined in one order. None where nothing was judged."""
    ids, tolerances, verdicts = (row[name].split(SEPARATOR) for name in ("claim", "tolerance", "verdict"))
    if not row["claim"] or len(ids) != len(verdicts):
        return ()
    tolerances += [""] * (len(ids) - len(tolerances))
    return tuple(map(Judged, ids, tolerances, verdicts))


def _files(id: str) -> dict[str, str]:
    """Files of a comparison below results/, which is also where they lie in the atlas."""
    return {
        "png": f"{FOLDER}/figures/{id}.png",
        "pdf": f"{FOLDER}/figures/{id}.pdf",
        "csv": f"{FOLDER}/data/{id}.csv",
    }


def _figure(paper: Paper, key: str) -> Figure | None:
    """The figure of that name, or the first whose name begins with it."""
    exact = paper.figures.get(key)
    return exact or next((figure for name, figure in paper.figures.items() if name.startswith(key)), None)


def gather_published(
    results: Path, papers: Sequence[Paper], pictures: Sequence[str], source: Mapping[str, Any]
) -> Published:
    """Read the tables of ``results/published``.

    Parameters
    ----------
    results : folder of all results
    pictures : ids of the comparisons that were made in this run; files of others are left over from another one
    source : block ``published_source`` of the configuration

    Raises
    ------
    DataFileError
        A table or a picture is missing or damaged.
    """
    by_key = {paper.key: paper for paper in papers}
    comparisons = []
    for row in _rows(results / FOLDER / "comparison.csv", TABLES["comparison"]):
        paper = by_key[row["paper"]]
        extra: dict[str, Any] = {}
        if row["id"] in pictures:
            extra = dict(_files(row["id"]))
            extra["width"], extra["height"] = picture_size(results / extra["png"])
        claims = _claims(row) if extra else ()
        published = COMPARED[row["id"]].published
        comparisons.append(Compared(row, claims, paper, _figure(paper, row["figure"]), published, **extra))
    printed = []
    for row in _rows(results / FOLDER / "printed.csv", TABLES["printed"]):
        paper = by_key[row["paper"]]
        figure = None if row["figure"] == "all" else _figure(paper, row["figure"])
        printed.append(Printed(row, paper, figure))
    return Published(comparisons, printed, source)


def share_published(published: Published, results: Path, target: Path) -> None:
    """Tables, data and overlays into the atlas, under their paths below ``results``."""
    for name in TABLES:
        share(results / FOLDER / f"{name}.csv", target / FOLDER / f"{name}.csv")
    for entry in published.compared:
        for path in (entry.png, entry.pdf, entry.csv):
            share(results / path, target / path)
