"""Claims about random starts, where the theorems promise one cluster, and about random weights."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, not_judged

__all__ = ["random_start_claims", "random_weight_claims"]

PAPER = "arXiv 2312.10794"


def _promise(row: pd.Series) -> str:
    """Which theorem promises one cluster; empty if none does."""
    if row["dimension"] >= row["particles"]:
        return "d ≥ n"
    if row["dimension"] >= 3:
        return "d ≥ 3"
    return "d = 2, β ≥ n²/π²" if row["beta"] >= row["particles"] ** 2 / np.pi**2 else ""


def random_start_claims(table: pd.DataFrame) -> Iterator[Claim]:
    """One claim a case of random_starts.csv; a case that no theorem covers is not judged."""
    for case, line in table.groupby("case"):
        row = line.iloc[-1]
        promise = _promise(row)
        statement = (
            f"d = {row['dimension']:g}, n = {row['particles']:g}, β = {row['beta']:g} ({promise or 'no theorem'}): random starts end in "
            f"one cluster (share of the runs at t = {row['time']:g})"
        )
        id, source = f"random_starts_{case}", f"{PAPER}, theorems of section 6"
        if not promise:
            yield not_judged(id, "random_starts", statement, expected="1", reason="no theorem covers it", source=source)
            continue
        yield judge_at_least(id, "random_starts", statement, computed=float(row["collapsed"]), bound=1.0, source=source)


def random_weight_claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """What V does at the largest beta: one claim a dimension."""
    variants = settings["variants"]
    for dimension in settings["dimensions"]:
        table = tables[f"phase_random_d{dimension}"]
        last = table[table["beta"] == table["beta"].max()].set_index("variant")["last_median_clusters"]
        systems = {
            kind: [
                last[name]
                for name, own in variants.items()
                if own["value"] == kind and own["flow"] == "sa" and own["draw"] == "system"
            ]
            for kind in ("identity", "minus")
        }
        id, figure = f"random_weights_d{dimension}", f"phase_random_d{dimension}"
        statement = (
            f"Random weights, d = {dimension}: at the largest beta ({table['beta'].max():g}) several clusters are left with V = I, "
            "one with V = −QᵀK (median numbers at the last time)"
        )
        if not all(systems.values()):
            yield not_judged(id, figure, statement, expected="> 1, and 1", reason="no such variants", source=PAPER)
            continue
        yield judge(
            id,
            figure,
            statement,
            expected="> 1, and 1",
            computed="; ".join(
                f"{kind}: {', '.join(f'{value:g}' for value in values)}" for kind, values in systems.items()
            ),
            tolerance="",
            holds=min(systems["identity"]) > 1 and max(systems["minus"]) == 1,
            source=f"{PAPER}, random weights of a seminar's replication",
        )
