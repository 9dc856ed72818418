"""One layer of attention at beta = gamma ln n: random tokens by the engine, gradients, and the exact formula beside them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.studies.long_context import (
    exact_cosine,
    exact_participation,
    gradient_limit,
    gradient_size,
    layer_table,
    scaling_table,
)

__all__ = ["tables"]


def layer(points: np.ndarray, gamma: float) -> tuple[float, float, float]:
    """Mean cosine before and after the layer, and the number of tokens to which a token attends."""
    flow = attention_flow(
        points, gamma=gamma, normalisation="pre_ln", method="layers", residual=0.0, times=[0.0, 1.0],
        observe=["mean_inner_product", "participation"],
    )  # fmt: skip
    before, after = flow.observables["mean_inner_product"][0]
    return before, after, flow.observables["participation"][0, 0]


def sample(rho: float, tokens: int, dimension: int, settings: Mapping[str, Any]) -> np.ndarray:
    """Tokens sqrt(rho) z_0 + sqrt(1 - rho) z_i."""
    return token_starts(
        "correlated", tokens=tokens, dimension=dimension, seed=settings["seed"], cosine=float(rho)
    )[0]  # fmt: skip


def planes(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cosine, participation and gradient over (rho, gamma) for each dimension."""
    angle, gradient, plane = [], [], settings["plane"]
    for dimension in plane["dimensions"]:
        for rho in sweep_values(plane["rhos"]):
            points = sample(rho, plane["tokens"], dimension, settings)
            fewer = points[: plane["gradient_tokens"]]
            for gamma in sweep_values(plane["gammas"]):
                before, after, _ = layer(points, float(gamma))
                key = {"dimension": dimension, "rho": rho, "gamma": gamma}
                angle.append(key | {"before": before, "cosine": after})
                size = gradient_size(fewer, float(gamma) * np.log(len(fewer)))
                # lengths near sqrt(d): made those of unit tokens
                gradient.append(key | {"size": size * float((fewer**2).sum(axis=1).mean())})
    return pd.DataFrame(angle), pd.DataFrame(gradient)


def simplex_tables(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The engine on equal angles beside the formula, and gradients of equal angles beside their limits."""
    rho, lines, gradients = settings["rho"], [], []
    points = token_starts("equiangular", tokens=40, dimension=40, cosine=rho)[0]
    for gamma in (0.0, 1.0, 1.8, 2.0, 2.2, 3.0, 6.0):
        lines.append({"gamma": gamma, "engine": layer(points, gamma)[1], "exact": exact_cosine(rho, gamma, 40)})
    for n in settings["gradient_sizes"]:
        even = token_starts("equiangular", tokens=n, dimension=n, cosine=rho)[0]
        for gamma in (1.0, 2.0, 3.0):
            size = gradient_size(even, gamma * np.log(n))
            gradients.append({"n": n, "gamma": gamma, "size": size, "limit": gradient_limit(gamma, rho, n)})
    return pd.DataFrame(lines), pd.DataFrame(gradients)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    angle, gradient = planes(settings)
    simplex, sizes = simplex_tables(settings)
    rho, random = settings["rho"], settings["random"]
    points = sample(rho, random["tokens"], random["dimension"], settings)
    sampled = []
    for gamma in random["gammas"]:
        before, after, _ = layer(points, gamma)
        exact = exact_cosine(before, gamma, random["tokens"])
        sampled.append(
            {"n": random["tokens"], "dimension": random["dimension"], "gamma": gamma, "before": before, "cosine": after,
             "exact": exact}
        )  # fmt: skip
    sparse = []
    for n in settings["sparse"]["sizes"]:
        many = sample(rho, n, random["dimension"], settings)
        for share in settings["sparse"]["shares"]:
            gamma = share / (1 - rho)
            sparse.append(
                {"n": n, "share": share, "participation": layer(many, gamma)[2], "exact": exact_participation(rho, gamma, n)}
            )  # fmt: skip
    layers = settings["layers"]
    return {
        "long_angle": angle,
        "long_gradient": gradient,
        "long_simplex": simplex,
        "long_gradient_sizes": sizes,
        "long_sampled": pd.DataFrame(sampled),
        "long_sparse": pd.DataFrame(sparse),
        "long_scaling": scaling_table(rho, settings["sizes"], sweep_values(settings["gammas"])),
        "long_layers": layer_table(layers["rho"], layers["shares"], layers["layers"], layers["tokens"], layers["alphas"]),
    }  # fmt: skip
