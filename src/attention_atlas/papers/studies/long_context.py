"""Long contexts: one layer at beta_n = gamma ln n, exactly for equal angles (Chen, Lin, Polyanskiy, Rigollet, arXiv 2510.05554).

Tokens y_1 ... y_n of length 1 with <y_i, y_j> = rho; x_i' = sum_j softmax_j(beta_n <y_i, y_j>) y_j + alpha y_i.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import softmax

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close

__all__ = [
    "claims",
    "exact_cosine",
    "exact_participation",
    "gradient_limit",
    "gradient_size",
    "layer_table",
    "limit_cosine",
    "limit_residual",
    "scaling_table",
]

SOURCE = "arXiv 2510.05554"
EXPECTED_SIZES = (1e2, 1e3, 1e4, 1e6, 1e9)
EXPECTED = {
    1.0: (0.99329, 0.99912, 0.99990, 1.0, 1.0),
    1.8: (0.87297, 0.90004, 0.92503, 0.96126, 0.98765),
    2.0: (0.80280, 0.80028, 0.80003, 0.8, 0.8),
    2.2: (0.72899, 0.69283, 0.66157, 0.61021, 0.55901),
    3.0: (0.54799, 0.51558, 0.50498, 0.50050, 0.50002),
}
EXPECTED_GRADIENT = {1.0: 0.0526, 2.0: 0.3296, 3.0: 0.7848}


def _weights(rho: float, gamma: float, n: float) -> tuple[float, float]:
    """Attention of a token to itself and to each other one."""
    k = math.exp(min(gamma * (1 - rho) * math.log(n), 690.0))
    return k / (k + n - 1), 1 / (k + n - 1)


def exact_cosine(rho: float, gamma: float, n: float, alpha: float = 0.0) -> float:
    """Cosine of two tokens after the layer, for any n (also beyond what a computer holds)."""
    a, b = _weights(rho, gamma, n)
    a += alpha
    # 1 - cosine = (|x'|^2 - <x_i', x_j'>) / |x'|^2 = (a - b)^2 (1 - rho) / |x'|^2
    all_others = (n - 1) * b
    square = a * a + 2 * a * all_others * rho + all_others * (b + (n - 2) * b * rho)
    return 1 - (a - b) ** 2 * (1 - rho) / square


def exact_participation(rho: float, gamma: float, n: float) -> float:
    """1 / sum_j A_ij^2: to how many tokens a token attends."""
    a, b = _weights(rho, gamma, n)
    return 1 / (a * a + (n - 1) * b * b)


def limit_cosine(rho: float, gamma: float) -> float:
    """The cosine for n to infinity: 1, 4 rho/(1 + 3 rho) or rho below, at and above gamma = 1/(1 - rho)."""
    threshold = gamma * (1 - rho)
    if math.isclose(threshold, 1.0):
        return 4 * rho / (1 + 3 * rho)
    return 1.0 if threshold < 1 else rho


def limit_residual(rho: float, gamma: float, alpha: float) -> float:
    """The same with the residual alpha."""
    threshold = gamma * (1 - rho)
    if math.isclose(threshold, 1.0):
        return rho * (1 + alpha) ** 2 / ((0.5 + alpha) ** 2 + (0.5 + alpha) * rho + rho / 4)
    return rho * (1 + alpha) ** 2 / (rho + 2 * alpha * rho + alpha**2) if threshold < 1 else rho


def gradient_limit(gamma: float, rho: float, dimension: int) -> float:
    """Limit of |dX'/dX|^2 / (n d) for equal angles and length 1: 0, (1 - 1/d)/4, 1 - 1/d in the three phases."""
    threshold = gamma * (1 - rho)
    share = 0.25 if math.isclose(threshold, 1.0) else float(threshold > 1)
    return share * (1 - 1 / dimension)


def gradient_size(points: np.ndarray, beta: float) -> float:
    """|dX'/dX|^2_F / (n d) of the layer without residual at tokens (n, d) of any length, exactly, from their inner products.

    dx_i'/dx_k = a_ik (1 + beta (y_k - m_i) y_i^T) P_k / |x_k| for k != i, and (a_ii + beta C_i) P_i / |x_i|, where m_i and C_i are
    mean and covariance of y_j under the weights of row i.
    """
    n, d = points.shape
    squares = (points**2).sum(axis=1)
    y = points / np.sqrt(squares)[:, None]
    gram = y @ y.T
    a = softmax(beta * gram, axis=1)
    m = a @ gram  # <m_i, y_k>
    own, mean_square = np.diag(m), (a * m).sum(axis=1)
    others = a**2 * (
        (d - 1) - 2 * beta * (own[:, None] - gram * m) + beta**2 * (1 - 2 * m + mean_square[:, None]) * (1 - gram**2)
    )
    np.fill_diagonal(others, 0.0)
    self_weight = np.diag(a)
    covariance = ((a @ gram**2) * a).sum(axis=1) - 2 * (a * m**2).sum(axis=1) + mean_square**2
    along = a * (gram - own[:, None])  # C_i y_i in terms of the tokens
    image = ((along @ gram) * along).sum(axis=1)
    diagonal = self_weight**2 * d + 2 * self_weight * beta * (1 - mean_square) + beta**2 * covariance
    diagonal -= self_weight**2 + 2 * self_weight * beta * (along * gram).sum(axis=1) + beta**2 * image
    return float(((others / squares).sum() + (diagonal / squares).sum()) / (n * d))


def scaling_table(rho: float, sizes: Sequence[float], gammas: np.ndarray) -> pd.DataFrame:
    """Columns n, gamma, cosine: the exact curves."""
    return pd.concat(
        pd.DataFrame({"n": n, "gamma": gammas, "cosine": [exact_cosine(rho, gamma, n) for gamma in gammas]})
        for n in sizes
    )


def layer_table(rho: float, shares: Sequence[float], layers: int, n: float, alphas: Sequence[float]) -> pd.DataFrame:
    """Columns alpha, share, layer, cosine: layers one after the other, gamma a share of 1/(1 - rho) at each layer's own rho."""
    lines = []
    for alpha in alphas:
        for share in shares:
            now = rho
            for layer in range(layers + 1):
                lines.append({"alpha": alpha, "share": share, "layer": layer, "cosine": now})
                # beyond this all tokens are one, and the threshold infinite
                now = exact_cosine(now, share / (1 - now), n, alpha) if now < 1 - 1e-14 else now
    return pd.DataFrame(lines)


def crossing(rho: float, first: float, second: float) -> float:
    """gamma at which the exact curves of two numbers of tokens cross."""
    return float(brentq(lambda gamma: exact_cosine(rho, gamma, first) - exact_cosine(rho, gamma, second), 1.2, 3.5))


def _exact_claims(simplex: pd.DataFrame) -> Iterator[Claim]:
    worst = float((simplex["engine"] - simplex["exact"]).abs().max())
    statement = (
        f"One layer of the engine on equal angles is the exact formula, {len(simplex)} values of γ: largest difference"
    )
    yield judge_at_most("long-engine", "critical_scaling", statement, computed=worst, bound=1e-12, source="this work")
    value = exact_cosine(0.5, 2.2, 40)
    yield judge_close(
        "long-value",
        "critical_scaling",
        "The formula at n = 40, ρ = ½, γ = 2.2, against an independent computation, 0.7468383503479448",
        expected=0.7468383503479448,
        computed=value,
        tolerance=1e-12,
        source="this work",
    )
    worst = max(
        abs(exact_cosine(0.5, gamma, n) - value)
        for gamma, values in EXPECTED.items()
        for n, value in zip(EXPECTED_SIZES, values, strict=True)
    )
    statement = (
        "25 values of the formula (γ = 1 … 3, n = 10² … 10⁹), against an independent computation: largest difference"
    )
    yield judge_at_most("long-table", "critical_scaling", statement, computed=worst, bound=1e-5, source="this work")
    for gamma, bound in ((1.0, 1e-5), (2.0, 1e-5), (3.0, 6e-4)):
        statement = f"ρ = ½, γ = {gamma:g}, n = 10⁶: distance of the cosine to the limit {limit_cosine(0.5, gamma):g}"
        computed = abs(exact_cosine(0.5, gamma, 1e6) - limit_cosine(0.5, gamma))
        yield judge_at_most(
            f"long-limit-{gamma:g}", "critical_scaling", statement, computed=computed, bound=bound, source=SOURCE
        )
    yield judge_close(
        "long-crossing",
        "critical_scaling",
        "The curves of n = 10³ and 10⁶ cross at γ = 1/(1 − ρ), ρ = ½",
        expected=2.0,
        computed=crossing(0.5, 1e3, 1e6),
        tolerance=0.01,
        source=SOURCE,
    )


def _sample_claims(sampled: pd.DataFrame, angle: pd.DataFrame) -> Iterator[Claim]:
    worst = float((sampled["cosine"] - sampled["exact"]).abs().max())
    first = sampled.iloc[0]
    statement = (
        f"Random tokens, d = {first['dimension']:.0f}, n = {first['n']:.0f}: largest difference from the formula"
    )
    yield judge_at_most("long-random", "critical_scaling", statement, computed=worst, bound=0.03, source=SOURCE)
    falls = {}
    for dimension, part in angle.groupby("dimension"):
        rho = part["rho"].unique()[np.abs(part["rho"].unique() - 0.5).argmin()]
        line = part[part["rho"] == rho].sort_values("gamma")
        # the cosine of random tokens is not quite rho: the threshold and the whole fall belong to the measured one
        before = float(line["before"].mean())
        ends = np.interp(np.array([0.5, 1.5]) / (1 - before), line["gamma"], line["cosine"])
        falls[int(dimension)] = float((ends[0] - ends[1]) / (1 - before))
    order = sorted(falls)
    yield judge(
        "long-smooth",
        "critical_angle",
        "Low dimensions smooth the transition: share of the fall from 1 to ρ between ½ and 1½ of the threshold, ρ ≈ ½",
        expected="grows with d",
        computed=", ".join(f"{falls[d]:.3f} (d = {d})" for d in order),
        tolerance="",
        holds=all(falls[low] < falls[high] for low, high in pairwise(order)),
        source=SOURCE,
    )


def _gradient_claims(gradient: pd.DataFrame) -> Iterator[Claim]:
    at = gradient[gradient["n"] == 40].set_index("gamma")["size"]
    if set(EXPECTED_GRADIENT) <= set(at.index):
        worst = max(abs(float(at[gamma]) - value) for gamma, value in EXPECTED_GRADIENT.items())
        statement = "η = |∂X'/∂X|²/(nd), n = d = 40, ρ = ½, γ = 1, 2, 3: largest difference from 0.0526, 0.3296, 0.7848"
        yield judge_at_most(
            "long-gradient", "critical_gradient", statement, computed=worst, bound=1e-4, source="this work"
        )
    for gamma, part in gradient.groupby("gamma"):
        part = part.sort_values("n")
        distance = (part["size"] - part["limit"]).abs().to_numpy()
        yield judge(
            f"long-gradient-{gamma:g}",
            "critical_gradient",
            f"γ = {gamma:g}: |η − limit| falls with n = d = {', '.join(map(str, part['n']))}",
            expected="falls",
            computed=", ".join(f"{value:.4f}" for value in distance),
            tolerance="",
            holds=bool((np.diff(distance) < 0).all()),
            source=SOURCE,
        )


def _sparse_claims(sparse: pd.DataFrame) -> Iterator[Claim]:
    slopes = {}
    for share, part in sparse.groupby("share"):
        part = part.sort_values("n").tail(4)
        slopes[float(share)] = float(np.polyfit(np.log(part["n"]), np.log(part["participation"]), 1)[0])
    low, high = min(slopes), max(slopes)
    for share, bound, text in ((low, 0.9, "nearly all tokens"), (high, 0.1, "a few tokens")):
        statement = (
            f"γ = {share:g}/(1 − ρ): a token attends to {text}: exponent in n of the number of tokens attended to"
        )
        judge_side = judge_at_least if share == low else judge_at_most
        yield judge_side(
            f"long-sparse-{share:g}", "critical_sparse", statement, computed=slopes[share], bound=bound, source=SOURCE
        )


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from long_simplex, long_sampled, long_angle, long_gradient_sizes, long_sparse."""
    yield from _exact_claims(tables["long_simplex"])
    yield from _sample_claims(tables["long_sampled"], tables["long_angle"])
    yield from _gradient_claims(tables["long_gradient_sizes"])
    yield from _sparse_claims(tables["long_sparse"])
