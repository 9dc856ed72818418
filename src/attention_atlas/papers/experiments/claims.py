"""Claims of experiments: what a file asks to be judged, from the table of its experiment."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge
from attention_atlas.papers.experiments.question import Question, question

__all__ = ["claims", "verdicts"]


def _rows(table: pd.DataFrame, asked: Question, claim: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of the observable at the claim's time, at all swept values that ``where`` leaves."""
    rows = table[table["observable"] == claim["observe"]]
    numeric = {sweep.key: sweep.is_numeric for sweep in asked.sweeps}
    for key, wanted in (claim.get("where") or {}).items():
        values = rows[key].unique()
        if numeric[key]:
            rows = rows[rows[key] == values[np.argmin(np.abs(values.astype(float) - wanted))]]
        else:  # words, perhaps with numbers among them
            rows = rows[rows[key].astype(str) == str(wanted)]
    at, found = claim.get("at", "last"), []
    groups = rows.groupby([sweep.key for sweep in asked.sweeps], sort=False) if asked.sweeps else [((), rows)]
    for _, group in groups:
        times = group["time"].to_numpy()
        place = (
            {"first": 0, "last": len(times) - 1}.get(at) if isinstance(at, str) else int(np.argmin(np.abs(times - at)))
        )
        found.append(group.iloc[[place]])
    return pd.concat(found) if found else rows


def _verdict(rows: pd.DataFrame, claim: Mapping[str, Any]) -> tuple[float, bool, str, str]:
    """The number farthest from what is claimed, whether all hold, what was expected, and the tolerance."""
    of = claim.get("of", "every")
    columns = ["minimum", "maximum"] if of == "every" else [of]
    numbers = rows[columns].to_numpy(dtype=float).ravel()
    # a run that failed is not known to do what every run is said to do
    complete = bool(len(numbers)) and np.isfinite(numbers).all() and (of != "every" or not rows["failed"].any())
    if "expected" in claim:
        away, allowed = np.abs(numbers - claim["expected"]), claim.get("tolerance", 0.0)
        worst, expected, tolerance = np.nanargmax(away) if complete else 0, f"{claim['expected']:g}", f"{allowed:g}"
        holds = complete and bool((away <= allowed).all())
    elif "at_least" in claim:
        worst, expected, tolerance = int(np.argmin(numbers)) if complete else 0, f"≥ {claim['at_least']:g}", "-"
        holds = complete and bool((numbers >= claim["at_least"]).all())
    else:
        worst, expected, tolerance = int(np.argmax(numbers)) if complete else 0, f"≤ {claim['at_most']:g}", "-"
        holds = complete and bool((numbers <= claim["at_most"]).all())
    return (float(numbers[worst]) if len(numbers) else np.nan), holds, expected, tolerance


def verdicts(name: str, entry: Mapping[str, Any], table: pd.DataFrame) -> list[Claim]:
    """The verdicts on one experiment.

    Parameters
    ----------
    table : of ``tables.over_runs``
    """
    asked, found = question(name, entry), []
    for place, claim in enumerate(entry.get("claims") or [], 1):
        computed, holds, expected, tolerance = _verdict(_rows(table, asked, claim), claim)
        found.append(
            judge(
                f"{name}_{place}",
                name,
                claim["statement"],
                expected=expected,
                computed=computed,
                tolerance=tolerance,
                holds=holds,
                source=f"experiments.{name} of the configuration",
            )
        )
    return found


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> list[Claim]:
    """All claims of all experiments.

    Parameters
    ----------
    tables : by the name of the experiment
    settings : the block ``experiments``
    """
    return [claim for name, entry in settings.items() for claim in verdicts(name, entry, tables[name])]
