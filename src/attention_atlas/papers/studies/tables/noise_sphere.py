"""Stationary states of noisy attention on spheres."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.studies.noise import sharp_k, star_beta
from attention_atlas.papers.studies.noise_sphere import (
    jump_table,
    make_zonal,
    sphere_branch,
    sphere_table,
    turning_beta,
)

__all__ = ["tables"]


def turning_table(dimensions: list[int]) -> pd.DataFrame:
    """Columns dimension, turning (beta from the branch), star (from the formula), threshold (kappa of a small order at beta_*), sharp
    (K_# there)."""
    lines = []
    for dimension in dimensions:
        star = star_beta(dimension)
        (state,) = sphere_branch(make_zonal(dimension, star), np.array([0.01]))
        lines.append(
            {
                "dimension": dimension,
                "turning": turning_beta(dimension),
                "star": star,
                "threshold": state.kappa,
                "sharp": sharp_k(dimension, star),
            }
        )
    return pd.DataFrame(lines)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    branches = sphere_table(settings["dimensions"], settings["beta_shares"], sweep_values(settings["orders"]))
    return {
        "noise_sphere": branches,
        "noise_sphere_jumps": jump_table(branches),
        "noise_turning": turning_table(settings["dimensions"]),
    }
