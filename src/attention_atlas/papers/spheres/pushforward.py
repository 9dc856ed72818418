"""Where uniformly distributed points of the circle go under x -> Dx / |Dx|: one step of a single particle with a long step size."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_most
from attention_atlas.geometry.sphere import circle_angles, circle_points, normalise, random_points

__all__ = ["exact_density", "pushforward_claims", "pushforward_table"]


def exact_density(angles: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Density over the angle of Dx / |Dx| for uniform x: 1 / (2 pi |det D| |D^-1 y|^2) at y = (cos, sin).

    Raises
    ------
    numpy.linalg.LinAlgError
        D is singular: its images lie on a line.
    """
    back = circle_points(angles) @ np.linalg.inv(matrix).T
    return 1 / (2 * np.pi * abs(np.linalg.det(matrix)) * (back**2).sum(axis=-1))


def pushforward_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns case, d22, angle, sampled, exact: densities in equal bins from -pi to pi, one case a value of D's second entry."""
    edges = np.linspace(-np.pi, np.pi, settings["bins"] + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    points = random_points(settings["seed"], [0], settings["samples"], 2)[0]
    tables = []
    for case, entry in enumerate(settings["second_entries"]):
        matrix = np.diag([1.0, entry])
        counts, _ = np.histogram(circle_angles(normalise(points @ matrix.T)), edges)
        density = counts / (len(points) * (edges[1] - edges[0]))
        columns = {
            "case": case,
            "d22": entry,
            "angle": middles,
            "sampled": density,
            "exact": exact_density(middles, matrix),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def pushforward_claims(table: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    """Sampled and exact densities agree within five standard deviations of a bin's count."""
    width = 2 * np.pi / settings["bins"]
    spread = np.sqrt(table["exact"] / (settings["samples"] * width))
    worst = float(((table["sampled"] - table["exact"]).abs() / spread).max())
    statement = (
        "Uniform points go to the density 1/(2π |det D| |D⁻¹y|²): largest deviation of a bin in standard deviations"
    )
    yield judge_at_most(
        "pushforward-density", "pushforward", statement, computed=worst, bound=5, source="change of variables"
    )
