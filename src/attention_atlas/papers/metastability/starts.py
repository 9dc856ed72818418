"""Start densities on the circle as cell averages, and independent particles drawn from them."""

from collections.abc import Iterable

import numpy as np

from attention_atlas.random.generators import stream_normals

__all__ = [
    "noisy_uniform_density",
    "normal_numbers",
    "quantile_angles",
    "quiet_angles",
    "sampled_angles",
    "wavy_density",
]

# Enough for rounding: each step squares the error, and the perturbation is small.
NEWTON_STEPS = 8


def normal_numbers(generator: str, seed: int, count: int) -> np.ndarray:
    """Independent standard normal numbers, (count,), by 'philox', keyed by (seed, count), or a generator of ``random.generators``."""
    if generator != "philox":
        return stream_normals(generator, seed, (count,))
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, count]))).standard_normal(count)


def noisy_uniform_density(seed: int, cells: int, sigma: float, generator: str = "philox") -> np.ndarray:
    """(1 + sigma xi_i) / 2 pi in each cell, xi independent standard normal numbers, with integral 1.

    A value below 0, five standard deviations and more away for sigma < 0.2, becomes 0.
    """
    density = np.maximum(1 + sigma * normal_numbers(generator, seed, cells), 0.0)
    return density / (density.sum() * 2 * np.pi / cells)


def wavy_density(cells: int, size: float) -> np.ndarray:
    """Exact cell averages of (1 + size (cos 3 theta + cos(2 theta + 1) / 2 + sin(theta) / 4)) / 2 pi, size ≤ 1/2."""
    edges = np.linspace(0, 2 * np.pi, cells + 1)
    waves = np.sin(3 * edges) / 3 + np.sin(2 * edges + 1) / 4 - np.cos(edges) / 4
    return np.diff(edges + size * waves) / (2 * np.pi) / (2 * np.pi / cells)


def sampled_angles(seed: int, runs: Iterable[int], particles: int, density: np.ndarray) -> np.ndarray:
    """Independent draws from a density that is constant in each cell, sorted in each run: (runs, particles).

    Keyed by (seed, run); the distribution function is inverted exactly.
    """
    edges = np.linspace(0, 2 * np.pi, len(density) + 1)
    cumulated = np.concatenate([[0.0], np.cumsum(density)])
    starts = []
    for run in runs:
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run)])))
        starts.append(np.interp(np.sort(generator.uniform(0.0, cumulated[-1], particles)), cumulated, edges))
    return np.array(starts).reshape(-1, particles)


def quantile_angles(particles: int, density: np.ndarray) -> np.ndarray:
    """The (i + 1/2)/n quantiles of a density that is constant in each cell, (particles,): within pi/n of it in W1.

    Independent draws would add noise of size 1/sqrt(n), far above small perturbations of the density.
    """
    edges = np.linspace(0, 2 * np.pi, len(density) + 1)
    cumulated = np.concatenate([[0.0], np.cumsum(density)])
    return np.interp((np.arange(particles) + 0.5) / particles * cumulated[-1], cumulated, edges)


def quiet_angles(seed: int, runs: Iterable[int], particles: int, modes: int, size: float) -> np.ndarray:
    """Nearly uniform particles whose first Fourier coefficients are those of 1/size^2 independent ones, (runs, particles).

    The coefficients a_1 ... a_modes are independent complex normal numbers with E|a_k|^2 = size^2; the particles sit at the
    quantiles of the density (1 + 2 Re sum_k conj(a_k) e^{ik theta}) / 2 pi. A few thousand particles then stand
    for 10^16. Keyed by (seed, run).
    """
    k = np.arange(1, modes + 1)
    levels = (np.arange(particles) + 0.5) / particles * 2 * np.pi
    starts = []
    for run in runs:
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run)])))
        a = size * (generator.standard_normal(modes) - 1j * generator.standard_normal(modes)) / np.sqrt(2)
        angles = levels.copy()
        for _ in range(NEWTON_STEPS):
            waves = np.exp(1j * k[:, None] * angles)
            excess = angles - levels + 2 * ((a / (1j * k)) @ (waves - 1)).real
            angles -= excess / (1 + 2 * (a @ waves).real)
        starts.append(np.sort(angles))
    return np.array(starts).reshape(-1, particles)
