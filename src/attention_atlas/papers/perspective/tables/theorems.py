"""Clustering theorems in numbers: collapse at beta = 0, contraction from a hemisphere, concentration in high dimension."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.equiangular import equiangular_solution
from attention_atlas.papers.perspective.theorems import (
    collapsed_fraction,
    contraction_rate,
    hemisphere_points,
    inner_product_spread,
    largest_distances,
)

__all__ = ["tables"]


def zero_beta(settings: Mapping[str, Any]) -> pd.DataFrame:
    own, tables = settings["zero_beta"], []
    times = np.linspace(0, own["last_time"], own["records"])
    for dimension in own["dimensions"]:
        fraction = collapsed_fraction(
            settings["seed"], dimension, settings["particles"], own["runs"], times, settings["threshold"]
        )
        tables.append(pd.DataFrame({"dimension": dimension, "time": times, "collapsed": fraction, "runs": own["runs"]}))
    return pd.concat(tables, ignore_index=True)


def hemisphere(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    own, curves, rates = settings["hemisphere"], [], []
    times = np.linspace(0, own["last_time"], own["records"])
    starts = hemisphere_points(settings["seed"], own["runs"], settings["particles"], own["dimension"])
    for beta in sweep_values(own["betas"]):
        largest = largest_distances(starts, float(beta), times)
        quantiles = np.quantile(largest, [0.1, 0.5, 0.9], axis=0)
        curves.append(
            pd.DataFrame(
                {"beta": beta, "time": times, "low": quantiles[0], "median": quantiles[1], "high": quantiles[2]}
            )
        )
        for run, distances in enumerate(largest):
            rate, deviation = contraction_rate(times, distances)
            rates.append(
                {"beta": beta, "run": run, "rate": rate, "deviation": deviation, "last_distance": distances[-1]}
            )
    return pd.concat(curves, ignore_index=True), pd.DataFrame(rates)


def high_dimension(settings: Mapping[str, Any]) -> pd.DataFrame:
    own, tables = settings["high_dimension"], []
    times = np.linspace(0, own["last_time"], own["records"])
    reduced = equiangular_solution(times, "sa", own["beta"], settings["particles"])
    for dimension in own["dimensions"]:
        mean, spread = inner_product_spread(
            settings["seed"], dimension, settings["particles"], own["beta"], own["runs"], times
        )
        tables.append(
            pd.DataFrame({"dimension": dimension, "time": times, "mean": mean, "spread": spread, "reduced": reduced})
        )
    return pd.concat(tables, ignore_index=True)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    curves, rates = hemisphere(settings)
    return {
        "theorems_zero_beta": zero_beta(settings),
        "theorems_hemisphere": curves,
        "theorems_hemisphere_rates": rates,
        "theorems_high_dimension": high_dimension(settings),
    }
