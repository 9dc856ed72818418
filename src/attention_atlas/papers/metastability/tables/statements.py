"""Statements of the talk that need no run, or a short one: uniform, Dirac, gradient, maximum."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from attention_atlas.papers.metastability.statements import (
    consensus_gaps,
    dirac_rates,
    gradient_errors,
    uniform_rates,
)

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns beta, quantity, value."""
    rows = []
    for beta in settings["betas"]:
        particles, runs, seed = settings["particles"], settings["runs"], settings["seed"]
        found = {
            "least uniform rate": float(uniform_rates(beta, settings["modes"]).min()),
            "largest dirac rate": float(dirac_rates(beta, particles).max()),
            "gradient error": float(gradient_errors(beta, particles, runs, seed).max()),
            **consensus_gaps(beta, particles, runs, seed, settings["duration"]),
        }
        rows += [{"beta": beta, "quantity": name, "value": value} for name, value in found.items()]
    return pd.DataFrame(rows)
