"""Leaders, the tokens that others attend to, and rescaled tokens in many dimensions (arXiv 2305.05465, the authors' programs)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_least, judge_at_most, not_judged
from attention_atlas.papers.studies.emergence import SOURCE, attention_matrix

__all__ = ["LINK", "euler_tokens", "leader_claims", "leader_row", "rescaled_in_eigenbasis", "sparse_eigenvalues"]

# a weight above this is drawn as a line from token i to its leader j
LINK = 1e-4


def euler_tokens(
    starts: np.ndarray, root: np.ndarray, value: np.ndarray, step: float, times: Sequence[float]
) -> np.ndarray:
    """Tokens x (T, n, d) at ascending times by Euler steps of dx_i/dt = sum_j P_ij V x_j, P_ij = softmax_j <A x_i, A x_j>, as in the
    authors' program. Differences of scores are formed before the exponential, for scores up to 10^30 and beyond."""
    x, found, done = starts, [], 0
    for time in times:
        for _ in range(round(time / step) - done):
            x = x + step * attention_matrix(x @ root.T) @ x @ value.T
        done = round(time / step)
        found.append(x)
    return np.array(found)


def leader_row(tokens: np.ndarray, root: np.ndarray, value: np.ndarray) -> dict[str, float]:
    """Who leads tokens (n, d) with the weights softmax_j <A x_i, A x_j>: number of leaders, and how far the most inner one is from
    the extreme tokens along the first eigenvector of a symmetric V, as a share of the
    largest of these coordinates (the range is 0 where all follow one); ``root`` is A, (d, d)."""
    leads = (attention_matrix(tokens @ root.T) > LINK).any(axis=0)
    along = tokens @ np.linalg.eigh(value)[1][:, -1]
    inner = np.minimum(along - along.min(), along.max() - along)[leads]
    return {"leaders": int(leads.sum()), "inner": float(inner.max() / np.abs(along).max())}


def sparse_eigenvalues(generator: np.random.Generator, size: int, density: float) -> np.ndarray:
    """Eigenvalues (size,), ascending, of a symmetric matrix whose entries are uniform on [-1, 1] with the probability ``density`` and
    else 0, made symmetric by its mean with its transpose; those of modulus at most 1 are drawn anew, same sign, modulus in [1, 2]."""
    entries = generator.uniform(-1, 1, (size, size)) * (generator.random((size, size)) < density)
    found = np.linalg.eigvalsh((entries + entries.T) / 2)
    small = np.abs(found) <= 1
    found[small] = np.sign(found[small]) * generator.uniform(1, 2, small.sum())
    return np.sort(found)


def rescaled_in_eigenbasis(starts: np.ndarray, eigenvalues: np.ndarray, step: float, steps: int) -> np.ndarray:
    """Rescaled tokens z (steps + 1, n, d) in the eigenbasis of a symmetric V, A = I, by Runge-Kutta steps.

    dz_i/dt = sum_j P_ij V (z_j - z_i), P_ij = softmax_j <e^(tV) z_i, e^(tV) z_j>. Coordinates of negative eigenvalues grow like
    e^(|lambda| t) while they count for e^(-2 |lambda| t) in the exponents, which are formed from both factors at once.
    """

    def field(time: float, z: np.ndarray) -> np.ndarray:
        weights = attention_matrix(z * np.exp(time * eigenvalues))
        return (weights @ z - z) * eigenvalues

    z, found = starts, [starts]
    for number in range(steps):
        time = number * step
        first = field(time, z)
        second = field(time + step / 2, z + step / 2 * first)
        third = field(time + step / 2, z + step / 2 * second)
        last = field(time + step, z + step * third)
        z = z + step / 6 * (first + 2 * second + 2 * third + last)
        found.append(z)
    return np.array(found)


def leader_claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of both pictures, from emergence_leader_runs and emergence_high."""
    runs = tables["emergence_leader_runs"]
    seen = ", ".join(f"{number} in {count}" for number, count in runs["leaders"].value_counts().sort_index().items())
    yield judge_at_least(
        "emergence-leaders",
        "emergence_leaders",
        f"d = 2: leaders at the end are extreme tokens along V's first eigenvector to 1 %: share of {len(runs)} starts (leaders: {seen})",
        computed=float((runs["inner"] <= 0.01).mean()),
        bound=0.9,
        source="this work, after Theorem 4.1",
    )
    high = tables["emergence_high"]
    start, end = (high[high["time"] == time] for time in (high["time"].min(), high["time"].max()))
    ratio = end["width"].to_numpy() / start["width"].to_numpy()
    positive = end["eigenvalue"].to_numpy() > 0
    statement = "Many dimensions, λ > 0: no coordinate's range over the tokens grows: largest range at the end over that at the start"
    yield judge_at_most(
        "emergence-high-positive", "emergence_high", statement, computed=float(ratio[positive].max()), bound=1.0, source="this work"
    )  # fmt: skip
    statement = (
        "Many dimensions, λ < 0: no coordinate's range shrinks: smallest range at the end over that at the start"
    )
    yield judge_at_least(
        "emergence-high-negative", "emergence_high", statement, computed=float(ratio[~positive].min()), bound=1.0, source="this work"
    )  # fmt: skip
    small = end["largest"].to_numpy() < 1
    reason = (
        f"{small[positive].sum()} of {positive.sum()} with λ > 0, {small[~positive].sum()} of {(~positive).sum()} with λ < 0; "
        f"the tokens have {end['groups'].iloc[0]:.0f} different positions along the former"
    )
    statement = "Many dimensions: coordinates in which |z| < 1 for all tokens at the end"
    yield not_judged(
        "emergence-high-small", "emergence_high", statement, expected="none", reason=reason, source=f"{SOURCE}, the authors' notebook"
    )  # fmt: skip
