"""Attention without normalisation: the rescaled tokens z = e^(-tV) x (Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv 2305.05465).

Depending on V they tend to a convex polytope, to parallel hyperplanes, or to both at once; in one dimension the attention matrix
tends to one of rank 1 or 2.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull
from scipy.special import softmax

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, not_judged

__all__ = [
    "attention_matrix",
    "boundary_distance",
    "claims",
    "hull_violation",
    "leading_coordinates",
    "limit_groups",
    "limit_table",
    "line_groups",
    "one_dimension_row",
]

SOURCE = "arXiv 2305.05465"
NEAR = 0.05  # limits nearer to each other (or to 0) than this are one (or 0)


def leading_coordinates(value: np.ndarray, points: np.ndarray, count: int = 1) -> np.ndarray:
    """Coordinates phi_k*(z) for the eigenvalues of V with the largest real parts, (..., count): rows of the inverse of the eigenvectors.

    They are real only for real eigenvalues.
    """
    eigenvalues, vectors = np.linalg.eig(value)
    order = np.argsort(-eigenvalues.real)[:count]
    rows = np.linalg.inv(vectors)[order]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.real(points @ rows.T)


def line_groups(values: np.ndarray) -> tuple[int, float]:
    """Number of groups of numbers separated by gaps of more than 5 % of their range (0.05 at least), and the largest spread in a group."""
    ordered = np.sort(values)
    gap = max(NEAR, 0.05 * (ordered[-1] - ordered[0]))
    groups = np.split(ordered, np.flatnonzero(np.diff(ordered) > gap) + 1)
    return len(groups), float(max(group[-1] - group[0] for group in groups))


def limit_groups(points: np.ndarray) -> np.ndarray:
    """Middles (m, d) of tokens (n, d) that have met, those near 0 left out."""
    left, middles = points[np.linalg.norm(points, axis=1) > NEAR], []
    while len(left):
        near = np.linalg.norm(left - left[0], axis=1) <= NEAR
        middles.append(left[near].mean(axis=0))
        left = left[~near]
    return np.array(middles).reshape(-1, points.shape[1])


def limit_table(points: np.ndarray) -> tuple[int, bool, float]:
    """Number of limits of tokens (n, d) for V = I, whether all are vertices of their hull, and the largest relative error of
    |p|^2 = max_v <p, v> over the limits."""
    limits = limit_groups(points)
    enough = len(limits) > points.shape[1]
    vertices = limits[ConvexHull(limits).vertices] if enough else limits
    error = np.abs((limits @ vertices.T).max(axis=1) / (limits**2).sum(axis=1) - 1)
    return len(limits), len(vertices) == len(limits), float(error.max())


def hull_violation(earlier: np.ndarray, later: np.ndarray) -> float:
    """How far later tokens (n, d) stand outside the convex hull of earlier ones; 0 if inside."""
    planes = ConvexHull(earlier).equations
    return max(0.0, float((later @ planes[:, :-1].T + planes[:, -1]).max()))


def boundary_distance(points: np.ndarray) -> np.ndarray:
    """Distance of each of the points (n, d) from the boundary of their hull, or from 0, whichever is less."""
    planes = ConvexHull(points).equations
    inside = -(points @ planes[:, :-1].T + planes[:, -1]).max(axis=1)
    return np.minimum(np.abs(inside), np.linalg.norm(points, axis=1))


def attention_matrix(tokens: np.ndarray) -> np.ndarray:
    """softmax_j <x_i, x_j> of tokens (n, d) of any size; only differences of exponents enter."""
    scores = tokens @ tokens.T
    return softmax(scores - scores.max(axis=1, keepdims=True), axis=1)


def one_dimension_row(start: np.ndarray, matrix: np.ndarray) -> dict[str, Any]:
    """What the attention matrix (n, n) of tokens on the line looks like: rank (singular values above 1e-3), rows that are no
    unit vector, whether the others look at the extreme tokens of the start, and how far from 0 and 1 their entries are."""
    best = matrix.argmax(axis=1)
    away = np.abs(matrix - np.eye(len(matrix))[best]).max(axis=1)
    odd = int((away > 1e-4).sum())
    ends = {int(start.argmin()), int(start.argmax())}
    # the row farthest from a unit vector may be the exception
    kept = np.argsort(away)[:-1]
    return {
        "rank": int(np.linalg.matrix_rank(matrix, tol=1e-3)),
        "odd_rows": odd,
        "extreme": set(best[kept].tolist()) <= ends,
        "deviation": float(away[kept].max()),
    }


def _polytope_claims(limits: pd.DataFrame, hulls: pd.DataFrame) -> Iterator[Claim]:
    share = float((limits["error"] <= 0.05).mean())
    counts = limits["limits"].value_counts().sort_index()
    seen = ", ".join(f"{number} in {count}" for number, count in counts.items())
    statement = f"V = I: limits satisfy |p|² = max <p, v> over the vertices v to 5 %: share of {len(limits)} starts"
    yield judge_at_least(
        "emergence-polytope", "emergence_polytope", statement, computed=share, bound=1.0, source=f"{SOURCE}, Theorem 3.2"
    )  # fmt: skip
    yield judge_at_least(
        "emergence-vertices",
        "emergence_polytope",
        f"V = I: all limits are vertices of their hull: share of the starts (limits: {seen})",
        computed=float(limits["vertices"].mean()),
        bound=1.0,
        source=SOURCE,
    )
    statement = "V = I: the convex hull never grows: largest distance of a token outside an earlier hull"
    yield judge_at_most(
        "emergence-hull", "emergence_polytope", statement, computed=float(hulls["violation"].max()), bound=1e-9, source=SOURCE
    )  # fmt: skip


def _hyperplane_claims(groups: pd.DataFrame, mixed: pd.DataFrame, frozen: pd.DataFrame) -> Iterator[Claim]:
    for panel, part in groups[groups["count"] == 1].groupby("panel", sort=False):
        statement = f"{panel}: φ₁*(z) takes at most 3 values: most values in {len(part)} starts"
        yield judge_at_most(
            f"emergence-planes-{panel}",
            "emergence_hyperplanes",
            statement,
            computed=int(part["groups"].max()),
            bound=3,
            source=f"{SOURCE}, Theorem 4.1",
        )
        spread = float(part["spread"].quantile(0.9))
        statement = f"{panel}: spread of φ₁*(z) within a group at the end, 90 % quantile over the starts"
        yield judge_at_most(
            f"emergence-spread-{panel}",
            "emergence_hyperplanes",
            statement,
            computed=spread,
            bound=2e-3,
            source="this work",
        )
    worst = mixed["distance"]
    statement = f"V = diag(1, 1, −½): (z₁, z₂) ends on the boundary of the hull, or in 0: share of {len(worst)} starts within 1e-3"
    yield judge_at_least(
        "emergence-mixed",
        "emergence_hyperplanes",
        statement,
        computed=float((worst < 1e-3).mean()),
        bound=1.0,
        source=f"{SOURCE}, Theorem 5.2",
    )
    for panel, part in groups[groups["count"] > 1].groupby("panel", sort=False):
        share = float((part["groups"] <= 3).mean())
        yield not_judged(
            f"emergence-codimension-{panel}",
            "emergence_hyperplanes",
            f"{panel}: with two positive eigenvalues at most 3 parallel subspaces of codimension 2: share of {len(part)} starts",
            expected="conjecture, all",
            reason=f"{share:.2f} of the starts at this time",
            source=f"{SOURCE}, conjecture",
        )
    yield not_judged(
        "emergence-frozen",
        "emergence_polytope",
        "The authors' Runge-Kutta steps with attention frozen at their start, against true ones: distance of z at the end",
        expected="none",
        reason=f"up to {frozen['difference'].max():.3g}, mean {frozen['difference'].mean():.3g}",
        source=f"{SOURCE}, the authors' program",
    )


def _rank_claims(line: pd.DataFrame, ranks: pd.DataFrame) -> Iterator[Claim]:
    yield judge(
        "emergence-rank",
        "emergence_rank",
        f"d = 1: the attention matrix ends with rank 1 or 2: ranks in {len(line)} starts",
        expected="1 or 2",
        computed=" or ".join(map(str, sorted(line["rank"].unique()))),
        tolerance="",
        holds=set(line["rank"]) <= {1, 2},
        source=f"{SOURCE}, Theorem 2.1",
    )
    statement = "d = 1: all rows but at most one are unit vectors of the extreme tokens: starts in which they are not"
    wrong = int((~line["extreme"].astype(bool) | (line["odd_rows"] > 1)).sum())
    yield judge_at_most("emergence-extreme", "emergence_rank", statement, computed=wrong, bound=0, source=SOURCE)
    worst = float(line["deviation"].max())
    statement = "d = 1: largest deviation of these rows from 0 and 1"
    yield judge_at_most("emergence-boolean", "emergence_rank", statement, computed=worst, bound=1e-4, source=SOURCE)
    found = ranks.set_index("flow")["rank"]
    yield not_judged(
        "emergence-published-rank",
        "emergence_rank",
        "The published rank figure moves tokens by dx/dt = Vx alone: rank of the attention matrix there, and under attention",
        expected="none",
        reason=f"{found['linear']} and {found['attention']}",
        source=f"{SOURCE}, the authors' program",
    )


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from emergence_limits, emergence_hulls, emergence_groups, emergence_mixed, emergence_frozen,
    emergence_line, emergence_ranks."""
    yield from _polytope_claims(tables["emergence_limits"], tables["emergence_hulls"])
    yield from _hyperplane_claims(tables["emergence_groups"], tables["emergence_mixed"], tables["emergence_frozen"])
    yield from _rank_claims(tables["emergence_line"], tables["emergence_ranks"])
