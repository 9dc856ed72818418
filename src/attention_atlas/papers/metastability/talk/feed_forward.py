"""A feed-forward part may end the clustering: tokens on the circle that also pass a random layer of ReLU neurons.

dtheta_i/ds = attention + strength <tau(theta_i), W2 relu(W1 x_i + b)>, tau the tangent. W1, b, W2 are normal, divided so that the
feed-forward part has root mean square 1 over the circle.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.metastability.talk.circle import pair_velocities

__all__ = ["cluster_counts", "feed_forward_table", "random_layer"]

GRID = 720
# Tokens with no gap above this (radians) are one cluster.
NEAR = 0.02
RECORDS = 200


def random_layer(generator: np.random.Generator, width: int) -> np.ndarray:
    """The tangent part of a random layer at GRID equal angles, root mean square 1."""
    angles = 2 * np.pi * np.arange(GRID) / GRID
    inner, shift, outer = (generator.standard_normal(shape) for shape in ((width, 2), width, (2, width)))
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    output = np.maximum(points @ inner.T + shift, 0.0) @ outer.T
    field = -np.sin(angles) * output[:, 0] + np.cos(angles) * output[:, 1]
    return field / np.sqrt((field**2).mean())


def _interpolated(fields: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Fields (R, GRID) at angles (R, n), linear between the grid's."""
    place = angles % (2 * np.pi) / (2 * np.pi) * GRID
    left = np.floor(place).astype(int)
    share = place - left
    rows = np.arange(len(fields))[:, None]
    return (1 - share) * fields[rows, left % GRID] + share * fields[rows, (left + 1) % GRID]


def cluster_counts(angles: np.ndarray) -> np.ndarray:
    """Clusters on the circle: gaps above NEAR between neighbours, at least 1, (...) of angles (..., n)."""
    ordered = np.sort(angles % (2 * np.pi), axis=-1)
    gaps = np.diff(ordered, axis=-1, append=ordered[..., :1] + 2 * np.pi)
    return np.maximum((gaps > NEAR).sum(axis=-1), 1)


def feed_forward_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, strength, number, time, value: ``clusters`` (run ``number``, at half time and at the end) and ``path`` (angle of token
    ``number``, without and with the strongest feed-forward part, in the first run that the latter ends with several clusters)."""
    strengths, runs = sweep_values(settings["strengths"]), settings["runs"]
    layers = [
        random_layer(
            np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], run]))), settings["width"]
        )
        for run in range(runs)
    ]
    starts = uniform_angles(settings["seed"], range(runs), settings["tokens"])
    angles = np.tile(starts, (len(strengths), 1))
    fields = np.repeat(strengths, runs)[:, None] * np.tile(layers, (len(strengths), 1))
    steps, tables = settings["steps"], []
    step = settings["duration"] / steps
    recorded = np.unique(np.geomspace(1, steps, RECORDS).astype(int))
    edge = np.concatenate([np.arange(runs), np.arange(len(angles) - runs, len(angles))])
    frames = []
    for number in range(1, steps + 1):
        # Heun's method: the field has kinks where a neuron switches on
        first = pair_velocities(angles, settings["beta"]) + _interpolated(fields, angles)
        ahead = angles + step * first
        second = pair_velocities(ahead, settings["beta"]) + _interpolated(fields, ahead)
        angles = angles + step / 2 * (first + second)
        if number in recorded:
            frames.append(angles[edge])
        if number in (steps // 2, steps):
            tables.append(
                pd.DataFrame({
                    "part": "clusters", "strength": np.repeat(strengths, runs), "number": np.tile(np.arange(runs), len(strengths)),
                    "time": number * step, "value": cluster_counts(angles),
                })
            )  # fmt: skip
    paths = np.array(frames)
    shown = int((cluster_counts(angles[-runs:]) > 1).argmax())
    for place, strength in ((shown, strengths[0]), (runs + shown, strengths[-1])):
        tables.append(
            pd.DataFrame({
                "part": "path", "strength": strength, "number": np.repeat(np.arange(settings["tokens"]), len(recorded)),
                "time": np.tile(recorded * step, settings["tokens"]), "value": paths[:, place].T.ravel(),
            })
        )  # fmt: skip
    return pd.concat(tables, ignore_index=True)
