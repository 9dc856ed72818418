"""The minimal attention map as its source writes it: plain NumPy, slow, the oracle of the kernel.

Source: "Attention Dynamics Art" (2025). n points on the circle,
Q = X W_Q^T, K = X diag(a, b), V = X W_V^T, A = softmax(Q K^T) over rows,
X <- A V, each row divided by (its norm + 1e-8). Nothing is merged and nothing
is stopped early.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Labels", "iterate_definition", "step"]


class Labels(NamedTuple):
    """What is known of every pixel, arrays of one shape.

    converged: bool, max_i |x_i,1 - x_1,1| < tolerance after the last iteration.
    clusters: groups of points within the tolerance of their first member, in both coordinates.
    time: first iteration since which the criterion holds, -1 where it does not hold at the end.
    period: smallest p with X_T = X_(T-p) to the period tolerance, 0 if there is none up to the longest looked for.
    """

    converged: np.ndarray
    clusters: np.ndarray
    time: np.ndarray
    period: np.ndarray


def step(x: np.ndarray, a: np.ndarray, b: np.ndarray, wq: np.ndarray, wv: np.ndarray) -> np.ndarray:
    """One iteration of many pixels: x (pixels, n, 2), a and b (pixels,), wq and wv (2, 2)."""
    q = x @ wq.T
    k = x * np.stack([a, b], axis=-1)[:, None, :]
    v = x @ wv.T
    logits = q @ k.transpose(0, 2, 1)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    weights /= weights.sum(axis=2, keepdims=True)
    y = weights @ v
    return y / (np.linalg.norm(y, axis=2, keepdims=True) + 1e-8)


def iterate_definition(
    x: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    wq: np.ndarray,
    wv: np.ndarray,
    iterations: int = 100,
    tolerance: float = 1e-5,
    period_tolerance: float = 1e-9,
    longest_period: int = 12,
) -> Labels:
    """Labels of pixels with starts x (pixels, n, 2) and parameters a, b (pixels,)."""
    time = np.zeros(len(x), int)
    inside = _spread(x) < tolerance
    history = [x]
    for t in range(1, iterations + 1):
        x = step(x, a, b, wq, wv)
        history = [*history[-longest_period:], x]
        was_inside, inside = inside, _spread(x) < tolerance
        time[inside & ~was_inside] = t
    period = np.zeros(len(x), int)
    for p in range(len(history) - 1, 0, -1):
        period[np.abs(x - history[-1 - p]).max(axis=(1, 2)) <= period_tolerance] = p
    clusters = np.array([_count_clusters(points, tolerance) for points in x])
    return Labels(inside, clusters, np.where(inside, time, -1), period)


def _spread(x: np.ndarray) -> np.ndarray:
    return np.abs(x[:, :, 0] - x[:, :1, 0]).max(axis=1)


def _count_clusters(points: np.ndarray, tolerance: float) -> int:
    first_members: list[np.ndarray] = []
    for point in points:
        if not any(np.abs(point - other).max() < tolerance for other in first_members):
            first_members.append(point)
    return len(first_members)
