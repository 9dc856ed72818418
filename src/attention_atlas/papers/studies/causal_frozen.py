"""Frozen centres of causal attention on the circle (arXiv 2411.04990, Theorem 5.2): all other tokens end near one of them."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp

from attention_atlas.claims import Claim, judge_at_least, not_judged
from attention_atlas.errors import AtlasError
from attention_atlas.papers.studies.causal import kernel_pull

__all__ = ["condition_holds", "frozen_claims", "frozen_velocity", "tables"]


def kernel_slope(angle: float, beta: float) -> float:
    """g = h', the slope of ``kernel_pull``."""
    return math.exp(beta * (math.cos(angle) - 1)) * (math.cos(angle) - beta * math.sin(angle) ** 2)


def condition_holds(weight: int, cars: float, epsilon: float, beta: float) -> bool:
    """Whether the theorem covers a total weight N, a separation of cars beta^(-1/2) and epsilon; its print lacks the sign at g."""
    unit = beta**-0.5
    pull = weight * kernel_pull((cars - 1 - 2 * epsilon) * unit, beta) < kernel_pull(epsilon * unit, beta)
    slope = -weight * kernel_slope((cars - 2 * epsilon) * unit, beta) < kernel_slope(epsilon * unit, beta)
    return bool(pull and slope)


def frozen_velocity(angles: np.ndarray, frozen: np.ndarray, beta: float) -> np.ndarray:
    """Velocities of free tokens (..., n) that see all frozen ones (m,) of weight 1, the free ones before them, and themselves."""
    to_frozen = frozen - angles[..., :, None]
    to_free = angles[..., None, :] - angles[..., :, None]
    seen = np.tri(angles.shape[-1])
    total = np.exp(beta * (np.cos(to_frozen) - 1)).sum(axis=-1) + (seen * np.exp(beta * (np.cos(to_free) - 1))).sum(
        axis=-1
    )
    return (kernel_pull(to_frozen, beta).sum(axis=-1) + (seen * kernel_pull(to_free, beta)).sum(axis=-1)) / total


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """``causal_frozen``: run, token, distance (to the nearest frozen token at the end, in units of beta^(-1/2)), covered.

    As many frozen tokens stand on the circle, at equal distances, as the separation allows; the others start anywhere.

    Raises
    ------
    AtlasError
        The integrator gave up.
    """
    beta, runs, tokens = settings["beta"], settings["runs"], settings["tokens"]
    separation = settings["cars"] * beta**-0.5
    places = math.floor(2 * math.pi / separation)
    frozen = 2 * np.pi * np.arange(places) / places
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"]])))
    starts = generator.uniform(0, 2 * np.pi, (runs, tokens))
    found = solve_ivp(
        lambda _, state: frozen_velocity(state.reshape(runs, tokens), frozen, beta).ravel(),
        (0, settings["last_time"]),
        starts.ravel(),
        rtol=1e-6,
        atol=1e-8,
        t_eval=[settings["last_time"]],
    )
    if not found.success:
        raise AtlasError(f"studies.causal.frozen: {found.message}; set a shorter last_time")
    apart = np.abs(np.angle(np.exp(1j * (found.y[:, -1, None] - frozen)))).min(axis=1)
    covered = condition_holds(tokens + places, settings["cars"], settings["epsilon"], beta)
    columns = {"run": np.repeat(np.arange(runs), tokens), "token": np.tile(np.arange(tokens), runs)}
    return {"causal_frozen": pd.DataFrame({**columns, "distance": apart / beta**-0.5, "covered": covered})}


def frozen_claims(table: pd.DataFrame, epsilon: float) -> Iterator[Claim]:
    """Theorem 5.2, from causal_frozen."""
    id, source = "causal_frozen", "arXiv 2411.04990, Theorem 5.2"
    runs = table["run"].nunique()
    statement = f"frozen centres: each token of {runs} runs ends within {epsilon:g} β^(-1/2) of one of them (share)"
    if not table["covered"].all():
        reason = "the theorem's condition does not hold at these parameters"
        yield not_judged(id, "causal_circle", statement, expected="1", reason=reason, source=source)
        return
    share = float((table["distance"] <= epsilon).mean())
    yield judge_at_least(id, "causal_circle", statement, computed=share, bound=1.0, source=source)
