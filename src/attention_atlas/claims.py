"""Claims of the papers and their verdicts.

A claim is a test of science, not of code: one that does not hold is reported
with its number and never tuned away.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from numbers import Real

import pandas as pd

__all__ = ["COLUMNS", "Claim", "claims_table", "judge", "judge_at_least", "judge_at_most", "judge_close", "not_judged"]

VERDICTS = ("yes", "no", "not judged")


@dataclass(frozen=True)
class Claim:
    """One row of ``claims.csv``.

    ``expected``, ``computed`` and ``tolerance`` are short texts that hold the
    numbers; ``holds`` is 'yes', 'no' or 'not judged'; ``source`` says where the
    statement stands (paper and figure, or the derivation).
    """

    id: str
    figure: str
    statement: str
    expected: str
    computed: str
    tolerance: str
    holds: str
    source: str

    def __post_init__(self) -> None:
        if self.holds not in VERDICTS:
            raise ValueError(f"claim {self.id}: verdict {self.holds!r} is none of {', '.join(VERDICTS)}")
        for field in fields(self):
            if "\n" in getattr(self, field.name):
                raise ValueError(f"claim {self.id}: a line break in {field.name}")


COLUMNS = [field.name for field in fields(Claim)]


def _text(value: object) -> str:
    """Numbers with six significant digits, everything else as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, Real) else str(value)


def judge(
    id: str,
    figure: str,
    statement: str,
    *,
    expected: object,
    computed: object,
    tolerance: object,
    holds: bool,
    source: str,
) -> Claim:
    """A claim whose verdict the caller computed."""
    return Claim(
        id, figure, statement, _text(expected), _text(computed), _text(tolerance), "yes" if holds else "no", source
    )


def judge_close(
    id: str, figure: str, statement: str, *, expected: float, computed: float, tolerance: float, source: str
) -> Claim:
    """Holds if |computed - expected| <= tolerance. A NaN never holds."""
    holds = abs(computed - expected) <= tolerance
    return judge(
        id,
        figure,
        statement,
        expected=expected,
        computed=computed,
        tolerance=f"± {tolerance:.3g}",
        holds=holds,
        source=source,
    )


def judge_at_most(id: str, figure: str, statement: str, *, computed: float, bound: float, source: str) -> Claim:
    """Holds if computed <= bound. A NaN never holds."""
    return judge(
        id,
        figure,
        statement,
        expected=f"≤ {bound:.6g}",
        computed=computed,
        tolerance="",
        holds=computed <= bound,
        source=source,
    )


def judge_at_least(id: str, figure: str, statement: str, *, computed: float, bound: float, source: str) -> Claim:
    """Holds if computed >= bound. A NaN never holds."""
    return judge(
        id,
        figure,
        statement,
        expected=f"≥ {bound:.6g}",
        computed=computed,
        tolerance="",
        holds=computed >= bound,
        source=source,
    )


def not_judged(id: str, figure: str, statement: str, *, expected: object, reason: str, source: str) -> Claim:
    """A claim that this run cannot judge; ``reason`` takes the place of the number."""
    return Claim(id, figure, statement, _text(expected), reason, "", "not judged", source)


def claims_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """The table that ``claims.csv`` holds, in the order given.

    Raises
    ------
    ValueError
        Two claims share an id.
    """
    table = pd.DataFrame([asdict(claim) for claim in claims], columns=COLUMNS)
    doubled = table["id"][table["id"].duplicated()].tolist()
    if doubled:
        raise ValueError(f"claim ids used twice: {', '.join(doubled)}")
    return table
