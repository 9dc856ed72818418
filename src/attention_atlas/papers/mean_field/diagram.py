"""Bifurcation diagrams from settings: parameters of a sweep, its range of runs, what is wanted of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attention_atlas.dynamics.mean_field.lyapunov import complete_split
from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, parameters
from attention_atlas.papers.mean_field.sweep import Lengths, Wanted

__all__ = ["diagram_parameters", "lengths_of", "slab_range", "wanted_of", "with_bits"]


def slab_range(count: int, slabs: int, slab: int) -> range:
    """Numbers of the items in one slab; the slabs differ by at most one item."""
    return range(count * slab // slabs, count * (slab + 1) // slabs)


def with_bits(model: Mapping[str, Any], bits: int | None) -> dict[str, Any]:
    """Settings of the model with another number of positional bits and the window that belongs to it."""
    if bits is None or bits == model["positional_bits"]:
        return dict(model)
    return {**model, "positional_bits": bits, "context": None}


def diagram_parameters(
    model: MeanFieldModel,
    parameter: str,
    values: NDArray[np.float64],
    beta: float,
    beta_att: float,
    epsilon: float,
    scaling: float,
) -> Parameters:
    """Parameters of the runs of a sweep of beta, beta_att, both together, or epsilon."""
    chosen: dict[str, ArrayLike] = {"beta": beta, "beta_att": beta_att, "epsilon": epsilon}
    for name in ("beta", "beta_att") if parameter == "both" else (parameter,):
        chosen[name] = values
    return parameters(model, chosen["beta"], chosen["beta_att"], chosen["epsilon"], scaling)


def lengths_of(settings: Mapping[str, Any]) -> Lengths:
    """Lengths of a run from its block of the configuration."""
    return Lengths(settings["transient"], settings["saved"], settings["spectrum"], settings.get("alignment", 0))


def wanted_of(settings: Mapping[str, Any], size: int) -> Wanted:
    """What a diagram takes from each run; all ``size`` exponents unless ``leading`` says how many."""
    leading, trailing = complete_split(size) if settings["leading"] is None else (settings["leading"], 0)
    return Wanted(leading, trailing, settings["bins"], settings["low"], settings["high"], settings["half_width"])
