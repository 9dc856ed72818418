"""The tables of the films: starts drawn as the seminar drew them, complete paths in uniform time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import published_step
from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.geometry.sphere import normalise, random_points
from attention_atlas.papers.perspective.merge_events import cluster_counts
from attention_atlas.random.generators import stream_normals

__all__ = ["film_start", "tables"]

# Particles of one cluster: the inner product of the phase diagrams.
THRESHOLD = 0.999


def film_start(panel: Mapping[str, Any]) -> np.ndarray:
    """Points (n, d) on the sphere.

    Parameters
    ----------
    panel
        ``generator``: ``philox``, or a name of ``random.generators``; Gaussian numbers in the order of the particles, normalised.
        ``region``: ``sphere``; ``hemisphere``, where points with a negative first coordinate are reflected through the
        origin; or ``antipodal``, where every second particle is antipodal to the one before it but for ``tilt`` radians.
    """
    shape, seed = (panel["particles"], panel["dimension"]), panel["seed"]
    if panel["generator"] == "philox":
        points = random_points(seed, [0], *shape)[0]
    else:
        points = normalise(stream_normals(panel["generator"], seed, shape))
    if panel["region"] == "hemisphere":
        points = np.where(points[:, :1] < 0, -points, points)
    elif panel["region"] == "antipodal":
        first = points[0::2][: len(points[1::2])]
        # a tangent direction that any point has: across its two first coordinates, or along e1 at a pole
        across = np.zeros_like(first)
        across[:, 0], across[:, 1] = -first[:, 1], first[:, 0]
        across = normalise(across)
        points[1::2] = -np.cos(panel["tilt"]) * first + np.sin(panel["tilt"]) * across
    return points


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The paths of all panels at ``records`` equally spaced steps, and the number of clusters at each.

    Returns
    -------
    dict
        ``films``: panel, step, time, particle, x, y, z (NaN on the circle); ``films_clusters``: panel, time, clusters, moved
        (largest distance of a particle from its start), gap (pi less the angle of the first two particles).
    """
    paths, counts = [], []
    for letter, panel in settings["panels"].items():
        steps = np.unique(np.round(np.linspace(0, panel["steps"], settings["records"])).astype(int))
        step_size = published_step(settings["flow"], panel["beta"], settings["step_size"])
        run = euler_flow(film_start(panel), settings["flow"], panel["beta"], step_size, steps)
        places = run.positions[0]
        records, particles, dimension = places.shape
        columns = {"panel": letter, "step": np.repeat(steps, particles), "time": np.repeat(run.times, particles)}
        columns |= {"particle": np.tile(np.arange(particles), records)}
        columns |= {"xyz"[axis]: places[..., axis].ravel() for axis in range(dimension)}
        paths.append(pd.DataFrame(columns))
        half = np.linalg.norm(places[:, 0] + places[:, 1], axis=-1) / 2  # sine of half the gap
        counts.append(
            pd.DataFrame(
                {
                    "panel": letter,
                    "time": run.times,
                    "clusters": cluster_counts(places, THRESHOLD),
                    "moved": np.linalg.norm(places - places[0], axis=-1).max(axis=-1),
                    "gap": 2 * np.arcsin(np.minimum(half, 1)),
                }
            )
        )
    films = pd.concat(paths, ignore_index=True)
    return {
        "films": films.reindex(columns=["panel", "step", "time", "particle", "x", "y", "z"]),
        "films_clusters": pd.concat(counts, ignore_index=True),
    }
