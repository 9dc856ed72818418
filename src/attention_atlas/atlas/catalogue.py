"""The catalogue: every figure with its files, text, parameters, claims and cost, gathered for the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from attention_atlas.atlas.chains import Job
from attention_atlas.atlas.costs import Cost, Measured, figure_cost
from attention_atlas.atlas.parameters import Parameter, compare
from attention_atlas.atlas.texts import FigureText, PaperText
from attention_atlas.atlas.verdicts import ALL, Tally, figures_of, tally
from attention_atlas.claims import Claim

__all__ = ["Figure", "Item", "Paper", "Plan", "gather_paper"]

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
    """One page of the atlas. ``files`` are all its files below results/, data first."""

    paper: str
    key: str
    text: FigureText
    items: tuple[Item, ...]
    data: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    claims: tuple[Claim, ...]
    cost: Cost
    script: str | None
    command: str

    @property
    def target(self) -> str:
        """Name of the target that makes it."""
        return f"{self.paper}_{self.key}"

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
    """A body of work: its text, figures in reading order and all claims, also those about no figure of this run."""

    key: str
    text: PaperText
    figures: Mapping[str, Figure]
    claims: tuple[Claim, ...]

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


@dataclass(frozen=True)
class Plan:
    """What only the workflow knows.

    Attributes
    ----------
    figures : paper -> figure -> its files, from the run's folder (``results/...``)
    makers : ``<paper>_<figure>`` -> keys of the jobs that make its files
    jobs : key -> job
    scripts : rule -> file name of its script
    """

    figures: Mapping[str, Mapping[str, Sequence[str]]]
    makers: Mapping[str, Sequence[str]]
    jobs: Mapping[str, Job]
    scripts: Mapping[str, str | None]


def _below_results(path: str) -> str:
    return PurePosixPath(path).relative_to("results").as_posix()


def _items(files: Iterable[str], text: FigureText) -> tuple[Item, ...]:
    """Files that can be looked at, those of one name together."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for path in files:
        suffix = PurePosixPath(path).suffix
        kind = "picture" if suffix in _PICTURES else "film" if suffix in _FILMS else "page" if suffix == ".html" else ""
        if kind:
            groups.setdefault((PurePosixPath(path).stem, kind), {})[suffix[1:]] = path
    return tuple(Item(stem, kind, files, text.caption(stem)) for (stem, kind), files in groups.items())


def _main_script(figure: str, files: Sequence[str], plan: Plan) -> str | None:
    """The script that makes what one looks at: the maker of the last file, since data come first in the lists."""
    if not files:
        return None
    rules = [plan.jobs[key].rule for key in plan.makers.get(figure, ())]
    return plan.scripts.get(rules[-1]) if rules else None


def gather_paper(
    key: str,
    text: PaperText,
    claims: Sequence[Claim],
    plan: Plan,
    measured: Measured,
    configs: tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]],
) -> Paper:
    """All that is known about a body of work.

    Parameters
    ----------
    configs : merged configuration of the run, ``config.yaml``, JSON schema of both
    """
    run, reference, schema = configs
    about = {claim.id: set(figures_of(claim, text.figures)) for claim in claims}
    figures = {}
    for name, words in text.figures.items():
        if name not in plan.figures[key]:
            continue
        files = [_below_results(path) for path in plan.figures[key][name]]
        items = _items(files, words)
        seen = {path for item in items for path in item.files.values()}
        makers = plan.makers.get(f"{key}_{name}", ())
        figures[name] = Figure(
            paper=key,
            key=name,
            text=words,
            items=items,
            data=tuple(path for path in files if path not in seen),
            parameters=tuple(compare(words.config, run, reference, words.paper_values, schema)),
            claims=tuple(claim for claim in claims if name in about[claim.id]),
            cost=figure_cost(makers, plan.jobs, measured, plan.scripts),
            script=_main_script(f"{key}_{name}", files, plan),
            command=f"snakemake --cores all {key}_{name}",
        )
    return Paper(key, text, figures, tuple(claims))


def exists(results: Path, paths: Iterable[str]) -> list[str]:
    """Those of the paths below results/ that are files."""
    return [path for path in paths if (results / path).is_file()]
