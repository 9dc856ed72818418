"""Claims on the pages: which figures a claim is about, and how many hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from attention_atlas.claims import COLUMNS, Claim
from attention_atlas.pipeline.figures import FigureRow

__all__ = ["ALL", "Tally", "claims_of", "figures_of", "tally"]

ALL = "all"
# A film or page beside a figure shows the same thing.
_SAME = ("_animation", "_pages")


@dataclass(frozen=True)
class Tally:
    """How many claims hold, do not hold, could not be judged."""

    hold: int
    fail: int
    open: int

    @property
    def total(self) -> int:
        return self.hold + self.fail + self.open


def claims_of(table: pd.DataFrame) -> list[Claim]:
    """The rows of a ``claims.csv``; empty fields are empty texts."""
    texts = table[COLUMNS].astype(object).where(table[COLUMNS].notna(), "")
    return [Claim(**{name: str(row[name]) for name in COLUMNS}) for _, row in texts.iterrows()]


def figures_of(claim: Claim, figures: Mapping[str, FigureRow]) -> list[str]:
    """Keys of the figures that a claim is about.

    ``figure`` of a claim is a figure's key, a name that rows give to
    figures (their ``claims``), the common beginning of several keys (``fig3`` of
    ``fig3a`` to ``fig3d``), or ``all``. Empty if the figure is not part of this
    configuration.
    """
    name = claim.figure
    if name == ALL:
        return list(figures)
    same = {name, *(name + suffix for suffix in _SAME)}
    named = [key for key, row in figures.items() if name in row.claims or (name in figures and key in same)]
    return named or [key for key in figures if key.startswith(name)]


def tally(claims: Iterable[Claim]) -> Tally:
    """Count the verdicts."""
    verdicts = [claim.holds for claim in claims]
    return Tally(verdicts.count("yes"), verdicts.count("no"), verdicts.count("not judged"))
