"""What the papers print, beside what was computed: the claims whose source is a paper, in one table."""

import re
from collections.abc import Mapping

import pandas as pd

__all__ = ["PRINTED_COLUMNS", "printed_numbers"]

PRINTED_COLUMNS = [
    "paper",
    "id",
    "figure",
    "kind",
    "statement",
    "printed",
    "computed",
    "tolerance",
    "verdict",
    "source",
]
# a source that is a paper; "this work", "derived: ..." and the authors' files of results are none
PAPER = re.compile(r"arXiv|Poc-López|Attention Dynamics Art")
NUMBER = re.compile(r"[-+−]?\d[\d.,]*(e[-+]?\d+)?")


def _kind(expected: str) -> str:
    """'value' where the statement gives the value itself, 'bound' where it is judged by a bound."""
    return "value" if NUMBER.fullmatch(expected.strip()) else "bound"


def printed_numbers(claims: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of all claims tables (by paper) whose source is a paper and whose expectation holds a number."""
    parts = []
    for paper, table in claims.items():
        text = table.astype(object).fillna("").astype(str)
        stated = text["source"].str.match(PAPER) & text["expected"].str.contains(r"\d")
        rows = text[stated].rename(columns={"expected": "printed", "holds": "verdict"})
        parts.append(rows.assign(paper=paper, kind=rows["printed"].map(_kind)))
    everything = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=PRINTED_COLUMNS)
    return everything[PRINTED_COLUMNS]
