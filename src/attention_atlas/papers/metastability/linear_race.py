"""Which mode wins, and when: n independent uniform particles in linear theory.

The empirical Fourier coefficients a_k of n uniform particles are independent complex normal numbers with
E|a_k|^2 = 1/n as n grows, so that |a_k|^2 n has the exponential distribution, and each mode grows like e^{lambda_k s}.
Mode k reaches the size r later than s with the probability S_k(s) = 1 - exp(-n r^2 e^{-2 lambda_k s}). The winner's
distribution and the mean exit time follow by one integral each. The fastest mode wins surely only as
n -> infinity: its advantage over another one grows like n^{(1 - lambda_k / lambda_max) / 2}, very slowly.
"""

import numpy as np

from attention_atlas.dynamics.circle.growth_rates import growth_rates

__all__ = ["exit_time", "winning_probabilities"]

POINTS = 20_001


def _survival(rates: np.ndarray, particles: float, size: float, times: np.ndarray) -> np.ndarray:
    """S_k(s), (modes, times)."""
    return -np.expm1(-particles * size**2 * np.exp(-2 * rates[:, None] * times))


def _times(rates: np.ndarray, particles: float, size: float) -> np.ndarray:
    # beyond, the fastest mode is still small with a probability below e^{-40}
    return np.linspace(0, (np.log(np.sqrt(particles) * size) + 20) / rates.max(), POINTS)


def winning_probabilities(beta: float, particles: float, size: float = 1.0, modes: int = 40) -> np.ndarray:
    """Probability that mode k = 1 ... ``modes`` is the first to reach the size r = ``size``, under linear growth."""
    rates = growth_rates(np.arange(1, modes + 1), beta)
    times = _times(rates, particles, size)
    alive = _survival(rates, particles, size, times)
    middle = 0.5 * (alive[:, 1:] + alive[:, :-1])
    everybody = np.prod(middle, axis=0)
    arrivals = -np.diff(alive, axis=1)
    others = np.divide(everybody, middle, out=np.zeros_like(middle), where=middle > 0)
    already = 1 - alive[:, 0]
    return (arrivals * others).sum(axis=1) + already * np.prod(alive[:, 0]) / np.where(alive[:, 0] > 0, alive[:, 0], 1)


def exit_time(beta: float, particles: float, size: float, modes: int = 40) -> float:
    """Mean rescaled time until max_k |a_k| reaches ``size``, under linear growth from uniform particles."""
    rates = growth_rates(np.arange(1, modes + 1), beta)
    times = _times(rates, particles, size)
    return float(np.trapezoid(np.prod(_survival(rates, particles, size, times), axis=0), times))
