"""Noisy attention on spheres: zonal stationary densities in every dimension (Mun, Rosenzweig, arXiv 2606.05140).

A density that depends on u = <x, e> alone has the means r_l = <P_l(u)>, P_l the Gegenbauer polynomials with P_l(1) = 1. By Funk and
Hecke a stationary one is rho ~ exp(kappa/beta sum_l N_l lambda_l r_l P_l(u)), with N_l the number of harmonics of degree l and
lambda_l = Gamma(d/2) (2/beta)^(d/2-1) I_{l+d/2-1}(beta). The order is r_1. On the circle N_l = 2 and lambda_l = I_l(beta).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import gammaln, iv, ive, roots_gegenbauer

from attention_atlas.claims import Claim, judge_at_most
from attention_atlas.errors import AtlasError
from attention_atlas.papers.studies.noise import SOURCE, State, follow_branch, star_beta

__all__ = [
    "Zonal",
    "curvature",
    "jump_table",
    "make_zonal",
    "order_of_flow",
    "sphere_branch",
    "sphere_claims",
    "sphere_energy",
    "sphere_means",
    "sphere_table",
    "sphere_threshold",
    "turning_beta",
]

NODES = 200
MODES = 40


class Zonal(NamedTuple):
    """Nodes u (G,) with weights of the uniform density (sum 1), P_l(u) for l = 1 ... K (K, G), and N_l lambda_l/beta (K,)."""

    nodes: np.ndarray
    weights: np.ndarray
    values: np.ndarray
    couplings: np.ndarray


def make_zonal(dimension: int, beta: float) -> Zonal:
    """The zonal functions of the sphere in ``dimension`` >= 2 dimensions, and the couplings of exp(beta u)."""
    half = dimension / 2 - 1
    if dimension == 2:
        turn = (np.arange(NODES) + 0.5) * np.pi / NODES
        nodes, weights = np.cos(turn), np.full(NODES, 1 / NODES)
    else:
        nodes, weights = roots_gegenbauer(NODES, half)
        weights = weights / weights.sum()
    values = [np.ones(NODES), nodes]
    for degree in range(1, MODES):
        last, before = values[-1], values[-2]
        values.append(((2 * degree + dimension - 2) * nodes * last - degree * before) / (degree + dimension - 2))
    degrees = np.arange(1, MODES + 1)
    # (2 l + d - 2) (l + d - 3)! / (l! (d - 2)!)
    harmonics = (2 * degrees + dimension - 2) * np.exp(
        gammaln(degrees + dimension - 2) - gammaln(degrees + 1) - gammaln(dimension - 1)
    )
    scale = math.exp(math.lgamma(dimension / 2) + half * math.log(2 / beta) + beta)
    return Zonal(nodes, weights, np.array(values[1:]), harmonics * scale * ive(degrees + half, beta) / beta)


def _shares(zonal: Zonal, state: State) -> np.ndarray:
    """Weights (G,) of the density that a state implies, with the sum 1."""
    exponent = state.kappa * (zonal.couplings * state.means) @ zonal.values
    shares = zonal.weights * np.exp(exponent - exponent.max())
    return shares / shares.sum()


def sphere_means(zonal: Zonal, state: State) -> np.ndarray:
    """<P_l> of the density that a state implies: for a stationary one its own means."""
    return zonal.values @ _shares(zonal, state)


def sphere_energy(zonal: Zonal, state: State) -> float:
    """F = int rho ln(rho/uniform) - (kappa/2)(energy of rho - energy of the uniform density); 0 for the latter."""
    shares = _shares(zonal, state)
    entropy = float(shares @ np.log(shares / zonal.weights))
    return entropy - state.kappa / 2 * float(zonal.couplings @ (zonal.values @ shares) ** 2)


def sphere_threshold(zonal: Zonal) -> float:
    """kappa_# at which mode 1 of the uniform density grows: growth rate (d - 1)(lambda_1/beta - 1/kappa); 2 K_# of the paper."""
    # <u^2> is the share 1/N_1 of the coupling N_1 lambda_1/beta
    return float(1 / (zonal.couplings[0] * (zonal.weights @ zonal.nodes**2)))


def _newton(zonal: Zonal, state: State) -> State:
    """The stationary state near ``state`` with its order r_1, at another kappa.

    Raises
    ------
    AtlasError
        No state is found: the orders are too far apart.
    """
    kappa, r = state.kappa, state.means.copy()
    for _ in range(60):
        shares = _shares(zonal, State(kappa, r))
        found = zonal.values @ shares
        covariance = (zonal.values * shares) @ zonal.values.T - np.outer(found, found)
        jacobian = kappa * covariance * zonal.couplings - np.eye(MODES)
        jacobian[:, 0] = covariance @ (zonal.couplings * r)
        step = np.linalg.solve(jacobian, r - found)
        kappa += step[0]
        step[0] = 0.0
        r = r + step
        if np.abs(step).max() < 1e-12:
            return State(float(kappa), r)
    raise AtlasError(f"no stationary state on the sphere at order {state.means[0]:.4g}; use a finer grid of orders")


def sphere_branch(zonal: Zonal, orders: np.ndarray) -> list[State]:
    """Stationary states with the given ascending orders, on the branch that leaves the uniform density at kappa_#."""
    start = State(sphere_threshold(zonal), orders[0] ** np.arange(1.0, MODES + 1))
    return follow_branch(start, orders, lambda guess: _newton(zonal, guess))


def curvature(dimension: int, beta: float, order: float = 0.01) -> float:
    """(kappa(r_1)/kappa_# - 1)/r_1^2 of the branch at a small order: below 0 it turns back, and the transition jumps."""
    zonal = make_zonal(dimension, beta)
    (state,) = sphere_branch(zonal, np.array([order]))
    return (state.kappa / sphere_threshold(zonal) - 1) / order**2


def turning_beta(dimension: int) -> float:
    """beta at which the curvature of the branch changes its sign, from the densities alone."""
    return float(brentq(lambda beta: curvature(dimension, beta), 0.7, 3.5, xtol=1e-9))


def order_of_flow(dimension: int, kappa: float) -> float:
    """The order for beta -> 0, r = I_{d/2}(kappa r)/I_{d/2-1}(kappa r), the mean of a von Mises-Fisher density; 0 up to kappa = d."""
    half = dimension / 2
    if kappa <= dimension:
        return 0.0
    return float(brentq(lambda r: iv(half, kappa * r) / iv(half - 1, kappa * r) - r, 1e-6, 1 - 1e-12))


def sphere_table(dimensions: Sequence[int], shares: Sequence[float], orders: np.ndarray) -> pd.DataFrame:
    """Columns dimension, beta_share (beta/beta_*), beta, order, share (kappa/kappa_#), free_energy, stable (kappa grows there)."""
    tables = []
    for dimension in dimensions:
        for beta_share in shares:
            beta = beta_share * star_beta(dimension)
            zonal = make_zonal(dimension, beta)
            states = sphere_branch(zonal, orders)
            kappas = np.array([state.kappa for state in states])
            tables.append(
                pd.DataFrame(
                    {
                        "dimension": dimension,
                        "beta_share": beta_share,
                        "beta": beta,
                        "order": orders,
                        "share": kappas / sphere_threshold(zonal),
                        "free_energy": [sphere_energy(zonal, state) for state in states],
                        "stable": np.gradient(kappas, orders) > 0,
                    }
                )
            )
    return pd.concat(tables)


def jump_table(branches: pd.DataFrame) -> pd.DataFrame:
    """Columns dimension, beta_share, saddle and critical (kappa/kappa_# where the branch ends, and where its free energy is 0), jump (the
    order there); 1, 1 and 0 where the branch never turns back. ``branches`` is a ``sphere_table``.

    Raises
    ------
    AtlasError
        The orders end before the free energy changes its sign.
    """
    lines = []
    for (dimension, beta_share), part in branches.groupby(["dimension", "beta_share"]):
        shares, energies, orders = (part[name].to_numpy() for name in ("share", "free_energy", "order"))
        low = int(shares.argmin())
        line = {"dimension": dimension, "beta_share": beta_share, "saddle": 1.0, "critical": 1.0, "jump": 0.0}
        if low > 0:
            line["saddle"] = shares[low]
            if not (energies[low:] < 0).any():
                raise AtlasError(
                    f"noise.sphere.orders: at d = {dimension}, beta = {beta_share:g} beta_* they end before the free energy is 0; "
                    "set last nearer to 1"
                )
            after = low + int(np.argmax(energies[low:] < 0))
            weight = energies[after - 1] / (energies[after - 1] - energies[after])
            line["critical"] = shares[after - 1] + weight * (shares[after] - shares[after - 1])
            line["jump"] = orders[after - 1] + weight * (orders[after] - orders[after - 1])
        lines.append(line)
    return pd.DataFrame(lines)


def sphere_claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims about spheres, from noise_turning and noise_sphere_jumps."""
    turning = tables["noise_turning"]
    named = ", ".join(map(str, turning["dimension"]))
    worst = float((turning["turning"] - turning["star"]).abs().max())
    statement = (
        f"d = {named}: the branch of stationary densities turns back beyond β_*: largest difference of the two β"
    )
    yield judge_at_most("noise-sphere-star", "noise_sphere", statement, computed=worst, bound=1e-3, source=SOURCE)
    worst = float((turning["threshold"] / (2 * turning["sharp"]) - 1).abs().max())
    statement = f"d = {named}: κ of the branch at order 0 is 2 K_#, at β_*: largest relative difference"
    yield judge_at_most("noise-sphere-sharp", "noise_sphere", statement, computed=worst, bound=1e-3, source=SOURCE)
    jumps = tables["noise_sphere_jumps"]
    wrong = int(((jumps["saddle"] < 1) != (jumps["beta_share"] > 1)).sum())
    statement = f"Order below κ_# exists beyond β_* and only there: pairs (d, β/β_*) of {len(jumps)} that differ"
    yield judge_at_most("noise-sphere-jump", "noise_sphere", statement, computed=wrong, bound=0, source=SOURCE)
    beyond = jumps[jumps["beta_share"] > 1]
    wrong = int((~((beyond["saddle"] < beyond["critical"]) & (beyond["critical"] < 1) & (beyond["jump"] > 0))).sum())
    statement = f"There the free energies agree between the end of the branch and κ_#: pairs of {len(beyond)} in which they do not"
    yield judge_at_most("noise-sphere-critical", "noise_sphere", statement, computed=wrong, bound=0, source=SOURCE)
