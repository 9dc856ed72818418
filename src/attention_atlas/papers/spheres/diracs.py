"""The energy on the circle minimised over the angles and the masses of a few Diracs, beside the minimising density of Figure 5."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from attention_atlas.claims import Claim, judge_at_most
from attention_atlas.geometry.sphere import circle_points

__all__ = ["dirac_claims", "dirac_tables", "least_energy"]


def _energy(values: np.ndarray, matrix: np.ndarray, beta: float) -> tuple[float, np.ndarray]:
    """E = sum_ij w_i w_j exp(beta <x_i, D x_j>) and its gradient, for values = (angles, logits), w = softmax(logits)."""
    angles, logits = np.split(values, 2)
    masses = np.exp(logits - logits.max())
    masses /= masses.sum()
    points = circle_points(angles)
    kernel = np.exp(beta * points @ matrix @ points.T)
    field = kernel @ masses
    energy = float(masses @ field)
    turned = np.stack([-points[:, 1], points[:, 0]], axis=-1)
    slopes = kernel * (turned @ matrix @ points.T)
    by_angle = 2 * beta * masses * (slopes @ masses)
    by_logit = 2 * masses * (field - energy)
    return energy, np.concatenate([by_angle, by_logit])


def least_energy(
    count: int, matrix: np.ndarray, beta: float, restarts: int, seed: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """Least energy of ``count`` Diracs found from many random starts, with their angles in [-pi, pi) and masses, ascending."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, count])))
    starts = [
        np.concatenate([generator.uniform(-np.pi, np.pi, count), 0.1 * generator.standard_normal(count)])
        for _ in range(restarts)
    ]
    options = {"maxiter": 500}
    found = [
        minimize(_energy, start, args=(matrix, beta), jac=True, method="L-BFGS-B", options=options) for start in starts
    ]
    best = min(found, key=lambda one: one.fun)
    angles, logits = np.split(best.x, 2)
    masses = np.exp(logits - logits.max())
    order = np.argsort((angles + np.pi) % (2 * np.pi))
    return float(best.fun), ((angles + np.pi) % (2 * np.pi) - np.pi)[order], (masses / masses.sum())[order]


def dirac_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """``diracs``: least energies (epsilon, count, energy, uniform_energy); ``diracs_places``: (epsilon, count, dirac, angle, mass).

    D = diag(1, 1 + epsilon).
    """
    energies, places = [], []
    grid = circle_points(2 * np.pi * np.arange(720) / 720)
    for epsilon in settings["epsilons"]:
        matrix = np.diag([1.0, 1.0 + epsilon])
        uniform = float(np.exp(settings["beta"] * grid @ matrix @ grid.T).mean())
        for count in range(1, settings["most"] + 1):
            energy, angles, masses = least_energy(
                count, matrix, settings["beta"], settings["restarts"], settings["seed"]
            )
            energies.append({"epsilon": epsilon, "count": count, "energy": energy, "uniform_energy": uniform})
            columns = {"epsilon": epsilon, "count": count, "dirac": np.arange(count), "angle": angles, "mass": masses}
            places.append(pd.DataFrame(columns))
    return {"diracs": pd.DataFrame(energies), "diracs_places": pd.concat(places, ignore_index=True)}


def dirac_claims(energies: pd.DataFrame) -> Iterator[Claim]:
    """A few Diracs come as near to the minimum as one likes, and never below it."""
    grown = max(float(np.diff(line["energy"]).max()) for _, line in energies.groupby("epsilon"))
    statement = "More Diracs never have a larger least energy: largest rise from m to m + 1"
    yield judge_at_most("diracs-monotone", "diracs", statement, computed=grown, bound=1e-9, source="this work")
    last = energies.loc[energies.groupby("epsilon")["count"].idxmax()]
    excess = float((last["energy"] / last["uniform_energy"] - 1).max())
    statement = "The best few Diracs have no more energy than the uniform measure: largest relative excess"
    yield judge_at_most("diracs-uniform", "diracs", statement, computed=excess, bound=1e-9, source="this work")
