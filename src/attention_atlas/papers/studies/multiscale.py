"""Three time scales of attention at large beta: alignment, heat, pairing (Bruno, Pasqualotto, Agazzi, arXiv 2509.25040).

Alignment: tokens decouple, dx/dt = P(V K^T Q x / |K^T Q x|). Heat: d_s mu = -gamma Laplace(mu) with t = beta s. Pairing: the closest two
clusters move alone, dt = exp(beta (1 - <x_i, x_j>)) ds with the inner product of the running time.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import ndtri

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close

__all__ = [
    "aligned_share",
    "claims",
    "cluster_energy",
    "cluster_flow",
    "decoupled",
    "gaussian_variance",
    "l1_distance",
    "merge_time",
    "mixture_quantiles",
    "normal_quantiles",
    "pair_gap",
    "pairing_run",
    "tight_groups",
    "wrapped_density",
]

SOURCE = "arXiv 2509.25040"
EXPECTED_PAIR = {20.0: 0.27070, 50.0: 0.23973, 100.0: 0.22909, 200.0: 0.22674}


def decoupled(points: np.ndarray, diagonal: Sequence[float], time: float) -> np.ndarray:
    """The aligned flow with Q = K = I and a diagonal V: e^(tV) x_0 normalised, points (..., d)."""
    grown = points * np.exp(time * (np.asarray(diagonal) - max(diagonal)))
    return grown / np.linalg.norm(grown, axis=-1, keepdims=True)


def aligned_share(angle: float, time: float, gap: float) -> float:
    """Share of uniform tokens on S^2 within ``angle`` of +-e_1 at ``time``, where the other two eigenvalues of V are smaller by ``gap``."""
    return 1 - 1 / math.sqrt(1 + math.tan(angle) ** 2 * math.exp(2 * gap * time))


def gaussian_variance(variance: float, beta: float, time: float, sign: int) -> float:
    """Variance of one Gaussian on the line under a Gaussian kernel of any beta: beta v + ln v = beta v_0 + ln v_0 - 2 gamma t."""
    level = beta * variance + math.log(variance) - 2 * sign * time
    return float(brentq(lambda v: beta * v + math.log(v) - level, 1e-300, 1e3, xtol=1e-14, rtol=1e-13))


def normal_quantiles(count: int, width: float) -> np.ndarray:
    """Angles at the quantiles (i + 1/2)/n of a normal law: a start without chance."""
    return width * ndtri((np.arange(count) + 0.5) / count)


def mixture_quantiles(count: int, centres: Sequence[float], width: float) -> np.ndarray:
    """Angles of a mixture of equal normals around ``centres``; the count is rounded down to a multiple of theirs."""
    one = normal_quantiles(count // len(centres), width)
    return np.concatenate([centre + one for centre in centres])


def wrapped_density(
    angles: np.ndarray, centres: Sequence[float], variance: float, shares: Sequence[float] | None = None
) -> np.ndarray:
    """Density of a mixture of normals wrapped around the circle."""
    weights = np.full(len(centres), 1 / len(centres)) if shares is None else np.asarray(shares)
    turns = 2 * np.pi * np.arange(-4, 5)
    away = angles[:, None, None] - np.asarray(centres)[None, :, None] - turns
    return (np.exp(-(away**2) / (2 * variance)).sum(axis=2) @ weights) / math.sqrt(2 * np.pi * variance)


def l1_distance(angles: np.ndarray, centres: Sequence[float], variance: float, bins: int) -> float:
    """Integral of |histogram - density| over the circle, with the mean of the density in each bin."""
    edges = np.linspace(0, 2 * np.pi, bins + 1)
    counts, _ = np.histogram(np.mod(angles, 2 * np.pi), edges)
    fine = (np.arange(20 * bins) + 0.5) * 2 * np.pi / (20 * bins)
    mass = wrapped_density(fine, centres, variance).reshape(bins, 20).mean(axis=1) * 2 * np.pi / bins
    return float(np.abs(counts / len(angles) - mass).sum())


def pair_gap(gap: float, s: np.ndarray | float) -> np.ndarray:
    """Gap of two equal clusters at the rescaled time s for beta to infinity: tan(g/2) = tan(g_0/2) e^(-2s)."""
    return 2 * np.arctan(math.tan(gap / 2) * np.exp(-2 * np.asarray(s)))


def _softmax_speed(angles: np.ndarray, masses: np.ndarray, beta: float, ease: float) -> np.ndarray:
    """Angular velocities of clusters under softmax attention, times e^ease, in a form that does not overflow."""
    away = angles[None, :] - angles[:, None]
    exponents = beta * (np.cos(away) - 1)
    pulls = masses * np.exp(exponents + ease) * np.sin(away)
    return pulls.sum(axis=1) / (masses * np.exp(exponents)).sum(axis=1)


def pairing_run(
    angles: Sequence[float], masses: Sequence[float] | np.ndarray, beta: float, times: np.ndarray, running: bool = True
) -> np.ndarray:
    """Clusters on the circle in the rescaled time of the first two, (T, m) angles.

    Parameters
    ----------
    running : dt = exp(beta (1 - cos g)) ds with the gap g of the time itself, else with that of time 0
    """
    weights = np.asarray(masses, dtype=float)
    first = beta * (1 - math.cos(angles[1] - angles[0]))

    def velocity(_: float, y: np.ndarray) -> np.ndarray:
        ease = beta * (1 - math.cos(y[1] - y[0])) if running else first
        return _softmax_speed(y, weights, beta, ease)

    found = solve_ivp(
        velocity, (0.0, float(times[-1])), np.asarray(angles, dtype=float), method="LSODA", t_eval=times, rtol=1e-10, atol=1e-14
    )  # fmt: skip
    return found.y.T


def cluster_flow(angles: np.ndarray, masses: np.ndarray, beta: float, times: np.ndarray) -> np.ndarray:
    """Clusters on the circle in the time t itself, (T, m) angles, by an implicit method: those that have met are stiff, and others
    wait for times like e^beta."""
    found = solve_ivp(
        lambda _, y: _softmax_speed(y, masses, beta, 0.0), (0.0, float(times[-1])), angles, method="LSODA", t_eval=times,
        rtol=1e-10, atol=1e-13,
    )  # fmt: skip
    return found.y.T


def cluster_energy(angles: np.ndarray, masses: np.ndarray, beta: float) -> np.ndarray:
    """sum_ij m_i m_j exp(beta cos(phi_i - phi_j)) / (2 beta) of clusters (..., m) with masses that sum to 1."""
    cosines = np.cos(angles[..., :, None] - angles[..., None, :])
    return np.einsum("i,...ij,j->...", masses, np.exp(beta * cosines), masses) / (2 * beta)


def merge_time(gap: float, beta: float, last: float = 0.01) -> tuple[float, float]:
    """Logarithm of the time t in which two equal clusters come from ``gap`` to ``last``, and of its leading order
    exp(beta (1 - cos g)) / (2 beta sin^2 g)."""
    reach = beta * (1 - math.cos(gap))

    def slowness(g: float) -> float:
        away = beta * (1 - math.cos(g))
        return math.exp(away - reach) * (1 + math.exp(-away)) / (2 * math.sin(g))

    value, _ = quad(slowness, last, gap, limit=500, epsabs=0, epsrel=1e-11, points=[gap - 5 / (beta * math.sin(gap))])
    return reach + math.log(value), reach - math.log(2 * beta * math.sin(gap) ** 2)


def tight_groups(points: np.ndarray, distance: float) -> np.ndarray:
    """Labels 0, 1, ... of tokens (n, d) that lie in tight clusters: all within ``distance`` of the first one of a group belong to it."""
    labels = np.full(len(points), -1)
    while (labels < 0).any():
        first = int(np.argmax(labels < 0))
        near = np.linalg.norm(points - points[first], axis=1) <= distance
        labels[near & (labels < 0)] = labels.max() + 1
    return labels


def _alignment_claims(errors: pd.DataFrame, shares: pd.DataFrame) -> Iterator[Claim]:
    table = errors.sort_values("beta")
    falls = bool((np.diff(table["error"]) < 0).all())
    slope = float(np.polyfit(np.log(table["beta"]), np.log(table["error"]), 1)[0])
    betas = ", ".join(f"{beta:g}" for beta in table["beta"])
    yield judge(
        "multi-alignment",
        "align_error",
        f"Mean distance to the decoupled flow at t = {table['time'].iloc[0]:g} falls over β = {betas}",
        expected="falls",
        computed=f"{', '.join(f'{error:.4f}' for error in table['error'])}; exponent {slope:.2f}",
        tolerance="",
        holds=falls,
        source=f"{SOURCE}, Theorem 3.2",
    )
    for _, row in shares.iterrows():
        yield judge_close(
            f"multi-share-{row['time']:g}",
            "align_error",
            f"V = diag(1, ½, ½): share within 0.05 of ±e₁ at t = {row['time']:g}, β = {row['beta']:g}",
            expected=float(row["exact"]),
            computed=float(row["share"]),
            tolerance=0.02,
            source=f"{SOURCE}, closed form of the aligned flow",
        )


def _heat_claims(variance: pd.DataFrame, forward: pd.DataFrame, clusters: pd.DataFrame) -> Iterator[Claim]:
    for _, row in variance.iterrows():
        name = "backward" if row["sign"] > 0 else "forward"
        yield judge_close(
            f"multi-variance-{row['beta']:g}-{name}",
            "heat_backward" if row["sign"] > 0 else "heat_forward",
            f"Gaussian of variance {row['start']:g}, {name} heat, β = {row['beta']:g}, t = {row['time']:g}: βv + ln v = βv₀ + ln v₀ − 2γt",
            expected=float(row["exact"]),
            computed=float(row["variance"]),
            tolerance=0.02 * float(row["exact"]),
            source="this work, Gaussian kernel",
        )
    for beta, bound in ((50.0, 0.08), (200.0, 0.04)):
        part = forward[forward["beta"] == beta]
        if len(part):
            statement = f"Forward heat, β = {beta:g}: largest L1 distance of tokens and heat solution over the pictures"
            yield judge_at_most(
                f"multi-forward-{beta:g}", "heat_forward", statement, computed=float(part["l1"].max()), bound=bound, source=SOURCE
            )  # fmt: skip
    found = len(clusters)
    yield judge_close(
        "multi-clusters",
        "heat_backward",
        "Backward heat: number of clusters is that of the components",
        expected=float(clusters["components"].iloc[0]),
        computed=float(found),
        tolerance=0,
        source=SOURCE,
    )
    worst = float(clusters["away"].max())
    statement = "Backward heat: largest distance of a cluster from the centre of a component (radians)"
    yield judge_at_most("multi-centres", "heat_backward", statement, computed=worst, bound=0.1, source=SOURCE)


def _pairing_claims(pairs: pd.DataFrame, merging: pd.DataFrame) -> Iterator[Claim]:
    half = pairs[np.isclose(pairs["s"], 0.5)].set_index("beta").sort_index()
    known = [beta for beta in EXPECTED_PAIR if beta in half.index]
    found = [float(half.loc[beta, "gap"]) for beta in known]
    worst = max(abs(value - EXPECTED_PAIR[beta]) for beta, value in zip(known, found, strict=True))
    yield judge(
        "multi-pair",
        "pairing",
        f"Gap of the closest pair at s = ½ for β = {', '.join(f'{beta:g}' for beta in known)}",
        expected=", ".join(f"{EXPECTED_PAIR[beta]:.5f}" for beta in known),
        computed=", ".join(f"{value:.5f}" for value in found),
        tolerance="± 0.00002",
        holds=worst <= 2e-5,
        source="this work, independent integration",
    )
    errors = (half["gap"] - half["closed"]).abs()
    yield judge(
        "multi-pair-limit",
        "pairing",
        f"The distance to the closed form tan(g/2) = tan(g₀/2)e^(−2s), {half['closed'].iloc[0]:.5f}, falls with β",
        expected="falls",
        computed=", ".join(f"{error:.2g}" for error in errors),
        tolerance="",
        holds=bool((np.diff(errors) < 0).all()),
        source=f"{SOURCE}, Prop. 3.11",
    )
    third = float(half.loc[half.index >= 100, "third_moved"].max())
    statement = "The third cluster waits: how far it moves, β ≥ 100"
    yield judge_at_most(
        "multi-third", "pairing", statement, computed=third, bound=1e-11, source=f"{SOURCE}, Prop. 3.11"
    )
    engine = float((pairs["engine"] - pairs["gap"]).abs().max())
    statement = "The engine in its own time gives the same gaps where that time can be reached: largest difference"
    yield judge_at_most("multi-pair-engine", "pairing", statement, computed=engine, bound=1e-6, source="this work")
    unequal = merging[merging["kind"] == "masses"]
    error = float((unequal["value"] / unequal["expected"] - 1).abs().max())
    statement = "Unequal masses: speed of cluster i is α_j/α_i sin g in rescaled time, β = 200: largest relative error"
    yield judge_at_most("multi-masses", "pairing", statement, computed=error, bound=0.02, source="this work")
    for kind, bound, text in (
        ("slope", 0.03, "slope of ln t_merge against 1 − cos g₀"),
        ("slope_leading", 0.01, "slope after division by the leading order's 1/(2β sin² g₀)"),
    ):
        for _, row in merging[merging["kind"] == kind].iterrows():
            statement = f"β = {row['beta']:g}: {text}, divided by β"
            yield judge_close(
                f"multi-{kind.replace('_', '-')}-{row['beta']:g}",
                "pairing",
                statement,
                expected=1.0,
                computed=float(row["value"] / row["beta"]),
                tolerance=bound,
                source=SOURCE,
            )


def _energy_claims(energy: pd.DataFrame) -> Iterator[Claim]:
    values = energy["energy"].to_numpy()
    fall = float((-np.diff(values) / values[:-1]).max())
    statement = "The energy never falls through all three phases: largest relative fall between records"
    yield judge_at_most("multi-energy", "three_phases", statement, computed=max(fall, 0.0), bound=1e-12, source=SOURCE)
    late = energy[energy["clusters"] <= energy["components"].iloc[0]]
    levels = late.groupby("clusters")["time"].agg(lambda t: math.log10(t.max() / t.min()))
    long = int((levels >= 0.5).sum())
    statement = "Plateaus of at least half a decade, one a number of clusters"
    yield judge_at_least("multi-plateaus", "three_phases", statement, computed=long, bound=3, source=SOURCE)


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from multi_errors, multi_shares, multi_variance, multi_forward_l1, multi_clusters, multi_pairs,
    multi_merging, multi_energy."""
    yield from _alignment_claims(tables["multi_errors"], tables["multi_shares"])
    yield from _heat_claims(tables["multi_variance"], tables["multi_forward_l1"], tables["multi_clusters"])
    yield from _pairing_claims(tables["multi_pairs"], tables["multi_merging"])
    yield from _energy_claims(tables["multi_energy"])
