"""Hardmax attention in exact numbers: leaders, followers and limits (Alcalde, Fantuzzi, Zuazua, arXiv 2407.01602).

z_i <- (z_i + alpha mean_{j in C_i} z_j) / (1 + alpha), C_i = argmax_j <z_i, z_j> with all ties. Whether two scores tie is a question
that rounding answers wrongly, so the four starts of Figure 2 are followed in rational arithmetic.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_most, judge_close, not_judged

__all__ = ["MAX_DENOMINATOR", "claims", "exact_run", "exact_table", "followed_sets", "random_table", "rationals"]

Point = tuple[Fraction, ...]
SOURCE = "arXiv 2407.01602"
# Fractions with larger denominators are given as decimals alone.
MAX_DENOMINATOR = 10**6


def rationals(rows: Sequence[Sequence[float | str]]) -> list[Point]:
    """Numbers of the configuration as the decimals or fractions ('-1/12') that they were written as."""
    return [tuple(Fraction(str(entry)) for entry in row) for row in rows]


def _inner(x: Point, y: Point) -> Fraction:
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def _followed(points: Sequence[Point]) -> list[tuple[int, ...]]:
    sets = []
    for x in points:
        scores = [_inner(x, y) for y in points]
        best = max(scores)
        sets.append(tuple(j for j, score in enumerate(scores) if score == best))
    return sets


def exact_run(
    points: Sequence[Point], alpha: Fraction, steps: int
) -> tuple[list[list[Point]], list[list[tuple[int, ...]]]]:
    """Positions and sets C_i at the steps 0 ... ``steps``, without any rounding.

    Returns
    -------
    positions, followed : [step][token], points and ascending numbers of tokens
    """
    positions, followed = [list(points)], [_followed(points)]
    for _ in range(steps):
        now, moved = positions[-1], []
        for x, others in zip(now, followed[-1], strict=True):
            mean = [sum((now[j][c] for j in others), Fraction(0)) / len(others) for c in range(len(x))]
            moved.append(tuple((a + alpha * m) / (1 + alpha) for a, m in zip(x, mean, strict=True)))
        positions.append(moved)
        followed.append(_followed(moved))
    return positions, followed


def _distance(x: Point, y: Point) -> float:
    return math.sqrt(_inner(*[tuple(a - b for a, b in zip(x, y, strict=True))] * 2))


def _exact_text(point: Point) -> str:
    return " ".join(map(str, point)) if max(entry.denominator for entry in point) <= MAX_DENOMINATOR else ""


def exact_table(row: str, points: Sequence[Point], alpha: Fraction, steps: int) -> pd.DataFrame:
    """Columns row, step, token, x, y, exact (fractions where they are short), leader, follows ('2+3'), squared_norm,
    to_limit (distance to where the token goes: the mean of those whom it follows at the end)."""
    positions, followed = exact_run(points, alpha, steps)
    last = positions[-1]
    limits = []
    for others in followed[-1]:
        limits.append(tuple(sum((last[j][c] for j in others), Fraction(0)) / len(others) for c in range(2)))
    lines = []
    for step, (places, sets) in enumerate(zip(positions, followed, strict=True)):
        for token, (x, others) in enumerate(zip(places, sets, strict=True)):
            lines.append(
                {
                    "row": row,
                    "step": step,
                    "token": token,
                    "x": float(x[0]),
                    "y": float(x[1]),
                    "exact": _exact_text(x),
                    "leader": others == (token,),
                    "follows": "+".join(map(str, others)),
                    "squared_norm": float(_inner(x, x)),
                    "to_limit": _distance(x, limits[token]),
                }
            )
    return pd.DataFrame(lines)


def followed_sets(positions: np.ndarray, tolerance: float = 0.0) -> np.ndarray:
    """Whether token i follows j, (..., n, n), from positions (..., n, d); scores within ``tolerance`` times the largest tie."""
    scores = np.einsum("...ic,...jc->...ij", positions, positions)
    best = scores.max(axis=-1, keepdims=True)
    return scores >= best - tolerance * np.abs(best)


def random_table(positions: np.ndarray) -> pd.DataFrame:
    """Random starts in one dimension: what never falls, and where tokens end.

    Parameters
    ----------
    positions : (R, T, n, d) at all steps

    Returns
    -------
    pandas.DataFrame
        Columns run, dimension, leaders_first, leaders_last, lost (leaders that are none a step later), norm_fall (largest fall of
        |z_i| in a step), leader_move (largest step of a leader), limit_error: the larger over tokens of the distance to a leader
        or of | |p|^2 - max_leader <p, v> |, whichever is less.
    """
    follows = followed_sets(positions)
    n = positions.shape[2]
    leaders = follows[..., range(n), range(n)] & (follows.sum(axis=-1) == 1)
    lost = (leaders[:, :-1] & ~leaders[:, 1:]).sum(axis=(1, 2))
    norms = np.linalg.norm(positions, axis=-1)
    falls = (norms[:, :-1] - norms[:, 1:]).max(axis=(1, 2))
    moves = np.linalg.norm(np.diff(positions, axis=1), axis=-1)
    leader_move = np.where(leaders[:, :-1], moves, 0.0).max(axis=(1, 2))
    errors = []
    for points, chosen in zip(positions[:, -1], leaders[:, -1], strict=True):
        vertices = points[chosen]
        near = np.linalg.norm(points[:, None] - vertices, axis=-1).min(axis=1)
        face = np.abs((points**2).sum(axis=1) - (points @ vertices.T).max(axis=1))
        errors.append(np.minimum(near, face).max())
    return pd.DataFrame(
        {
            "run": np.arange(len(positions)),
            "dimension": positions.shape[-1],
            "leaders_first": leaders[:, 0].sum(axis=1),
            "leaders_last": leaders[:, -1].sum(axis=1),
            "lost": lost,
            "norm_fall": falls,
            "leader_move": leader_move,
            "limit_error": errors,
        }
    )


# Row of Figure 2 -> leaders at step 0 and from step 1 on, and whom the others follow at the end.
_EXPECTED = {
    "triangle": ("0 1 2", "0 1 2", "3:0 4:0 5:2 6:2 7:1 8:2"),
    "emerging": ("0 2", "0 1 2", "3:0 4:2 5:2 6:0 7:0"),
    "square": ("0 1 2 3", "0 1 2 3", "4:1 5:2 6:1 7:2 8:3 9:1"),
    "faces": ("0 1 2 3", "0 1 2 3", "4:2+3 5:0+1 6:3 7:3 8:2 9:2"),
}


def _leaders(table: pd.DataFrame) -> str:
    return " ".join(map(str, table.loc[table["leader"], "token"]))


def _row_claims(row: str, table: pd.DataFrame) -> Iterator[Claim]:
    first, later, follow = _EXPECTED[row]
    found = {step: _leaders(part) for step, part in table.groupby("step")}
    rest = {text for step, text in found.items() if step > 0}
    computed = f"{found[0]}; then {' or '.join(sorted(rest))}"
    yield judge(
        f"hardmax-{row}-leaders",
        "hardmax_panels",
        f"Leaders of the start '{row}' at step 0, and at every later step",
        expected=f"{first}; then {later}",
        computed=computed,
        tolerance="exact",
        holds=computed == f"{first}; then {later}",
        source=f"{SOURCE}, Fig. 2",
    )
    last = table[(table["step"] == table["step"].max()) & ~table["leader"]]
    computed = " ".join(f"{token}:{whom}" for token, whom in zip(last["token"], last["follows"], strict=True))
    yield judge(
        f"hardmax-{row}-followed",
        "hardmax_panels",
        f"Whom the other tokens of the start '{row}' follow at the end (token:leaders)",
        expected=follow,
        computed=computed,
        tolerance="exact",
        holds=computed == follow,
        source=f"{SOURCE}, Fig. 2",
    )


def _place(table: pd.DataFrame, row: str, step: int, token: int) -> pd.Series:
    return table[(table["row"] == row) & (table["step"] == step) & (table["token"] == token)].iloc[0]


def _history(table: pd.DataFrame, row: str, token: int) -> list[str]:
    part = table[(table["row"] == row) & (table["token"] == token)].sort_values("step")
    return part["follows"].tolist()


def _exact_claims(table: pd.DataFrame) -> Iterator[Claim]:
    turns = _history(table, "triangle", 8)
    yield judge(
        "hardmax-turn",
        "hardmax_panels",
        "Token 8 of the triangle follows 5 at step 0 and 2 from step 1 on: those whom it follows",
        expected="5, then 2",
        computed=f"{turns[0]}, then {' or '.join(sorted(set(turns[1:])))}",
        tolerance="exact",
        holds=turns[0] == "5" and set(turns[1:]) == {"2"},
        source=f"{SOURCE}, Fig. 2",
    )
    places = [_place(table, "emerging", step, 1)["exact"] for step in (1, int(table["step"].max()))]
    yield judge(
        "hardmax-emerging-place",
        "hardmax_panels",
        "Token 1 of the second row becomes a leader after one step and stays: its place at step 1 and at the end",
        expected="-1/18 5/36, -1/18 5/36",
        computed=", ".join(places),
        tolerance="exact",
        holds=places == ["-1/18 5/36"] * 2,
        source="this work, rational arithmetic",
    )
    last = table[(table["step"] == table["step"].max()) & (table["row"] == "square")]
    counts = " ".join(str(int((last["follows"] == str(corner)).sum())) for corner in range(4))
    yield judge(
        "hardmax-square-occupation",
        "hardmax_panels",
        "Tokens that gather at the corners 0, 1, 2, 3 of the square, with the leader",
        expected="1 4 3 2",
        computed=counts,
        tolerance="exact",
        holds=counts == "1 4 3 2",
        source=f"{SOURCE}, Fig. 2",
    )
    ties = [set(_history(table, "faces", token)) for token in (4, 5)]
    computed = "; ".join(" or ".join(sorted(sets)) for sets in ties)
    yield judge(
        "hardmax-ties",
        "hardmax_panels",
        "Tokens 4 and 5 of the fourth row follow two leaders each at every step, and gather on the faces",
        expected="2+3; 0+1",
        computed=computed,
        tolerance="exact",
        holds=computed == "2+3; 0+1",
        source=f"{SOURCE}, Fig. 2",
    )


def _rate_claims(table: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    factor = 1 / (1 + settings["alpha"])
    worst, share = 0.0, []
    for _, path in table.sort_values("step").groupby(["row", "token"]):
        if path["leader"].any() or len(set(path["follows"])) > 1 or "+" in path["follows"].iloc[0]:
            continue
        distance = path["to_limit"].to_numpy()
        worst = max(worst, float(np.abs(distance[1:] / distance[:-1] - factor).max()))
        share.append(distance[-1] / distance[0])
    statement = f"A token that follows one leader comes nearer by 1/(1+α) = {factor:.4g} a step: largest deviation"
    yield judge_at_most(
        "hardmax-rate", "hardmax_limit", statement, computed=worst, bound=1e-12, source=f"{SOURCE}, the map"
    )
    steps = int(table["step"].max())
    statement = f"Share of the distance that is left after {steps} steps, mean over these tokens"
    yield judge_close(
        "hardmax-left",
        "hardmax_limit",
        statement,
        expected=factor**steps,
        computed=float(np.mean(share)),
        tolerance=1e-12,
        source="this work",
    )
    fall = max(
        float((-path.sort_values("step")["squared_norm"].diff().dropna()).max())
        for _, path in table.groupby(["row", "token"])
    )
    statement = "The length of a token never falls (four starts, rational arithmetic): largest fall of |z|² in a step"
    yield judge_at_most("hardmax-norms", "hardmax_panels", statement, computed=max(fall, 0.0), bound=0.0, source=SOURCE)


def _engine_claims(engine: pd.DataFrame, shown: Sequence[int], tolerance: float) -> Iterator[Claim]:
    seen = engine[engine["step"].isin(shown)]
    statement = f"Double precision with ties within {tolerance:g} meets the exact run in all {len(seen)} panels: largest distance"
    yield judge_at_most(
        "hardmax-engine",
        "hardmax_panels",
        statement,
        computed=float(seen["with_tolerance"].max()),
        bound=1e-13,
        source="this work",
    )
    yield not_judged(
        "hardmax-published",
        "hardmax_panels",
        "Every marker of the 20 published panels: largest distance to the exact run",
        expected="≤ 0.0002",
        reason="the coordinates of the published plot are not at hand; the starts were read out of it to 3e-8",
        source=f"{SOURCE}, Fig. 2",
    )


def _random_claims(random: pd.DataFrame) -> Iterator[Claim]:
    runs = f"{len(random)} random starts in d = {', '.join(map(str, sorted(random['dimension'].unique())))}"
    cases = (
        ("hardmax-none-lost", "no leader is ever lost: leaders that are", float(random["lost"].sum()), 0.0),
        ("hardmax-leaders-rest", "a leader stands still: longest step", float(random["leader_move"].max()), 1e-15),
        ("hardmax-random-norms", "no |z| ever falls: largest fall in a step", float(random["norm_fall"].max()), 1e-15),
        (
            "hardmax-limits",
            "all ends are leaders, or points p with |p|² = max <p, v> over leaders v: largest error",
            float(random["limit_error"].max()),
            1e-4,
        ),
    )
    for id, statement, computed, bound in cases:
        yield judge_at_most(
            id, "hardmax_leaders", f"In {runs} {statement}", computed=computed, bound=bound, source=SOURCE
        )
    for dimension, low, high in ((2, 5, 5), (3, 7, 10)):
        counts = random.loc[random["dimension"] == dimension, "leaders_last"]
        if counts.empty:
            continue
        mode = int(counts.mode().iloc[0])
        yield judge(
            f"hardmax-count-d{dimension}",
            "hardmax_leaders",
            f"Most frequent number of leaders at the end, d = {dimension} (range)",
            expected=f"{low} to {high}" if low < high else str(low),
            computed=f"{mode} ({counts.min()} to {counts.max()})",
            tolerance="",
            holds=low <= mode <= high,
            source="this work",
        )


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from hardmax_tokens, hardmax_engine, hardmax_random.

    ``settings`` is the block ``studies.hardmax``. The exact statements belong to the starts of Figure 2 alone.
    """
    table = tables["hardmax_tokens"].astype({"follows": str, "leader": bool})
    table["exact"] = table["exact"].fillna("")
    for row, part in table.groupby("row", sort=False):
        if row in _EXPECTED:
            yield from _row_claims(str(row), part)
    if set(_EXPECTED) <= set(table["row"]):
        yield from _exact_claims(table)
    yield from _rate_claims(table, settings)
    yield from _engine_claims(tables["hardmax_engine"], settings["shown_steps"], settings["tie_tolerance"])
    yield from _random_claims(tables["hardmax_random"])
