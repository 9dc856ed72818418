"""The state of clusters that competing harmonics end in: all 2 l + 1 spherical harmonics of the fastest degree l grow at one rate.

Tokens sit on a Fibonacci lattice of S^2 and are moved along the gradient of Y = sum_a c_a P_l(<x, y_a>), a random member of the degree (c_a
normal, y_a uniform), so that the flow starts with this mixture alone. Clusters are expected at the maxima of Y.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.special import eval_legendre

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate, most_unstable_degree
from attention_atlas.dynamics.self_attention.flow import adaptive_flow
from attention_atlas.geometry.sphere import (
    cluster_centres,
    cluster_labels,
    normalise,
    sunflower_points,
    tangent_projection,
)

__all__ = ["Harmonic", "first_clusters", "harmonics_table", "maxima"]

POLES = 200
MAXIMA_GRID, NEIGHBOURS = 20_000, 8
# The largest slope is 1, so that its derivative is of the order of the degree.
ASCENT_STEPS, ASCENT_STEP, SAME_MAXIMUM = 3000, 0.3, 0.05
# Points at which Y is written for the pictures.
PICTURE_GRID = 3000
# Lengths in units of 1/sqrt(beta); shares of all tokens.
LINK, LEAST_MASS, CONDENSED = 0.2, 0.01, 0.9


class Harmonic:
    """A random harmonic of a degree l on S^2, scaled so that its steepest slope on the lattice is 1."""

    def __init__(self, degree: int, generator: np.random.Generator) -> None:
        self.degree = degree
        self.poles = normalise(generator.standard_normal((POLES, 3)))
        self.weights = generator.standard_normal(POLES)
        steepest = np.linalg.norm(self.gradient(sunflower_points(2000)), axis=1).max()
        self.weights = self.weights / steepest

    def value(self, points: np.ndarray) -> np.ndarray:
        """Y at points (n, 3)."""
        return eval_legendre(self.degree, points @ self.poles.T) @ self.weights

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Tangent vectors (n, 3)."""
        t = np.clip(points @ self.poles.T, -1 + 1e-12, 1 - 1e-12)
        slope = self.degree * (eval_legendre(self.degree - 1, t) - t * eval_legendre(self.degree, t)) / (1 - t**2)
        return tangent_projection(points, (slope * self.weights) @ self.poles)


def maxima(harmonic: Harmonic) -> np.ndarray:
    """Places (m, 3) of the local maxima: ascents from those of a lattice, which has several on a flat ridge, and each end once."""
    points = sunflower_points(MAXIMA_GRID)
    values = harmonic.value(points)
    _, near = cKDTree(points).query(points, NEIGHBOURS + 1)
    tops = points[(values[:, None] > values[near[:, 1:]]).all(axis=1)]
    for _ in range(ASCENT_STEPS):
        tops = normalise(tops + ASCENT_STEP / harmonic.degree * harmonic.gradient(tops))
    labels = cluster_labels(tops, SAME_MAXIMUM)
    return cluster_centres(tops, labels)


def first_clusters(frames: np.ndarray, beta: float) -> tuple[int, np.ndarray, np.ndarray]:
    """The first frame (-1: none) in which chains of at least 1 % of the tokens hold 90 % of them, the chains' centres and shares.

    Neighbours in a chain are up to LINK / sqrt(beta) apart.
    """
    for number, points in enumerate(frames):
        pairs = cKDTree(points).query_pairs(LINK / np.sqrt(beta), output_type="ndarray")
        graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
        count, labels = connected_components(graph, directed=False)
        shares = np.bincount(labels, minlength=count) / len(points)
        heavy = np.flatnonzero(shares >= LEAST_MASS)
        if shares[heavy].sum() >= CONDENSED and len(heavy) > 0:
            return number, normalise(np.array([points[labels == label].mean(axis=0) for label in heavy])), shares[heavy]
    return -1, np.empty((0, 3)), np.empty(0)


def harmonics_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns beta, degree, run, part, number, time (in units of 1 / lambda_max), x, y, z, value.

    ``maximum`` (value: Y), ``cluster`` (value: share of the tokens) and, of the first runs, ``token`` (when clusters have formed) and
    ``harmonic`` (value: Y on a lattice).
    """
    tables = []
    for beta in settings["betas"]:
        degree = most_unstable_degree(beta, 3)
        for run in range(settings["runs"]):
            tables += [table.assign(beta=beta, degree=degree, run=run) for table in _run(settings, beta, degree, run)]
    columns = ["beta", "degree", "run", "part", "number", "time", "x", "y", "z", "value"]
    return pd.concat(tables, ignore_index=True)[columns]


def _run(settings: Mapping[str, Any], beta: float, degree: int, run: int) -> list[pd.DataFrame]:
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], run, degree])))
    harmonic = Harmonic(degree, generator)
    lattice = sunflower_points(settings["tokens"])
    start = normalise(lattice + settings["size"] * harmonic.gradient(lattice))
    times = np.linspace(0, settings["duration"], settings["observations"])
    ordinary = times / largest_growth_rate(beta, 3) * np.exp(-beta)
    flow = adaptive_flow(start, "usa", beta, ordinary, tolerance=1e-5, merge_distance=1e-3 / np.sqrt(beta))
    frame, centres, shares = first_clusters(flow.positions[0], beta)
    time, tops = times[frame] if frame >= 0 else np.nan, maxima(harmonic)
    tables = [_places("maximum", np.nan, tops, harmonic.value(tops)), _places("cluster", time, centres, shares)]
    if run < settings["drawn"]:
        grid = sunflower_points(PICTURE_GRID)
        tables.append(_places("token", time, flow.positions[0, frame], harmonic.value(lattice)))
        tables.append(_places("harmonic", np.nan, grid, harmonic.value(grid)))
    return tables


def _places(part: str, time: float, points: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    x, y, z = points.T if len(points) else np.empty((3, 0))
    return pd.DataFrame(
        {"part": part, "number": np.arange(len(points)), "time": time, "x": x, "y": y, "z": z, "value": values}
    )
