"""The films of the tokens: paths of their table, and what is claimed of half spheres and of the antipodal pair."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_most, judge_close, not_judged

__all__ = ["exit_rate", "film_claims", "path_of"]

# Where the antipodal pair has left: its angle is this far (radians) from pi and the linear rate still holds.
LINEAR = 0.1
PAPER = "arXiv 2312.10794"


def exit_rate(beta: float) -> float:
    """Rate at which a pair of tokens leaves the antipodal position under SA.

    With phi the angle between them, dphi/dt = -2 sin(phi) / (1 + e^(beta (1 - cos phi))), so pi - phi grows at 2 / (1 + e^(2 beta)).
    """
    return float(2 / (1 + np.exp(2 * beta)))


def path_of(films: pd.DataFrame, letter: str) -> dict[str, np.ndarray]:
    """Positions (records, n, d), steps and times (records,) of one panel of films.csv."""
    rows = films[films["panel"] == letter].dropna(axis="columns")
    places = [name for name in "xyz" if name in rows]
    particles = rows["particle"].nunique()
    positions = rows[places].to_numpy().reshape(-1, particles, len(places))
    return {"positions": positions, **{f"{name}s": rows[name].to_numpy()[::particles] for name in ("step", "time")}}


def film_claims(table: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    """How the films end, and the antipodal pair, from films_clusters.csv."""
    for letter, panel in settings["panels"].items():
        rows = table[table["panel"] == letter]
        if panel["region"] == "hemisphere":
            yield judge_close(
                f"films_{letter}_hemisphere",
                "films",
                f"tokens that start in a half sphere end in one cluster (film {letter}, β = {panel['beta']:g})",
                expected=1,
                computed=float(rows["clusters"].iloc[-1]),
                tolerance=0,
                source=f"{PAPER}, section 6",
            )
        if panel["region"] == "antipodal" and panel["particles"] == 2:
            yield from _pair_claims(letter, panel, rows, settings["flow"])


def _pair_claims(letter: str, panel: Mapping[str, Any], rows: pd.DataFrame, flow: str) -> Iterator[Claim]:
    if panel["tilt"] == 0:
        statement = f"two antipodal tokens rest (film {letter}): largest distance from their start"
        moved = float(rows["moved"].max())
        yield judge_at_most(f"films_{letter}_rests", "films", statement, computed=moved, bound=1e-6, source=PAPER)
        return
    id, statement = (
        f"films_{letter}_exit",
        f"the antipodal pair of film {letter} leaves at the rate 2 / (1 + e^(2β)) of SA",
    )
    early = rows[rows["gap"] < LINEAR]
    expected = exit_rate(panel["beta"])
    if flow != "sa" or len(early) < 3:
        reason = "the rate is that of SA" if flow != "sa" else f"fewer than three records with a gap below {LINEAR}"
        yield not_judged(id, "films", statement, expected=f"{expected:.4g}", reason=reason, source="this work")
        return
    rate = float(np.polyfit(early["time"], np.log(early["gap"]), 1)[0])
    yield judge_close(
        id, "films", statement, expected=expected, computed=rate, tolerance=0.02 * expected, source="this work"
    )
