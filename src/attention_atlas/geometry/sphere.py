"""Points on the unit sphere S^{d-1}: starts, circles, projections, clusters.

Points are rows: an array (..., n, d) holds n points of R^d.
"""

from collections.abc import Iterable

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.random.torch_mt19937 import torch_normal

__all__ = [
    "circle_angles",
    "circle_points",
    "cluster_centres",
    "cluster_labels",
    "equal_angles",
    "grid_points",
    "normalise",
    "principal_projection",
    "random_points",
    "sunflower_points",
    "tangent_projection",
    "torch_points",
]


def normalise(points: np.ndarray) -> np.ndarray:
    """Each row divided by its Euclidean length.

    Raises
    ------
    AtlasError
        A row is zero or not finite: it has no direction.
    """
    lengths = np.linalg.norm(points, axis=-1, keepdims=True)
    if not ((lengths > 0) & np.isfinite(lengths)).all():
        bad = lengths[~((lengths > 0) & np.isfinite(lengths))][0]
        raise AtlasError(
            f"points: a point has length {bad}, the bound is a finite length > 0; give points with a direction"
        )
    return points / lengths


def tangent_projection(points: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """P_x v = v - <x, v> x: the part of each vector tangent to the sphere at its unit point."""
    return vectors - (points * vectors).sum(axis=-1, keepdims=True) * points


def random_points(seed: int, runs: Iterable[int], particles: int, dimension: int) -> np.ndarray:
    """Uniformly distributed starts, one set of points for each run.

    The points of a run depend on (seed, run index) only, through NumPy's
    counter-based Philox generator, so any slab of runs can be drawn alone.

    Returns
    -------
    numpy.ndarray
        (number of runs, particles, dimension).
    """
    starts = []
    for run in runs:
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run)])))
        starts.append(generator.standard_normal((particles, dimension)))
    return normalise(np.array(starts).reshape(-1, particles, dimension))


def torch_points(seed: int, particles: int, dimension: int, runs: int = 1) -> np.ndarray:
    """Starts (runs, particles, dimension) drawn as the papers' authors did, with PyTorch's generator.

    One stream, seeded once, gives the runs one after the other, as
    ``torch.manual_seed(seed)`` followed by ``runs`` calls of ``torch.randn(particles, dimension)`` if
    particles * dimension is a multiple of 16, else as one call for all runs.
    """
    return normalise(torch_normal(seed, (runs, particles, dimension)).astype(np.float64))


def sunflower_points(particles: int) -> np.ndarray:
    """Fibonacci lattice on S^2, (n, 3): heights equally spaced, each turned by the golden angle from the one before."""
    height = 1 - (2 * np.arange(particles) + 1) / particles
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(particles)
    radius = np.sqrt(1 - height**2)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), height], axis=-1)


def grid_points(particles: int, dimension: int) -> np.ndarray:
    """A regular start, (n, d): equal angles on the circle; on S^2 rings of equal latitude, about twice as many points a ring as rings.

    Raises
    ------
    AtlasError
        There is no grid in this dimension.
    """
    if dimension == 2:
        return circle_points(equal_angles(particles))
    if dimension != 3:
        raise AtlasError(f"grid: there is none in dimension {dimension}; set another start, such as philox")
    rings = max(1, round(np.sqrt(particles / 2)))
    counts = np.full(rings, particles // rings) + (np.arange(rings) < particles % rings)
    points = []
    for ring, count in enumerate(counts):
        height, turn = np.cos(np.pi * (ring + 0.5) / rings), 2 * np.pi * np.arange(count) / count
        radius = np.sqrt(1 - height**2)
        points.append(np.stack([radius * np.cos(turn), radius * np.sin(turn), np.full(count, height)], axis=-1))
    return np.concatenate(points)


def circle_points(angles: np.ndarray) -> np.ndarray:
    """(cos, sin) of each angle (radians): an array with a last axis of 2 more."""
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def circle_angles(points: np.ndarray) -> np.ndarray:
    """Angle in (-pi, pi] of each point of the circle."""
    return np.arctan2(points[..., 1], points[..., 0])


def equal_angles(count: int) -> np.ndarray:
    """-pi + 2 pi k / count for k = 0 ... count - 1."""
    return -np.pi + 2 * np.pi * np.arange(count) / count


def principal_projection(points: np.ndarray, dimension: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates along the principal axes of the points, for drawing what lives in d > 3.

    The axes are the eigenvectors of the second moment (1/n) sum x x^T about the
    origin, not about the mean: the projection of the sphere is then the unit ball
    around the centre of the picture. The axis with the largest eigenvalue comes
    first, and of each axis the largest entry is positive.

    Returns
    -------
    tuple of numpy.ndarray
        Projected points (..., dimension) and the axes (dimension, d) as rows.
        Points that have no more than ``dimension`` coordinates come back as they
        are, with unit vectors as axes.
    """
    size = points.shape[-1]
    if size <= dimension:
        return points, np.eye(size)
    flat = points.reshape(-1, size)
    _, vectors = np.linalg.eigh(flat.T @ flat / len(flat))
    axes = vectors.T[::-1][:dimension]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(dimension), largest])[:, None]
    return points @ axes.T, axes


def cluster_labels(points: np.ndarray, threshold: float) -> np.ndarray:
    """Number of the cluster of each point: chains of points no more than ``threshold`` apart.

    Single linkage by Euclidean distance. Clusters are numbered in the order of
    their first points.

    Parameters
    ----------
    points
        (n, d).
    threshold
        Largest distance between neighbours in one cluster.
    """
    # Loaded here: most scripts that import this module find no clusters, and SciPy takes longer to load than NumPy.
    from scipy.sparse.csgraph import connected_components

    squares = (points**2).sum(axis=1)
    squared_distances = squares[:, None] + squares[None, :] - 2 * points @ points.T
    _, labels = connected_components(squared_distances <= threshold**2, directed=False)
    return labels


def cluster_centres(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean direction of each cluster, (clusters, d), on the sphere."""
    return normalise(np.array([points[labels == label].mean(axis=0) for label in range(labels.max() + 1)]))
