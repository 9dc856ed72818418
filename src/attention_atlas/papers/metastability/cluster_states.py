"""States of k equal clusters at equal angles on the circle, and their linear stability.

For velocities -sum_j m_j h(theta_i - theta_j) such a state rotates rigidly or rests. Its perturbations are

* moving one particle out of its cluster: rate -(1/k) sum_j h'(2 pi j / k), "inner rate";
* moving the clusters, with wave number q = 1 ... k - 1: rate Re -(1/k) sum_j h'(2 pi j / k) (1 - e^{-2 pi i q j / k}).

For one attracting head the inner rate is negative for every beta and k while the outer ones are
positive: clusters are tight at once and merge after a time that grows like e^{beta (1 - cos(2 pi / k))}.
Several heads can make both negative: then k clusters are stable for good.
"""

from collections.abc import Sequence

import numpy as np

from attention_atlas.dynamics.circle.interaction import Head

__all__ = [
    "inner_rate",
    "is_stable",
    "kernel_derivative",
    "merging_rate",
    "outer_rates",
    "stable_cluster_numbers",
    "state_rates",
    "uniform_rates",
]


def kernel_derivative(phi: np.ndarray, heads: Sequence[Head]) -> np.ndarray:
    """h'(phi), h as in ``circle_interaction.head_kernel``."""
    total = np.zeros(np.shape(phi))
    for head in heads:
        key, value = phi - head.turn_key, phi - head.turn_value
        slope = np.cos(value) - head.beta * np.sin(value) * np.sin(key)
        total = total + head.weight * np.exp(head.beta * (np.cos(key) - 1)) * slope
    return total


def inner_rate(heads: Sequence[Head], clusters: int) -> float:
    """Rate at which a particle leaves (> 0) or returns to (< 0) its cluster; per unit of rescaled time."""
    return float(-kernel_derivative(2 * np.pi * np.arange(clusters) / clusters, heads).mean())


def outer_rates(heads: Sequence[Head], clusters: int) -> np.ndarray:
    """Growth rates (k - 1,) of displacements of whole clusters with wave numbers 1 ... k - 1."""
    angles = 2 * np.pi * np.arange(clusters) / clusters
    slopes = kernel_derivative(angles, heads)
    waves = np.arange(1, clusters)[:, None]
    return -(slopes * (1 - np.cos(waves * angles))).mean(axis=1)


def merging_rate(beta: float, clusters: int) -> float:
    """Largest outer rate of one attracting head: how fast the k-cluster state falls apart."""
    return float(outer_rates([Head(beta)], clusters).max())


def is_stable(heads: Sequence[Head], clusters: int) -> bool:
    """Whether k equal clusters at equal angles are linearly stable (up to a common rotation)."""
    return inner_rate(heads, clusters) < 0 and bool((outer_rates(heads, clusters) < 0).all())


def stable_cluster_numbers(heads: Sequence[Head], most: int) -> list[int]:
    """All k ≤ ``most`` whose symmetric state is linearly stable."""
    return [clusters for clusters in range(1, most + 1) if is_stable(heads, clusters)]


def uniform_rates(gammas: np.ndarray) -> np.ndarray:
    """Growth rates of the Fourier modes k = 0 ... K - 1 of the uniform measure for coefficients gamma_k.

    With v_k the coefficient of e^{ik theta} in the velocity, gamma_k conj(a_k) e^{ik theta} real part,
    the continuity equation gives da_k/ds = (k/2) Im(gamma_k) a_k + i (...) a_k.
    """
    return 0.5 * np.arange(len(gammas)) * gammas.imag


def state_rates(heads: Sequence[Head], angles: np.ndarray, masses: np.ndarray) -> tuple[float, float]:
    """Largest inner rate and largest outer rate of any state of clusters with masses.

    The outer rates are the real parts of the eigenvalues of the clusters' Jacobian without the one of
    the common rotation, which is zero. A single cluster has the outer rate -infinity.
    """
    slopes = kernel_derivative(angles[:, None] - angles[None, :], heads) * masses
    inner = float((-slopes.sum(axis=1)).max())
    if len(angles) == 1:
        return inner, float("-inf")
    jacobian = slopes - np.diag(slopes.sum(axis=1))
    # differences to the last cluster: this removes the common rotation exactly
    reduced = jacobian[:-1, :-1] - jacobian[-1:, :-1]
    return inner, float(np.linalg.eigvals(reduced).real.max())
