"""A few tokens on the circle, pair by pair, in plain NumPy: the statements of the talk need no more.

Time is the rescaled s = e^beta t; angles are (..., n).
"""

from collections.abc import Callable

import numpy as np

__all__ = ["pair_velocities", "runge_kutta", "spread"]


def spread(angles: np.ndarray) -> np.ndarray:
    """Largest gap between neighbours on the circle, subtracted from 2 pi: the arc that holds all tokens, (...)."""
    ordered = np.sort(angles % (2 * np.pi), axis=-1)
    gaps = np.diff(ordered, axis=-1, append=ordered[..., :1] + 2 * np.pi)
    return 2 * np.pi - gaps.max(axis=-1)


def pair_velocities(angles: np.ndarray, beta: float, normalised: bool = False) -> np.ndarray:
    """-(1/n) sum_j sin(theta_i - theta_j) e^{beta (cos(theta_i - theta_j) - 1)}, divided by Z_i = (1/n) sum_j e^{...} if ``normalised``."""
    cosines, sines = np.cos(angles), np.sin(angles)
    c = cosines[..., :, None] * cosines[..., None, :] + sines[..., :, None] * sines[..., None, :]
    s = sines[..., :, None] * cosines[..., None, :] - cosines[..., :, None] * sines[..., None, :]
    kernel = np.exp(beta * (c - 1))
    pull = -(s * kernel).mean(axis=-1)
    return pull / kernel.mean(axis=-1) if normalised else pull


def runge_kutta(
    velocity: Callable[[np.ndarray], np.ndarray], start: np.ndarray, step: float, steps: int, every: int = 1
) -> np.ndarray:
    """States (steps / every + 1, ...) of the classical method of order 4, every so many steps."""
    x = np.array(start, dtype=float)
    frames = [x.copy()]
    for number in range(1, steps + 1):
        k1 = velocity(x)
        k2 = velocity(x + step / 2 * k1)
        k3 = velocity(x + step / 2 * k2)
        k4 = velocity(x + step * k3)
        x = x + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        if number % every == 0:
            frames.append(x.copy())
    return np.array(frames)
