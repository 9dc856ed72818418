"""Closed forms for the attention energy on spheres (arXiv 2501.03096).

I_k are the modified Bessel functions. Angles are measured from e1; on the
circle D = diag(1, 1 + epsilon) unless said otherwise.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gamma, iv

from attention_atlas.numerics.sweeps import sweep_values

__all__ = [
    "first_order_coefficient",
    "four_particle_reduction",
    "indefinite_energies",
    "indefinite_table",
    "printed_first_order_coefficient",
    "printed_upsilon",
    "top_dirac_energy",
    "uniform_energy",
]


def uniform_energy(dimension: int, beta: float = 1.0) -> float:
    """E of the uniform measure on S^{d-1} for D = I: Gamma(d/2) (2/beta)^{d/2-1} I_{d/2-1}(beta).

    sinh(beta)/beta for d = 3, I_0(beta) for d = 2.
    """
    order = dimension / 2 - 1
    return float(gamma(dimension / 2) * (2 / beta) ** order * iv(order, beta)) if beta > 0 else 1.0


def top_dirac_energy(matrix: np.ndarray, beta: float = 1.0) -> float:
    """exp(beta lambda_max(D)): the energy of one point on the top eigenvector."""
    return float(np.exp(beta * np.linalg.eigvalsh(matrix)[-1]))


def first_order_coefficient(beta: float = 1.0) -> float:
    """c in the minimising density (1 + epsilon c cos 2 phi + O(epsilon^2)) / 2 pi; 2.0817 for beta = 1.

    Derivation: a minimiser with full support has constant potential
    int exp(beta <x, D y>) dmu(y). To first order in epsilon the kernel adds
    beta sin phi sin psi exp(beta cos(phi - psi)), whose integral against the uniform
    measure is beta I_1 sin^2 phi = -(beta I_1 / 2) cos 2 phi + const, and the density
    adds c I_2 cos 2 phi. They cancel for c = beta I_1(beta) / (2 I_2(beta)).
    """
    return float(beta * iv(1, beta) / (2 * iv(2, beta)))


def printed_first_order_coefficient(points: int = 1000) -> float:
    """The same coefficient with the constant behind the authors' published errors; 0.8529 for 1,000 points, beta = 1.

    Their alpha = -2c is -sum(e^cos cos sin) / sum(e^cos cos 2 theta) over ``points`` equally
    spaced theta in [0, pi], both ends counted in full. The first integrand carries one sine too many for the
    circle (the weight sin^{n-1} in place of sin^{n-2} for S^{n-1}); for exact integrals
    alpha would be -2 / (pi e I_2(1)) = -1.7252 instead of -I_1(1) / I_2(1) = -4.1633.
    """
    theta = np.linspace(0.0, np.pi, points)
    weight = np.exp(np.cos(theta))
    alpha = -(weight * np.cos(theta) * np.sin(theta)).sum() / (weight * np.cos(2 * theta)).sum()
    return float(-alpha / 2)


def printed_upsilon(epsilon: np.ndarray | float) -> np.ndarray:
    """The paper's exponent of the guess exp(Upsilon cos 2 phi): epsilon^2 / 5 + (e / 2) epsilon."""
    epsilon = np.asarray(epsilon, dtype=float)
    return epsilon**2 / 5 + np.e / 2 * epsilon


def indefinite_energies(deltas: np.ndarray, first_entry: float = -1.0, beta: float = 1.0) -> pd.DataFrame:
    """Figure 7: energies for D = diag(first_entry, delta).

    Columns delta, single_at_e2 = exp(beta delta), pair_on_e1 = cosh(beta first_entry)
    (e1 and -e1, half the mass each) and pair_on_e2 = cosh(beta delta).
    """
    deltas = np.asarray(deltas, dtype=float)
    return pd.DataFrame(
        {
            "delta": deltas,
            "single_at_e2": np.exp(beta * deltas),
            "pair_on_e1": np.full(len(deltas), np.cosh(beta * first_entry)),
            "pair_on_e2": np.cosh(beta * deltas),
        }
    )


def indefinite_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """``indefinite_energies`` at the values of the configuration (``deltas``, ``first_entry``, ``beta``)."""
    return indefinite_energies(sweep_values(settings["deltas"]), settings["first_entry"], settings["beta"])


def four_particle_reduction(deltas: np.ndarray, step_sizes: np.ndarray, steps: int) -> np.ndarray:
    """Descent of four particles (+-a, +-b) for D = diag(1, delta), beta = 1, as a map of (a, b), from a = b.

    By symmetry the sum over the four partners of (a, b) is (4 a sinh p cosh q, 4 delta b cosh p sinh q)
    with p = a^2, q = delta b^2, so that one Euler step is
    a <- a (1 - tau sinh p cosh q), b <- b (1 - tau delta cosh p sinh q), then normalised. It rests where
    tanh p = delta tanh q: the ratio of Figure 4 is delta.

    Parameters
    ----------
    deltas, step_sizes
        Arrays that broadcast against each other.

    Returns
    -------
    numpy.ndarray
        tanh(p) / tanh(q) after ``steps`` steps; 0 where b has swallowed a.
    """
    deltas, step_sizes = np.broadcast_arrays(np.asarray(deltas, dtype=float), np.asarray(step_sizes, dtype=float))
    a = np.full(deltas.shape, np.sqrt(0.5))
    b = a.copy()
    for _ in range(steps):
        p, q = a**2, deltas * b**2
        a = a * (1 - step_sizes * np.sinh(p) * np.cosh(q))
        b = b * (1 - step_sizes * deltas * np.cosh(p) * np.sinh(q))
        length = np.hypot(a, b)
        a, b = a / length, b / length
    return np.tanh(a**2) / np.tanh(deltas * b**2)
