"""Causal attention: centres of clusters chosen by parking, and where all tokens end (Karagodin, Polyanskiy, Rigollet, arXiv 2411.04990).

Tokens come in order. A Rényi centre is farther than the separation from all earlier centres, a strong one from all earlier tokens;
distances are angles, at time 0.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.geometry.sphere import random_points

__all__ = [
    "RENYI",
    "captured",
    "centres_of",
    "claims",
    "expected_strong",
    "kernel_pull",
    "leading_space",
    "lemma_table",
    "parking_table",
    "projected",
]

SOURCE = "arXiv 2411.04990"
# Rényi's parking constant: share of a long line that cars of length 1 cover.
RENYI = 0.7475979202
CAPTURE = {"renyi": (0.79, 0.89, 0.98, 0.99), "strong": (0.58, 0.72, 0.86, 0.90)}
CAPTURE_TIMES = (5.0, 10.0, 40.0, 150.0)
# Parameters to which these numbers belong
PUBLISHED = {"tokens": 200, "beta": 64.0, "cars": 4.0, "radius": 1.0, "last_time": 150.0}
OTHER_PARAMETERS = "the parameters are not those of these numbers"


def kernel_pull(angle: np.ndarray | float, beta: float) -> np.ndarray:
    """h(x) = exp(beta (cos x - 1)) sin x: the pull of a token at ``angle`` (radians) on the circle."""
    return np.exp(beta * (np.cos(angle) - 1)) * np.sin(angle)


def centres_of(points: np.ndarray, separation: float) -> tuple[np.ndarray, np.ndarray]:
    """Rényi centres of tokens (n, d) in their order, and which of them are strong.

    Parameters
    ----------
    separation : angle in radians

    Returns
    -------
    centres : ascending numbers of tokens
    strong : one flag for each of them; every strong centre is a Rényi centre
    """
    limit = math.cos(separation)
    free = np.ones(len(points), dtype=bool)
    centres, strong = [], []
    place = 0
    while place < len(points):
        near = points @ points[place] >= limit
        centres.append(place)
        strong.append(not near[:place].any())
        free &= ~near
        later = np.flatnonzero(free[place + 1 :])
        if not len(later):
            break
        place += 1 + int(later[0])
    return np.array(centres), np.array(strong)


def expected_strong(separation: float, dimension: int, tokens: float = math.inf) -> float:
    """Mean number of strong centres among ``tokens`` uniform points: (1 - (1 - p)^n) / p with p the mass of a cap, d = 2 or 3.

    p is delta/pi on the circle and sin^2(delta/2) on the sphere in three dimensions.
    """
    mass = separation / math.pi if dimension == 2 else math.sin(separation / 2) ** 2
    return (1 - (1 - mass) ** tokens) / mass if math.isfinite(tokens) else 1 / mass


def captured(positions: np.ndarray, centres: np.ndarray, radius: float) -> np.ndarray:
    """Share of the tokens within the angle ``radius`` of a centre where it now is, (T,); positions (T, n, d)."""
    cosines = np.einsum("tid,tjd->tij", positions, positions[:, centres])
    return (cosines.max(axis=2) >= math.cos(radius)).mean(axis=1)


def parking_table(settings: Mapping[str, Any], betas: np.ndarray) -> pd.DataFrame:
    """Columns dimension, beta, separation, renyi, renyi_sd, strong, strong_sd, strong_exact (for these n tokens), runs.

    Numbers of centres are means over starts, beside their standard deviations.
    """
    lines = []
    for dimension in settings["dimensions"]:
        counts = np.zeros((settings["runs"], len(betas), 2))
        for run in range(settings["runs"]):
            points = random_points(settings["seed"], [run], settings["tokens"], dimension)[0]
            for place, beta in enumerate(betas):
                centres, strong = centres_of(points, settings["cars"] / math.sqrt(beta))
                counts[run, place] = len(centres), strong.sum()
        for place, beta in enumerate(betas):
            separation = settings["cars"] / math.sqrt(beta)
            renyi, certain = counts[:, place].T
            lines.append(
                {
                    "dimension": dimension,
                    "beta": beta,
                    "separation": separation,
                    "renyi": renyi.mean(),
                    "renyi_sd": renyi.std(),
                    "strong": certain.mean(),
                    "strong_sd": certain.std(),
                    "strong_exact": expected_strong(separation, dimension, settings["tokens"]),
                    "runs": settings["runs"],
                }
            )
    return pd.DataFrame(lines)


def lemma_table(
    positions: np.ndarray, times: np.ndarray, centres: np.ndarray, beta: float, epsilons: list[float]
) -> pd.DataFrame:
    """Lemma 5.1 for strong centres of one run: columns centre, epsilon, until, bound, moved.

    With s tokens before the centre, all farther than c (1 + 2 epsilon) beta^(-1/2) at the start, it moves less than
    epsilon c beta^(-1/2) until the time T with T s h(c beta^(-1/2)) = epsilon c beta^(-1/2). ``moved`` is its largest displacement
    (radians) at records (T, n, d) up to then.
    """
    lines = []
    for centre in centres:
        if centre == 0:
            continue
        start = positions[0, centre]
        nearest = math.acos(min(1.0, float((positions[0, :centre] @ start).max())))
        moved = np.arccos(np.clip(positions[:, centre] @ start, -1, 1))
        for epsilon in epsilons:
            # just below the separation that the lemma asks for
            reach = (1 - 1e-9) * nearest / (1 + 2 * epsilon)
            until = epsilon * reach / (centre * float(kernel_pull(reach, beta)))
            lines.append(
                {
                    "centre": centre,
                    "epsilon": epsilon,
                    "until": until,
                    "bound": epsilon * reach,
                    "moved": moved[times <= until].max(),
                }
            )
    return pd.DataFrame(lines, columns=["centre", "epsilon", "until", "bound", "moved"])


def leading_space(value: np.ndarray) -> np.ndarray:
    """Orthonormal columns of the eigenspace of the largest eigenvalue of a symmetric V, (d, m)."""
    eigenvalues, vectors = np.linalg.eigh(value)
    return vectors[:, eigenvalues > eigenvalues[-1] - 1e-9]


def projected(point: np.ndarray, space: np.ndarray) -> np.ndarray:
    """The direction of the projection of a point (..., d) to the space spanned by columns."""
    shadow = point @ space @ space.T
    return shadow / np.linalg.norm(shadow, axis=-1, keepdims=True)


def _parking_claims(table: pd.DataFrame, counts: pd.DataFrame, published: bool) -> Iterator[Claim]:
    for dimension, part in table.groupby("dimension"):
        error = (part["strong"] - part["strong_exact"]).abs() / (part["strong_sd"] / np.sqrt(part["runs"])).clip(1e-12)
        formula = "π/δ" if dimension == 2 else "1/sin²(δ/2)"
        statement = f"d = {dimension}: mean number of strong centres is {formula} (for n tokens): largest error in standard errors"
        yield judge_at_most(
            f"causal-strong-d{dimension}",
            "causal_parking",
            statement,
            computed=float(error.max()),
            bound=4.0,
            source=f"{SOURCE}; the printed 1/(3 sin²(δ/2)) for d = 3 is no probability",
        )
        large = part[part["beta"] >= 16]
        slope = float(np.polyfit(np.log(large["beta"]), np.log(large["renyi"]), 1)[0])
        statement = f"d = {dimension}: Rényi centres grow like β to the power (d − 1)/2: fitted exponent for β ≥ 16"
        yield judge_close(
            f"causal-slope-d{dimension}",
            "causal_parking",
            statement,
            expected=(dimension - 1) / 2,
            computed=slope,
            tolerance=0.05,
            source=SOURCE,
        )
    statement = "Rényi centres among 200 tokens on the circle at β = 64, δ = 0.5: mean"
    id, source = "causal-renyi-200", "this work, independent starts"
    if published:
        yield judge_close(
            id, "causal_parking", statement, expected=9.165, computed=float(counts["renyi"].mean()), tolerance=0.05, source=source
        )  # fmt: skip
    else:
        yield not_judged(id, "causal_parking", statement, expected=9.165, reason=OTHER_PARAMETERS, source=source)
    line = table[(table["dimension"] == 2) & np.isclose(table["separation"], 0.5)]
    if len(line):
        statement = "The same for many tokens: mean, against 0.7476 · 2π/δ for an infinite number"
        yield judge_close(
            "causal-renyi-many",
            "causal_parking",
            statement,
            expected=RENYI * 2 * math.pi / 0.5,
            computed=float(line["renyi"].iloc[0]),
            tolerance=0.1,
            source=f"{SOURCE}, Rényi's constant",
        )


def _capture_claim(capture: pd.DataFrame, kind: str, name: str, expected: Sequence[float], published: bool) -> Claim:
    id, statement = (
        f"causal-capture-{kind}",
        f"Share of the tokens within β^(−1/2) of a {name} centre at t = 5, 10, 40, 150",
    )
    source, numbers = (
        f"{SOURCE}, Fig. 3; numbers of an independent computation",
        ", ".join(f"{v:.2f}" for v in expected),
    )
    if not published:
        return not_judged(id, "causal_capture", statement, expected=numbers, reason=OTHER_PARAMETERS, source=source)
    found = [float(capture.loc[time, kind]) for time in CAPTURE_TIMES]
    return judge(
        id,
        "causal_capture",
        statement,
        expected=numbers,
        computed=", ".join(f"{value:.3f}" for value in found),
        tolerance="± 0.03",
        holds=float(np.abs(np.array(found) - expected).max()) <= 0.03,
        source=source,
    )


def _circle_claims(tables: Mapping[str, pd.DataFrame], published: bool) -> Iterator[Claim]:
    capture = tables["causal_capture"].set_index("time")
    for kind, expected in CAPTURE.items():
        name = "Rényi" if kind == "renyi" else "strong"
        yield _capture_claim(capture, kind, name, expected, published)
    centres = tables["causal_centres"]
    strong, other = centres[centres["strong"]], centres[~centres["strong"]]
    statement = f"Strong centres stand still: largest displacement at t = 75 of {len(strong)} (radians)"
    yield judge_at_most(
        "causal-strong-rest", "causal_circle", statement, computed=float(strong["moved_75"].max()), bound=0.05, source=SOURCE
    )  # fmt: skip
    share = float((strong["moved_75"] < 0.05).mean())
    statement = "Share of the strong centres that have moved less than 0.05 at t = 75"
    yield judge_at_least(
        "causal-strong-share", "causal_circle", statement, computed=share, bound=0.9, source="this work"
    )
    statement = "Other Rényi centres do not: largest displacement at t = 75"
    yield judge_at_least(
        "causal-renyi-move", "causal_circle", statement, computed=float(other["moved_75"].max()), bound=0.5, source=SOURCE
    )  # fmt: skip
    lemma = tables["causal_lemma"]
    broken = int((lemma["moved"] >= lemma["bound"]).sum())
    statement = (
        f"Lemma 5.1 in {len(lemma)} cases (centre, ε) of strong centres: cases in which one moves as far as its bound"
    )
    yield judge_at_most(
        "causal-lemma", "causal_circle", statement, computed=broken, bound=0, source=f"{SOURCE}, Lemma 5.1"
    )


def _end_claims(ends: pd.DataFrame, theorem: pd.DataFrame) -> Iterator[Claim]:
    for dimension, part in theorem.groupby("dimension"):
        statement = f"V = I, {len(part)} random (Q, K), d = {dimension}: all tokens end at the first: largest distance"
        yield judge_at_most(
            f"causal-theorem-d{dimension}",
            "causal_atlas",
            statement,
            computed=float(part["distance"].max()),
            bound=1e-6,
            source=f"{SOURCE}, Theorem 4.1",
        )
    statement = "V = I: the first token never moves: its largest displacement"
    yield judge_at_most(
        "causal-first", "causal_atlas", statement, computed=float(theorem["first_moved"].max()), bound=1e-12, source=SOURCE
    )  # fmt: skip
    for value, part in ends.groupby("value", sort=False):
        largest, multiplicity = part["largest"].iloc[0], int(part["multiplicity"].iloc[0])
        id = f"causal-end-{value}"
        if largest <= 0:
            found = (
                f"{len(part)} starts: smallest length of a projection {part['smallest_inner'].min():.3g}, "
                f"smallest distance of the farthest two tokens {part['spread'].min():.3g}"
            )
            statement = f"V = {part['matrix'].iloc[0]}: all eigenvalues negative, no limit known; distance from the top eigenspace"
            yield not_judged(id, "causal_atlas", statement, expected="none", reason=found, source=SOURCE)
        elif multiplicity > 1:
            statement = f"V = {part['matrix'].iloc[0]}: all end at the first's projection to the top space: distance"
            worst = float(part["to_projection"].max())
            yield judge_at_most(
                id, "causal_atlas", statement, computed=worst, bound=1e-4, source=f"{SOURCE}, conjecture"
            )
        else:
            statement = f"V = {part['matrix'].iloc[0]}: all tokens end at ± the top eigenvector: largest 1 − |<x, u>|"
            worst = float((1 - part["smallest_inner"]).max())
            yield judge_at_most(
                id, "causal_atlas", statement, computed=worst, bound=1e-4, source=f"{SOURCE}, conjecture"
            )


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from causal_parking, causal_counts, causal_capture, causal_centres, causal_lemma, causal_ends and
    causal_theorem."""
    yield from _end_claims(tables["causal_ends"], tables["causal_theorem"])
    circle = settings["circle"]
    published = all(circle[name] == value for name, value in PUBLISHED.items())
    yield from _circle_claims(tables, published)
    yield from _parking_claims(tables["causal_parking"], tables["causal_counts"], published)
