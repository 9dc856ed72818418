"""The equiangular reduction: n particles whose inner products all equal y.

In high dimension random starts are nearly orthogonal, y(0) = 0, and stay nearly
equiangular. For Q = K = V = I (arXiv 2312.10794, section 6):

SA:   dy/dt = 2 (1 - y) ((n - 1) y + 1) / (e^(beta (1 - y)) + n - 1)
USA:  dy/dt = (2/n) e^(beta y) (1 - y) ((n - 1) y + 1)

The second is the first times (e^beta + (n - 1) e^(beta y)) / n, the denominator
of the softmax divided by n.
"""

import math

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from attention_atlas.errors import AtlasError

__all__ = [
    "equiangular_rate",
    "equiangular_solution",
    "euler_equiangular",
    "euler_hitting_time",
    "hitting_time",
    "phase_curve",
]


def equiangular_rate(y: np.ndarray | float, kind: str, beta: float, particles: int) -> np.ndarray:
    """dy/dt at inner product y."""
    y = np.asarray(y, dtype=float)
    geometry = 2 * (1 - y) * ((particles - 1) * y + 1)
    if kind == "sa":
        return geometry / (np.exp(beta * (1 - y)) + particles - 1)
    if kind == "usa":
        return geometry * np.exp(beta * y) / particles
    raise AtlasError(f"kind: {kind!r} is none of sa, usa; give one of them")


def equiangular_solution(times: np.ndarray, kind: str, beta: float, particles: int) -> np.ndarray:
    """y(t) from y(0) = 0 at ascending times, by SciPy's LSODA (relative tolerance 1e-10)."""
    times = np.asarray(times, dtype=float)
    solution = solve_ivp(
        lambda t, y: equiangular_rate(np.minimum(y, 1.0), kind, beta, particles),
        (0.0, float(times[-1])),
        [0.0],
        method="LSODA",
        t_eval=times,
        rtol=1e-10,
        atol=1e-13,
    )
    if not solution.success:
        raise AtlasError(f"beta: {beta}: the reduced equation was not solved ({solution.message}); use a smaller beta")
    return solution.y[0]


def euler_equiangular(steps: int, step_size: float, kind: str, beta: float, particles: int) -> np.ndarray:
    """The published scheme reduced in the same way: y after 0 ... ``steps`` steps.

    With weights a on itself and b on each other particle, a step maps x_i to
    N(p x_i + q sum_{j != i} x_j), p = 1 + h a, q = h b, which keeps the points equiangular.
    """
    n, y = particles, 0.0
    values = np.empty(steps + 1)
    values[0] = 0.0
    for step in range(steps):
        other = math.exp(beta * (y - 1)) if kind == "sa" else math.exp(beta * y)
        own = 1.0 if kind == "sa" else math.exp(beta)
        scale = step_size / (own + (n - 1) * other) if kind == "sa" else step_size / n
        p, q = 1 + scale * own, scale * other
        # inner products of p x_i + q s_i, with s_i the sum of the n - 1 others
        others = 1 + (n - 2) * y
        length = p * p + 2 * p * q * (n - 1) * y + q * q * (n - 1) * others
        # <x_i, s_j> = 1 + (n-2) y, and <s_i, s_j> = (n-2) + y (n^2 - 3n + 3)
        mixed = p * p * y + 2 * p * q * others + q * q * ((n - 2) + y * (n * n - 3 * n + 3))
        y = mixed / length
        values[step + 1] = y
    return values


def hitting_time(kind: str, beta: float, particles: int, epsilon: float) -> float:
    """Time at which y reaches 1 - epsilon: the integral of dy / (dy/dt), with 1 - y = e^-s."""

    def integrand(s: float) -> float:
        rest = math.exp(-s)
        return rest / float(equiangular_rate(1 - rest, kind, beta, particles))

    return quad(integrand, 0.0, -math.log(epsilon), epsabs=0, epsrel=1e-10, limit=500)[0]


def euler_hitting_time(
    kind: str, beta: float, particles: int, epsilon: float, step_size: float, last_time: float
) -> float:
    """Time at which the published scheme's reduction reaches 1 - epsilon (linear between steps); NaN after ``last_time``."""
    values = euler_equiangular(math.ceil(last_time / step_size), step_size, kind, beta, particles)
    above = np.flatnonzero(values >= 1 - epsilon)
    if len(above) == 0:
        return math.nan
    first = above[0]
    share = (1 - epsilon - values[first - 1]) / (values[first] - values[first - 1])
    return float((first - 1 + share) * step_size)


def phase_curve(times: np.ndarray, kind: str, particles: int, epsilon: float, betas: tuple[float, float]) -> np.ndarray:
    """The beta at which y(t) = 1 - epsilon, for each time; NaN where it lies outside ``betas``.

    SA: the largest beta with y(t) >= 1 - epsilon (hitting times rise with beta).
    USA: the smallest (they fall).
    """
    low, high = betas
    ends = [hitting_time(kind, beta, particles, epsilon) for beta in betas]
    result = np.full(len(times), np.nan)
    for k, time in enumerate(times):
        if min(ends) <= time <= max(ends):
            result[k] = brentq(
                lambda beta, t=time: hitting_time(kind, beta, particles, epsilon) - t, low, high, xtol=1e-10
            )
    return result
