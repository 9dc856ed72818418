"""Attention without normalisation: who leads in the plane, and rescaled tokens in many dimensions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.emergence import attention_matrix
from attention_atlas.papers.studies.emergence_leaders import (
    LINK,
    euler_tokens,
    leader_row,
    rescaled_in_eigenbasis,
    sparse_eigenvalues,
)

__all__ = ["tables"]


def leader_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The first start at some times with its links, and one row a start about its end."""
    starts = token_starts(
        "box", tokens=settings["tokens"], dimension=2, runs=settings["runs"], seed=settings["seed"], half_width=settings["half_width"]
    )  # fmt: skip
    times, lines, points, links = settings["shown_times"], [], [], []
    for run, start in enumerate(starts):
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], run])))
        value, root = (factor @ factor.T for factor in generator.uniform(-1, 1, (2, 2, 2)))
        found = euler_tokens(start, root, value, settings["step"], times)
        lines.append({"run": run, **leader_row(found[-1], root, value)})
        if run:
            continue
        for time, x in zip(times, found, strict=True):
            y = x @ root.T
            weights = attention_matrix(y)
            i, j = np.nonzero(weights > LINK)
            links.append(pd.DataFrame({"time": time, "i": i, "j": j, "weight": weights[i, j]}))
            columns = {"x1": x[:, 0], "x2": x[:, 1], "y1": y[:, 0], "y2": y[:, 1]}
            leads = (weights > LINK).any(axis=0)
            points.append(pd.DataFrame({"time": time, "token": np.arange(len(x)), **columns, "leader": leads}))
    return {
        "emergence_leaders": pd.concat(points),
        "emergence_links": pd.concat(links),
        "emergence_leader_runs": pd.DataFrame(lines),
    }


def high_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns time, coordinate, eigenvalue, mean, spread (standard deviation over the tokens), width (range), largest |z|, groups
    (different positions of tokens along the positive eigenvalues, to three decimals)."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"], 2])))
    size = settings["dimension"]
    eigenvalues = sparse_eigenvalues(generator, size, settings["density"])
    starts = generator.uniform(-1, 1, (settings["tokens"], size))
    steps = round(settings["time"] / settings["step"])
    paths = rescaled_in_eigenbasis(starts, eigenvalues, settings["step"], steps)
    tables = []
    for number, z in enumerate(paths):
        tables.append(
            pd.DataFrame(
                {
                    "time": round(number * settings["step"], 10),
                    "coordinate": np.arange(size),
                    "eigenvalue": eigenvalues,
                    "mean": z.mean(axis=0),
                    "spread": z.std(axis=0),
                    "width": np.ptp(z, axis=0),
                    "largest": np.abs(z).max(axis=0),
                    "groups": len(np.unique(np.round(z[:, eigenvalues > 0], 3), axis=0)),
                }
            )
        )
    return pd.concat(tables)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    return leader_tables(settings["leaders"]) | {"emergence_high": high_table(settings["sparse"])}
