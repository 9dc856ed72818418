"""Statements of the talk as numbers, on the circle: E(theta) = (1 / 2 beta n^2) sum_ij e^(beta (cos(theta_i - theta_j) - 1)).

Time is rescaled by e^beta: dtheta_i/ds = -(1/n) sum_j sin(theta_i - theta_j) e^(beta (cos(theta_i - theta_j) - 1)).
"""

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow, direct_circle_velocities, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import growth_rates
from attention_atlas.dynamics.circle.interaction import Head

__all__ = ["circle_energy", "consensus_gaps", "dirac_rates", "gradient_errors", "uniform_rates"]

# Steps of the differences: h^2 and rounding / h are both far below the errors that are judged.
GRADIENT_STEP, JACOBIAN_STEP = 1e-5, 1e-6


def circle_energy(angles: np.ndarray, beta: float) -> np.ndarray:
    """E of angles (..., n); its largest value, of consensus, is 1 / (2 beta)."""
    differences = angles[..., :, None] - angles[..., None, :]
    return np.exp(beta * (np.cos(differences) - 1)).mean(axis=(-1, -2)) / (2 * beta)


def uniform_rates(beta: float, modes: int) -> np.ndarray:
    """Growth rates of the Fourier modes 1 ... ``modes`` at the uniform measure."""
    return growth_rates(np.arange(1, modes + 1), beta)


def dirac_rates(beta: float, particles: int) -> np.ndarray:
    """Eigenvalues of the linearisation at consensus, (n - 1,), by central differences; the turn of all particles, 0, is left out."""
    jacobian = np.empty((particles, particles))
    for column in range(particles):
        shift = np.zeros(particles)
        shift[column] = JACOBIAN_STEP
        ends = [direct_circle_velocities(sign * shift, beta) for sign in (1, -1)]
        jacobian[:, column] = (ends[0] - ends[1]) / (2 * JACOBIAN_STEP)
    # symmetric, since the velocities are a gradient
    return np.linalg.eigvalsh((jacobian + jacobian.T) / 2)[:-1]


def gradient_errors(beta: float, particles: int, runs: int, seed: int) -> np.ndarray:
    """Largest |n dE/dtheta_i - velocity_i| of each random configuration, divided by its largest velocity, (runs,)."""
    errors = np.empty(runs)
    for run, angles in enumerate(uniform_angles(seed, range(runs), particles)):
        velocities = direct_circle_velocities(angles, beta)
        shifts = GRADIENT_STEP * np.eye(particles)
        gradient = (circle_energy(angles + shifts, beta) - circle_energy(angles - shifts, beta)) / (2 * GRADIENT_STEP)
        errors[run] = np.abs(particles * gradient - velocities).max() / np.abs(velocities).max()
    return errors


def consensus_gaps(beta: float, particles: int, runs: int, seed: int, duration: float) -> dict[str, float]:
    """How far energies are below 1 / (2 beta), as a share of it: the least gap of random configurations, the largest and least of ends."""
    starts = uniform_angles(seed, range(runs), particles)
    flow = circle_flow(starts, [Head(beta)], np.array([duration]), tolerance=1e-8)
    ends = 1 - 2 * beta * circle_energy(flow.angles[:, -1], beta)
    return {
        "least gap of starts": float((1 - 2 * beta * circle_energy(starts, beta)).min()),
        "least gap of ends": float(ends.min()),
        "share in consensus": float((ends < 1e-6).mean()),
    }
