"""The energy of a few clusters as an order parameter, and its staircase in the limit of large beta."""

import numpy as np

__all__ = ["limit_staircase", "order_parameter"]


def order_parameter(positions: np.ndarray, masses: np.ndarray, beta: float) -> np.ndarray:
    """2 beta e^{-beta} E = sum_ij m_i m_j e^{beta (cos(theta_i - theta_j) - 1)}, (..., m) -> (...); at most 1."""
    difference = positions[..., :, None] - positions[..., None, :]
    return np.einsum("...ij,i,j->...", np.exp(beta * (np.cos(difference) - 1)), masses, masses)


def limit_staircase(angles: np.ndarray, masses: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Limit beta -> infinity in the time log(s)/beta: the nearest pair joins at 1 - cos(gap), in its centre of mass.

    Returns
    -------
    tuple of numpy.ndarray
        (m,) times, the first one 0, never decreasing; (m,) values of the order parameter from each time on.
    """
    angles = np.sort(np.mod(np.asarray(angles, dtype=float), 2 * np.pi))
    masses = np.full(len(angles), 1 / len(angles)) if masses is None else np.asarray(masses, dtype=float)
    times, values = [0.0], [float((masses**2).sum())]
    while len(angles) > 1:
        gaps = np.diff(angles, append=angles[0] + 2 * np.pi) if len(angles) > 2 else np.diff(angles)
        gaps = np.minimum(gaps, 2 * np.pi - gaps)
        first = int(gaps.argmin())
        second = (first + 1) % len(angles)
        times.append(max(times[-1], 1 - np.cos(gaps[first])))
        difference = np.angle(np.exp(1j * (angles[second] - angles[first])))
        angles[first] += difference * masses[second] / (masses[first] + masses[second])
        masses = masses.copy()
        masses[first] += masses[second]
        angles, masses = np.delete(angles, second), np.delete(masses, second)
        values.append(float((masses**2).sum()))
    return np.array(times), np.array(values)
