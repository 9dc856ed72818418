"""How well rotations, permutations and rotational symmetry are kept by the published steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import published_step
from attention_atlas.dynamics.self_attention.flow import attention_energy, euler_flow
from attention_atlas.geometry.sphere import circle_points, normalise, random_points

__all__ = ["tables"]


def ends(starts: np.ndarray, flow: str, beta: float, steps: int) -> np.ndarray:
    return euler_flow(starts, flow, beta, published_step(flow, beta), [steps]).positions[:, 0]


def rotated_and_permuted(settings: Mapping[str, Any], flow: str, beta: float, dimension: int) -> list[dict[str, Any]]:
    """Largest difference between moved ends and the ends of moved starts."""
    runs, particles, steps = range(settings["runs"]), settings["particles"], settings["steps"]
    starts = random_points(settings["seed"], runs, particles, dimension)
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], dimension])))
    rotation, _ = np.linalg.qr(generator.standard_normal((dimension, dimension)))
    order = generator.permutation(particles)
    plain = ends(starts, flow, beta, steps)
    turned = ends(normalise(starts @ rotation), flow, beta, steps)
    shuffled = ends(np.ascontiguousarray(starts[:, order]), flow, beta, steps)
    shared = {"flow": flow, "beta": beta, "dimension": dimension}
    return [
        {"symmetry": "rotation", **shared, "worst": np.abs(plain @ rotation - turned).max()},
        {"symmetry": "permutation", **shared, "worst": np.abs(plain[:, order] - shuffled).max()},
    ]


def turned_by_parts(settings: Mapping[str, Any], flow: str, beta: float, fold: int) -> dict[str, Any]:
    """A start on the circle symmetric under a rotation by 2 pi / fold: largest asymmetry at the end."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], fold])))
    angles = generator.uniform(0, 2 * np.pi, settings["particles"] // fold)
    turns = 2 * np.pi * np.arange(fold) / fold
    start = circle_points((angles[:, None] + turns).ravel())
    end = ends(start[None], flow, beta, settings["steps"])[0].reshape(len(angles), fold, 2)
    turn = 2 * np.pi / fold
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    worst = np.abs(end @ rotation - np.roll(end, -1, axis=1)).max()
    return {"symmetry": f"{fold}-fold", "flow": flow, "beta": beta, "dimension": 2, "worst": worst}


def largest_fall(settings: Mapping[str, Any], flow: str, beta: float, dimension: int) -> dict[str, Any]:
    """Largest relative fall of the energy in one published step, over all runs."""
    starts = random_points(settings["seed"], range(settings["runs"]), settings["particles"], dimension)
    steps = np.arange(settings["steps"] + 1)
    energy = attention_energy(euler_flow(starts, flow, beta, published_step(flow, beta), steps).positions, beta)
    worst = (-np.diff(energy, axis=1) / energy[:, :-1]).max()
    return {"symmetry": "energy fall", "flow": flow, "beta": beta, "dimension": dimension, "worst": max(worst, 0.0)}


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns symmetry, flow, beta, dimension, worst."""
    rows = []
    for flow in ("sa", "usa"):
        for beta in settings["betas"]:
            for dimension in settings["dimensions"]:
                rows += rotated_and_permuted(settings, flow, beta, dimension)
                rows.append(largest_fall(settings, flow, beta, dimension))
            rows += [turned_by_parts(settings, flow, beta, fold) for fold in settings["folds"]]
    return pd.DataFrame(rows)
