"""Plain twins of the metastability kernels, in the style one writes first."""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import ive


def numpy_pair_velocities(angles: np.ndarray, beta: float) -> np.ndarray:
    difference = angles[:, None] - angles[None, :]
    return -(np.sin(difference) * np.exp(beta * (np.cos(difference) - 1))).mean(axis=1)


def numpy_fourier_velocities(angles: np.ndarray, beta: float, modes: int) -> np.ndarray:
    k = np.arange(1, modes)
    waves = np.exp(1j * angles[:, None] * k)
    return -(waves * (2 * k * ive(k, beta) / beta) * waves.mean(axis=0).conj()).sum(axis=1).imag


def scipy_run(start: np.ndarray, beta: float, modes: int, end: float, tolerance: float) -> np.ndarray:
    def velocity(_, angles):
        return numpy_fourier_velocities(angles, beta, modes)

    return solve_ivp(velocity, (0, end), start, method="RK45", rtol=1e-12, atol=tolerance).y[:, -1]


def numpy_continuity(density: np.ndarray, beta: float, modes: int, dt: float, steps: int) -> np.ndarray:
    """The same scheme as ours, with np.roll and a matrix for the velocity."""
    cells = len(density)
    dx = 2 * np.pi / cells
    centres = dx * (np.arange(cells) + 0.5)
    k = np.arange(1, modes)
    weights = 2 * k * ive(k, beta) / beta * dx / np.sinc(k * dx / (2 * np.pi))
    phases = (centres + dx / 2)[:, None, None] - centres[None, :, None]
    matrix = -(np.sin(phases * k) * weights).sum(axis=2)

    def rate(u):
        v = matrix @ u
        before, after = np.roll(u, 1), np.roll(u, -1)
        a, b = (2 * before + 5 * u - after) / 6, (-before + 5 * u + 2 * after) / 6
        low = np.minimum(np.minimum(a, b), 1.5 * u - 0.25 * (a + b))
        shrink = np.where(low < 0, u / np.where(low < 0, u - low, 1), 1)
        a, b = u + shrink * (a - u), u + shrink * (b - u)
        flux = v * np.where(v > 0, b, np.roll(a, -1))
        return (np.roll(flux, 1) - flux) / dx

    u = density.copy()
    for _ in range(steps):
        first = u + dt * rate(u)
        second = 0.75 * u + 0.25 * (first + dt * rate(first))
        u = u / 3 + 2 / 3 * (second + dt * rate(second))
    return u
