"""Interactions on the circle through their Fourier modes, with a proven bound on the truncation.

For one head the velocity is -sum_j w_j h(theta_i - theta_j) with

    h(phi) = sin(phi) e^{beta (cos(phi) - 1)} = sum_{k >= 1} c_k sin(k phi),
    c_k = 2 k e^{-beta} I_k(beta) / beta = e^{-beta} (I_{k-1}(beta) - I_{k+1}(beta)).

All c_k are positive, and their sum telescopes: leaving out the modes from K on changes h, and hence
the velocity of every particle whatever the number and masses of the particles, by at most

    sum_{k >= K} c_k = e^{-beta} (I_{K-1}(beta) + I_K(beta)).

Time is the rescaled s = e^beta t throughout (for several heads: each head's kernel is divided by
its maximum e^{beta_h}).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ive

from attention_atlas.errors import AtlasError

__all__ = ["Head", "head_kernel", "interaction_modes", "modes_needed", "truncation_bound"]

# Needs some 8000 modes; SciPy's Bessel function fails far above.
MAX_BETA = 1e6


class Head(NamedTuple):
    """One attention head on the circle.

    Q^T K = ``beta`` times a rotation by ``turn_key``, V = ``weight`` e^{-beta} times a rotation by
    ``turn_value`` (radians). A token at theta_i is moved by the token at theta_j with the velocity
    -weight sin(phi - turn_value) e^{beta (cos(phi - turn_key) - 1)}, phi = theta_i - theta_j.
    A negative weight repels.
    """

    beta: float
    weight: float = 1.0
    turn_key: float = 0.0
    turn_value: float = 0.0


def head_kernel(phi: np.ndarray, heads: Sequence[Head]) -> np.ndarray:
    """h(phi) summed over the heads: the velocity of i because of j is -h(theta_i - theta_j)."""
    total = np.zeros(np.shape(phi))
    for head in heads:
        total = total + head.weight * np.sin(phi - head.turn_value) * np.exp(
            head.beta * (np.cos(phi - head.turn_key) - 1)
        )
    return total


def truncation_bound(beta: float, modes: int) -> float:
    """Largest possible error of h when only the modes k < ``modes`` are kept: e^{-beta} (I_{K-1} + I_K)."""
    return float(ive(modes - 1, beta) + ive(modes, beta))


def modes_needed(beta: float, error: float) -> int:
    """Smallest K whose truncation bound is at most ``error``.

    Raises
    ------
    AtlasError
        ``beta`` or ``error`` out of bounds.
    """
    if not 0 < beta <= MAX_BETA:
        raise AtlasError(f"beta: {beta} is out of the bounds 0 to {MAX_BETA:.0e}; set a beta between them")
    if not 1e-15 <= error < 1:
        raise AtlasError(f"truncation_error: {error} is out of the bounds 1e-15 to 1; set for instance 1.0e-13")
    low, high = 1, 2
    while truncation_bound(beta, high) > error:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if truncation_bound(beta, middle) > error else (low, middle)
    return high


def interaction_modes(heads: Sequence[Head], error: float) -> np.ndarray:
    """Coefficients gamma_k, k = 0 ... K - 1, with velocity Re sum_k gamma_k conj(S_k) e^{i k theta}.

    With a = turn_key, b = turn_value and u = phi - a,

        sin(phi - b) = cos(a - b) sin(u) + sin(a - b) cos(u),
        sin(u) e^{beta (cos u - 1)} = sum_k c_k sin(k u),   cos(u) e^{beta (cos u - 1)} = sum_k d_k cos(k u),

    d_k = e^{-beta} (I_{k-1} + I_{k+1}) for k ≥ 1 and d_0 = e^{-beta} I_1. The tail of the d_k is at
    most 2 e^{-beta} sum_{k >= K-1} I_k, which is bounded here by its geometric majorant.

    Parameters
    ----------
    heads
        One or more heads.
    error
        Bound on the error of the velocity of any particle.
    """
    share = error / max(sum(abs(head.weight) for head in heads), 1e-300) if heads else error
    share = min(max(share, 1e-15), 0.5)
    counts = [modes_needed(head.beta, share) for head in heads]
    for index, head in enumerate(heads):
        while head.turn_key != head.turn_value and _cosine_tail(head.beta, counts[index]) > share:
            counts[index] += 1
    gammas = np.zeros(max(counts), dtype=complex)
    for head, count in zip(heads, counts, strict=True):
        k = np.arange(count)
        odd = 2 * k * ive(k, head.beta) / head.beta
        even = np.where(k == 0, ive(1, head.beta), ive(np.abs(k - 1), head.beta) + ive(k + 1, head.beta))
        turn = head.turn_key - head.turn_value
        # -c sin(k u) = Re(i c e^{iku}), -d cos(k u) = Re(-d e^{iku})
        gammas[:count] += (
            head.weight * (1j * np.cos(turn) * odd - np.sin(turn) * even) * np.exp(-1j * k * head.turn_key)
        )
    return gammas


def _cosine_tail(beta: float, modes: int) -> float:
    """Bound on sum_{k >= modes} d_k: I_{k+1}/I_k < beta/(2k+2) makes the series geometric once that is below 1."""
    first = ive(modes - 1, beta)
    ratio = beta / (2 * modes)
    return float(2 * first / (1 - ratio)) if ratio < 1 else float("inf")
