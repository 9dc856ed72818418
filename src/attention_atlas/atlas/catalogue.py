"""The catalogue: every figure with its files, text, parameters, claims and cost, gathered for the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from attention_atlas.atlas.costs import Cost, Measured, RuleCost, figure_cost, rule_graph
from attention_atlas.atlas.parameters import Parameter, compare
from attention_atlas.atlas.verdicts import ALL, Tally, figures_of, tally
from attention_atlas.claims import Claim
from attention_atlas.pipeline.figures import FigureRow, PaperTable

__all__ = ["Figure", "Item", "Paper", "gather_paper"]

_PICTURES = (".png", ".pdf")
_FILMS = (".gif", ".mp4")


@dataclass(frozen=True)
class Item:
    """Files of one name: a picture (PNG and PDF), a film (GIF and MP4) or a page (HTML); paths below results/."""

    stem: str
    kind: str
    files: Mapping[str, str]
    caption: str


@dataclass(frozen=True)
class Figure:
    """One page of the atlas.

    ``data`` are paths below results/; ``drawn_by`` are pairs of a drawing function and its file.
    """

    row: FigureRow
    items: tuple[Item, ...]
    data: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    claims: tuple[Claim, ...]
    cost: Cost
    drawn_by: tuple[tuple[str, str], ...]

    @property
    def paper(self) -> str:
        return self.row.paper

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def command(self) -> str:
        """What makes it again."""
        return f"snakemake --cores all {self.target}"

    @property
    def target(self) -> str:
        """Name of the target that makes it."""
        return self.row.target

    @property
    def page(self) -> str:
        """Its page, from the top of the atlas."""
        return f"{self.paper}/{self.key}.html"

    @property
    def own_claims(self) -> list[Claim]:
        """Those that are not about all figures of the body of work."""
        return [claim for claim in self.claims if claim.figure != ALL]

    @property
    def shared_claims(self) -> list[Claim]:
        """Those about all figures of the body of work."""
        return [claim for claim in self.claims if claim.figure == ALL]

    @property
    def tally(self) -> Tally:
        """Verdicts of its own claims."""
        return tally(self.own_claims)


@dataclass(frozen=True)
class Paper:
    """A body of work: its table, figures in reading order and all claims, also those about no figure of this run.

    ``rules`` are the measured rules, ``edges`` the arrows between them as pairs of names.
    """

    table: PaperTable
    figures: Mapping[str, Figure]
    claims: tuple[Claim, ...]
    rules: tuple[RuleCost, ...]
    edges: Sequence[tuple[str, str]]

    @property
    def key(self) -> str:
        return self.table.key

    @property
    def page(self) -> str:
        """Its page, from the top of the atlas."""
        return f"{self.key}/index.html"

    @property
    def tally(self) -> Tally:
        return tally(self.claims)

    def about(self, claim: Claim) -> list[Figure]:
        """The figures that a claim is about; none for a claim about the whole body of work."""
        if claim.figure == ALL:
            return []
        return [figure for figure in self.figures.values() if claim in figure.claims]


def _below_results(path: str) -> str:
    return PurePosixPath(path).relative_to("results").as_posix()


def _items(files: Iterable[str], row: FigureRow) -> tuple[Item, ...]:
    """Files that can be looked at, those of one name together."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for path in files:
        suffix = PurePosixPath(path).suffix
        kind = "picture" if suffix in _PICTURES else "film" if suffix in _FILMS else "page" if suffix == ".html" else ""
        if kind:
            groups.setdefault((PurePosixPath(path).stem, kind), {})[suffix[1:]] = path
    return tuple(Item(stem, kind, files, row.caption(stem)) for (stem, kind), files in groups.items())


def _drawn_by(row: FigureRow) -> tuple[tuple[str, str], ...]:
    """The functions that draw a figure, each once, with their files from the top of the repository."""
    functions = dict.fromkeys(drawing.function for drawing in row.drawings)
    return tuple(
        (name, f"src/attention_atlas/{name.partition(':')[0].replace('.', '/')}.py") for name in functions if name
    )


def gather_paper(
    table: PaperTable,
    claims: Sequence[Claim],
    measured: Measured,
    configs: tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]],
) -> Paper:
    """All that is known about a body of work and those of its figures that this configuration makes.

    Parameters
    ----------
    configs : merged configuration of the run, ``config.yaml``, JSON schema of both
    """
    run, reference, schema = configs
    rows = {key: row for key, row in table.figures.items() if row.enabled}
    about = {claim.id: set(figures_of(claim, rows)) for claim in claims}
    figures = {}
    for key, row in rows.items():
        files = [_below_results(path) for path in row.files]
        items = _items(files, row)
        seen = {path for item in items for path in item.files.values()}
        figures[key] = Figure(
            row=row,
            items=items,
            data=tuple(path for path in files if path not in seen),
            parameters=tuple(compare(row.config, run, reference, row.paper_values, schema)),
            claims=tuple(claim for claim in claims if key in about[claim.id]),
            cost=figure_cost(row, table, measured),
            drawn_by=_drawn_by(row),
        )
    return Paper(table, figures, tuple(claims), *rule_graph(table, measured))
