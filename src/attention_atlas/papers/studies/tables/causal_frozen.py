"""Causal tokens beside frozen ones: how far from them they end, against the separation of the frozen ones."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.papers.studies.causal import kernel_pull
from attention_atlas.papers.studies.causal_frozen import (
    allowed_distance,
    frozen_distances,
    frozen_flow,
    frozen_speeds,
    pull_slope,
)

__all__ = ["close_table", "frozen_places", "tables"]


def frozen_places(
    generator: np.random.Generator, settings: Mapping[str, Any], cars: float
) -> tuple[np.ndarray, np.ndarray]:
    """Angles and weights (m,) of frozen tokens: as many as fit, gaps of at least
    c beta^(-1/2); what is left of the circle is shared out by chance, nearly evenly, since a token in a wide gap hardly ever leaves it."""
    gap = cars / math.sqrt(settings["beta"])
    number = max(2, int(2 * math.pi / (gap * 1.05)))
    left = 2 * math.pi - number * gap
    gaps = gap + left * generator.dirichlet(np.full(number, 10.0))
    places = generator.uniform(0, 2 * math.pi) + np.cumsum(gaps)
    return places % (2 * math.pi), generator.uniform(1, settings["largest_weight"], number)


def close_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Two frozen tokens of weight 1 at c = 1 + 2 epsilon and one free token: columns epsilon, cars, printed (both printed conditions
    hold), distance (of its end from the nearer one, in units of beta^(-1/2))."""
    beta, lines = settings["beta"], []
    unit = 1 / math.sqrt(beta)
    for epsilon in settings["epsilons"]:
        # just inside: the first condition is 0 < h, the second one looks at the slope at the distance 1
        cars = (1 + 2 * epsilon) * (1 - 1e-12)
        frozen, weights = np.array([0.0, cars * unit]), np.ones(2)
        end = frozen_flow(np.array([0.9 * cars * unit]), frozen, weights, beta, np.array([0.0, 1e4]))[-1]
        first = 3 * kernel_pull((cars - 1 - 2 * epsilon) * unit, beta) < kernel_pull(epsilon * unit, beta)
        second = -3 * pull_slope((cars - 2 * epsilon) * unit, beta) < pull_slope(epsilon * unit, beta)
        lines.append(
            {
                "epsilon": epsilon,
                "cars": cars,
                "printed": bool(first and second),
                "distance": frozen_distances(end, frozen)[0] / unit,
            }
        )
    return pd.DataFrame(lines)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """causal_frozen: cars, run, frozen (their number), total (N), allowed (epsilon), farthest (end from a frozen token, in units of
    beta^(-1/2)), middle (its median), speed (largest one at the end, radians); causal_frozen_paths: the angles of one start;
    causal_frozen_close: ``close_table``."""
    beta = settings["beta"]
    times = np.concatenate([[0.0], np.geomspace(0.1, settings["last_time"], settings["records"])])
    lines, paths = [], []
    for place, cars in enumerate(settings["cars"]):
        for run in range(settings["runs"]):
            generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], place, run])))
            frozen, weights = frozen_places(generator, settings, cars)
            starts = generator.uniform(0, 2 * math.pi, settings["tokens"])
            found = frozen_flow(starts, frozen, weights, beta, times)
            away = frozen_distances(found[-1], frozen) * math.sqrt(beta)
            total = settings["tokens"] + weights.sum()
            lines.append(
                {
                    "cars": cars,
                    "run": run,
                    "frozen": len(frozen),
                    "total": total,
                    "allowed": allowed_distance(cars, beta, total),
                    "farthest": away.max(),
                    "middle": np.median(away),
                    "speed": np.abs(frozen_speeds(found[-1], frozen, weights, beta)).max(),
                }
            )
            if run == 0 and cars == settings["shown_cars"]:
                first = pd.DataFrame({"kind": "frozen", "token": np.arange(len(frozen)), "time": 0.0, "angle": frozen})
                time, token = (grid.ravel() for grid in np.meshgrid(times, np.arange(len(starts)), indexing="ij"))
                free = pd.DataFrame({"kind": "free", "token": token, "time": time, "angle": found.ravel()})
                paths = [first, free]
    return {
        "causal_frozen": pd.DataFrame(lines),
        "causal_frozen_paths": pd.concat(paths),
        "causal_frozen_close": close_table(settings),
    }
