"""Stationary states of noisy attention on the circle, thresholds in any dimension, growth of a mode by the engine."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.geometry.sphere import circle_points
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.studies.noise import branch_table, dimension_table, phase_table, point_table, sharp_kappa

__all__ = ["tables"]

# Order of the perturbed uniform density, and a time in which it grows a little
PERTURBATION, GROWTH_TIME, TOKENS = 1e-6, 0.5, 512


def growth_table(betas: list[float]) -> pd.DataFrame:
    """1 / growth rate of mode 1 of the flow without noise, beside kappa_#."""
    even = 2 * np.pi * np.arange(TOKENS) / TOKENS
    start = circle_points(even - 2 * PERTURBATION * np.sin(even))
    lines = []
    for beta in betas:
        time = GROWTH_TIME * sharp_kappa(beta)
        flow = attention_flow(
            start, kernel="unnormalised", beta=beta, times=[0.0, time], tolerance=1e-12, observe=["order_1"]
        )
        first, last = flow.observables["order_1"][0]
        lines.append({"beta": beta, "exact": sharp_kappa(beta), "engine": time / math.log(last / first)})
    return pd.DataFrame(lines)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    orders = sweep_values(settings["orders"])
    dimensions = settings["dimensions"]
    return {
        "noise_branches": branch_table(settings["betas"], orders),
        "noise_points": point_table(orders),
        "noise_phase": phase_table(sweep_values(settings["phase_betas"]), orders),
        "noise_dimension": dimension_table(dimensions, sweep_values(settings["dimension_betas"])),
        "noise_growth": growth_table(settings["growth_betas"]),
    }
