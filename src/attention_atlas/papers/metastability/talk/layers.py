"""Weights that vary from layer to layer average out.

In each of L layers all tokens share a new head: beta uniform in an interval, and a value matrix that is a rotation by an angle b, uniform
in [-turn, turn]. A layer is an Euler step of length T/L of

    dtheta_i/ds = -(1/n) sum_j sin(phi - b) e^{beta (cos(phi) - 1)},  phi = theta_i - theta_j.

As L grows the tokens follow the flow of the mean right side, in which the even part vanishes and the odd one carries
E cos(b) = sin(turn) / turn.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.papers.metastability.talk.circle import runge_kutta

__all__ = ["layer_velocities", "layers_table", "mean_velocities", "varying_layers"]

# Nodes of Gauss and Legendre's rule for the mean over beta, and steps of the mean flow.
NODES, STEPS = 24, 2000
PATH_RECORDS = 201


def _pairs(angles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cosines, sines = np.cos(angles), np.sin(angles)
    c = cosines[..., :, None] * cosines[..., None, :] + sines[..., :, None] * sines[..., None, :]
    s = sines[..., :, None] * cosines[..., None, :] - cosines[..., :, None] * sines[..., None, :]
    return c, s


def layer_velocities(angles: np.ndarray, betas: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Right side of one layer for runs (R, n), with a head (R,) each."""
    c, s = _pairs(angles)
    turn = turns[:, None, None]
    kernel = np.exp(betas[:, None, None] * (c - 1)) * (s * np.cos(turn) - c * np.sin(turn))
    return -kernel.mean(axis=-1)


def mean_velocities(angles: np.ndarray, betas: tuple[float, float], turn: float) -> np.ndarray:
    """The mean of ``layer_velocities`` over the law of the heads, angles (n,)."""
    c, s = _pairs(angles)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    values = (betas[0] + betas[1]) / 2 + (betas[1] - betas[0]) / 2 * nodes
    kernel = np.einsum("b,bij->ij", weights / 2, np.exp(values[:, None, None] * (c - 1)))
    return -np.sinc(turn / np.pi) * (s * kernel).mean(axis=-1)


def varying_layers(settings: Mapping[str, Any], start: np.ndarray, layers: int, every: int) -> np.ndarray:
    """Angles (layers / every + 1, R, n) of runs from one start, each with heads of its own."""
    runs, (low, high), turn = settings["runs"], settings["betas"], settings["turn"]
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], layers])))
    betas, turns = generator.uniform(low, high, (layers, runs)), generator.uniform(-turn, turn, (layers, runs))
    angles = np.tile(start, (runs, 1))
    frames, step = [angles.copy()], settings["duration"] / layers
    for layer in range(layers):
        angles += step * layer_velocities(angles, betas[layer], turns[layer])
        if (layer + 1) % every == 0:
            frames.append(angles.copy())
    return np.array(frames)


def layers_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, layers, number, time, value: ``path`` (angle of token ``number`` in run 0; layers 0 is the mean flow) and ``distance``
    (root mean square over tokens and runs at the end; ``number`` is -1)."""
    start = uniform_angles(settings["seed"], [0], settings["tokens"])[0]
    low, high = settings["betas"]
    every = STEPS // (PATH_RECORDS - 1)
    mean = runge_kutta(
        lambda x: mean_velocities(x, (low, high), settings["turn"]), start, settings["duration"] / STEPS, STEPS, every
    )
    tables = [_path(mean, 0, settings["duration"])]
    for layers in settings["layers"]:
        every = max(1, layers // (PATH_RECORDS - 1))
        frames = varying_layers(settings, start, layers, every)
        end = frames[-1]
        distance = float(np.sqrt(((end - mean[-1]) ** 2).mean()))
        tables.append(_path(frames[:, 0], layers, settings["duration"] * (len(frames) - 1) * every / layers))
        tables.append(
            pd.DataFrame({
                "part": ["distance"], "layers": [layers], "number": [-1], "time": [settings["duration"]], "value": [distance],
            })
        )  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _path(frames: np.ndarray, layers: int, last: float) -> pd.DataFrame:
    times = np.linspace(0, last, len(frames))
    return pd.DataFrame({
        "part": "path",
        "layers": layers,
        "number": np.repeat(np.arange(frames.shape[1]), len(times)),
        "time": np.tile(times, frames.shape[1]),
        "value": frames.T.ravel(),
    })  # fmt: skip
