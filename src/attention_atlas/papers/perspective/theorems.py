"""Numbers beside the clustering theorems of arXiv 2312.10794: beta = 0, hemispheres, high dimension."""

import numpy as np

from attention_atlas.dynamics.clustering.batch import adaptive_cluster_pairs, span_coordinates
from attention_atlas.dynamics.self_attention.flow import adaptive_flow
from attention_atlas.geometry.sphere import random_points

__all__ = ["collapsed_fraction", "contraction_rate", "hemisphere_points", "inner_product_spread", "largest_distances"]


def collapsed_fraction(
    seed: int, dimension: int, particles: int, runs: int, times: np.ndarray, threshold: float
) -> np.ndarray:
    """Fraction of uniformly random starts whose pairs are all close, at each time, for softmax attention with beta = 0."""
    starts = random_points(seed, range(runs), particles, dimension)
    counts = adaptive_cluster_pairs(
        starts, "sa", 0.0, times, threshold, tolerance=1e-6, merge_distance=1e-4
    ).close_pairs
    return (counts == particles * (particles - 1)).mean(axis=0)


def hemisphere_points(seed: int, runs: int, particles: int, dimension: int) -> np.ndarray:
    """Uniform points of an open hemisphere, (runs, n, d): those on the other side are mirrored at the origin."""
    points = random_points(seed, range(runs), particles, dimension)
    return points * np.where(points[..., :1] < 0, -1.0, 1.0)


def largest_distances(starts: np.ndarray, beta: float, times: np.ndarray) -> np.ndarray:
    """Largest distance of two particles at each time, (runs, records), along softmax attention."""
    positions = adaptive_flow(starts, "sa", beta, times, tolerance=1e-8).positions
    # |x - y| of unit vectors through their difference: exact for near points, unlike sqrt(2 - 2 <x, y>)
    largest = np.empty(positions.shape[:2])
    for run, history in enumerate(positions):
        for record, points in enumerate(history):
            largest[run, record] = np.linalg.norm(points[:, None] - points[None], axis=-1).max()
    return largest


def contraction_rate(
    times: np.ndarray, distances: np.ndarray, window: tuple[float, float] = (1e-3, 0.1)
) -> tuple[float, float]:
    """Rate lambda of distance ~ e^(-lambda t) fitted inside the window, and the largest deviation of log(distance) from the line.

    Two NaN where fewer than three records lie in the window.
    """
    inside = (distances <= window[1]) & (distances >= window[0])
    if inside.sum() < 3:
        return float("nan"), float("nan")
    logs = np.log(distances[inside])
    slope, shift = np.polyfit(times[inside], logs, 1)
    return float(-slope), float(np.abs(logs - slope * times[inside] - shift).max())


def inner_product_spread(
    seed: int, dimension: int, particles: int, beta: float, runs: int, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over pairs and runs of <x_i, x_j>, i != j, at each time."""
    starts = span_coordinates(random_points(seed, range(runs), particles, dimension))
    positions = adaptive_flow(starts, "sa", beta, times, tolerance=1e-7).positions
    upper = np.triu_indices(particles, 1)
    inner = (positions @ np.swapaxes(positions, -1, -2))[..., upper[0], upper[1]]
    return inner.mean(axis=(0, 2)), inner.std(axis=(0, 2))
