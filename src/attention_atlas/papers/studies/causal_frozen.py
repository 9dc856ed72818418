"""Causal tokens beside frozen ones on the circle (Karagodin, Polyanskiy, Rigollet, arXiv 2411.04990, Theorem 5.2).

Frozen tokens at the angles theta_j have weights a_j >= 1 and distances of at least c beta^(-1/2); with N = n + sum a_j the theorem puts
every other token within epsilon beta^(-1/2) of a frozen one in the end, if N h((c - 1 - 2 epsilon) beta^(-1/2)) < h(epsilon beta^(-1/2))
and -N g((c - 2 epsilon) beta^(-1/2)) < g(epsilon beta^(-1/2)), g = h'.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp

from attention_atlas.claims import Claim, judge_at_least, judge_at_most, not_judged
from attention_atlas.errors import AtlasError
from attention_atlas.papers.studies.causal import SOURCE, kernel_pull

__all__ = ["allowed_distance", "frozen_claims", "frozen_distances", "frozen_flow", "frozen_speeds", "pull_slope"]

EPSILONS = np.geomspace(1e-7, 0.5, 20_000)


def pull_slope(angle: np.ndarray | float, beta: float) -> np.ndarray:
    """g = h', the derivative of ``kernel_pull`` by the angle (radians)."""
    return np.exp(beta * (np.cos(angle) - 1)) * (np.cos(angle) - beta * np.sin(angle) ** 2)


def allowed_distance(cars: float, beta: float, total: float) -> float:
    """The smallest epsilon up to 1/2 for which Theorem 5.2 applies; NaN if there is none.

    Besides the two printed conditions both distances on their left must lie beyond the peak of h, c - 1 - 2 epsilon >= 1: nearer to 0
    h is small again, both conditions hold for c = 1 + 2 epsilon, and the statement is false there.

    Parameters
    ----------
    cars : c, the separation of the frozen tokens in units of beta^(-1/2)
    total : N, the number of free tokens and the sum of the weights
    """
    unit = 1 / math.sqrt(beta)
    far, slope = (cars - 1 - 2 * EPSILONS) * unit, (cars - 2 * EPSILONS) * unit
    holds = (
        (far >= unit)
        & (total * kernel_pull(far, beta) < kernel_pull(EPSILONS * unit, beta))
        & (-total * pull_slope(slope, beta) < pull_slope(EPSILONS * unit, beta))
    )
    return float(EPSILONS[int(np.argmax(holds))]) if holds.any() else math.nan


def frozen_speeds(angles: np.ndarray, frozen: np.ndarray, weights: np.ndarray, beta: float) -> np.ndarray:
    """Velocities (n,) of free tokens, Q = K = V = I: each attends to all frozen tokens, to the free ones before it and to itself.

    Parameters
    ----------
    angles : free tokens in their order, (n,), radians
    frozen, weights : angles and weights of the frozen tokens, (m,)
    """
    to_frozen, to_free = frozen - angles[:, None], angles - angles[:, None]
    earlier = np.tri(len(angles))
    fixed = weights * np.exp(beta * (np.cos(to_frozen) - 1))
    free = earlier * np.exp(beta * (np.cos(to_free) - 1))
    pull = (fixed * np.sin(to_frozen)).sum(axis=1) + (free * np.sin(to_free)).sum(axis=1)
    return pull / (fixed.sum(axis=1) + free.sum(axis=1))


def _jacobian(angles: np.ndarray, frozen: np.ndarray, weights: np.ndarray, beta: float) -> np.ndarray:
    """Derivative (n, n) of ``frozen_speeds`` by the angles, lower triangular."""
    to_frozen, to_free = frozen - angles[:, None], angles - angles[:, None]
    fixed = weights * np.exp(beta * (np.cos(to_frozen) - 1))
    free = np.tri(len(angles)) * np.exp(beta * (np.cos(to_free) - 1))
    total = fixed.sum(axis=1) + free.sum(axis=1)
    speed = ((fixed * np.sin(to_frozen)).sum(axis=1) + (free * np.sin(to_free)).sum(axis=1)) / total
    # by the angle of the other token, and by that of the token itself, which moves all differences
    others = free * (np.cos(to_free) - beta * np.sin(to_free) ** 2 + beta * np.sin(to_free) * speed[:, None])
    beside = fixed * (np.cos(to_frozen) - beta * np.sin(to_frozen) ** 2 + beta * np.sin(to_frozen) * speed[:, None])
    own = np.diag(others.sum(axis=1) + beside.sum(axis=1))
    return (others - own) / total[:, None]


def frozen_flow(
    angles: np.ndarray, frozen: np.ndarray, weights: np.ndarray, beta: float, times: np.ndarray
) -> np.ndarray:
    """Angles (T, n) of the free tokens at ascending times from 0, by LSODA with the exact Jacobian.

    Raises
    ------
    AtlasError
        The solver does not reach the last time.
    """
    found = solve_ivp(
        lambda _, state: frozen_speeds(state, frozen, weights, beta),
        (0.0, float(times[-1])),
        angles,
        method="LSODA",
        t_eval=times,
        jac=lambda _, state: _jacobian(state, frozen, weights, beta),
        rtol=1e-9,
        atol=1e-12,
    )
    if not found.success:
        raise AtlasError(f"tokens beside frozen ones, beta {beta:g}: {found.message}; set a smaller last_time")
    return found.y.T


def frozen_distances(angles: np.ndarray, frozen: np.ndarray) -> np.ndarray:
    """Angle from each token (..., n) to the nearest of the frozen ones (m,), radians."""
    apart = angles[..., None] - frozen
    return np.abs(np.arctan2(np.sin(apart), np.cos(apart))).min(axis=-1)


def frozen_claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of Theorem 5.2, from causal_frozen and causal_frozen_close."""
    runs, source = tables["causal_frozen"], f"{SOURCE}, Theorem 5.2"
    applies = runs[runs["allowed"].notna()]
    statement = (
        f"Frozen tokens, {len(applies)} starts to which the theorem applies: farthest end over the allowed εβ^(−1/2)"
    )
    if len(applies):
        worst = float((applies["farthest"] / applies["allowed"]).max())
        yield judge_at_most("causal-frozen", "causal_frozen", statement, computed=worst, bound=1.0, source=source)
    else:
        yield not_judged(
            "causal-frozen", "causal_frozen", statement, expected="≤ 1", reason="too many tokens for its conditions", source=source
        )  # fmt: skip
    statement = (
        f"Frozen tokens: largest speed of a free token at the end of {len(runs)} starts (radians per unit of time)"
    )
    yield judge_at_most(
        "causal-frozen-rest", "causal_frozen", statement, computed=float(runs["speed"].max()), bound=1e-6, source="this work"
    )  # fmt: skip
    close = tables["causal_frozen_close"]
    statement = (
        "Two frozen tokens with c = 1 + 2ε fulfil both printed conditions, yet a token rests between them: its distance over εβ^(−1/2), "
        "smallest over ε; c ≥ 2 + 2ε is needed"
    )
    printed = close[close["printed"]]
    yield judge_at_least(
        "causal-frozen-close",
        "causal_frozen",
        statement,
        computed=float((printed["distance"] / printed["epsilon"]).min()),
        bound=1.5,
        source="this work",
    )
