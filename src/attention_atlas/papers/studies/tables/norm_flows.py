"""Six normalisations: the two equations of equal angles, the same by the engine, narrow cones, uniform starts, the first pull."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.normalisation import (
    SCHEMES,
    first_step_table,
    reduction,
    scheme_options,
    start_speed,
    theory_tables,
)

__all__ = ["tables"]

# Times of the polynomial whose slope is the speed at time 0, error of the order of their fourth power.
FIRST_TIMES = 1e-3 * np.arange(1, 5)
SMALLEST_VARIANCE = 1e-22  # rounding beyond


def particle_tables(settings: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orthogonal tokens by the engine: gamma beside the theory, and the speed at time 0 beside its closed form."""
    n = settings["tokens"]
    starts = token_starts("orthogonal", tokens=n, dimension=n)
    times = np.linspace(0, settings["particle_time"], settings["particle_records"])
    curves, speeds = [], []
    for scheme in SCHEMES:
        common = {"beta": settings["beta"], "observe": ["mean_inner_product", "radius"]}
        common |= scheme_options(scheme, settings)
        begin = starts * settings["radius"] if scheme in ("pre_ln", "peri_ln") else starts
        flow = attention_flow(begin, times=times, tolerance=settings["tolerance"], **common)
        theory = reduction(scheme, times, settings)
        curves.append(
            pd.DataFrame(
                {
                    "scheme": scheme,
                    "time": times,
                    "gamma": flow.observables["mean_inner_product"][0],
                    "theory": theory["gamma"],
                    "radius": flow.observables["radius"][0],
                }
            )
        )
        first = attention_flow(begin, times=FIRST_TIMES, tolerance=1e-13, **common).observables["mean_inner_product"][0]
        powers = np.linalg.solve(FIRST_TIMES[:, None] ** np.arange(1, 5), first)
        speeds.append({"scheme": scheme, "engine": powers[0], "exact": start_speed(scheme, settings)})
    return pd.concat(curves), pd.DataFrame(speeds)


def cone_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Variance of tokens from a narrow cone; ``rate`` is -Var' scale/Var between records, for t >= 1."""
    starts = token_starts(
        "cap", tokens=settings["tokens"], dimension=settings["dimension"], runs=settings["runs"], seed=settings["seed"],
        angle=math.acos(1 - settings["delta"]) / 2,
    )  # fmt: skip
    times = np.concatenate([[0.0], np.geomspace(0.1, settings["last_time"], settings["records"])])
    tables = []
    for scheme in SCHEMES:
        flow = attention_flow(
            starts, beta=settings["beta"], times=times, tolerance=1e-12, observe=["variance", "positions"],
            **scheme_options(scheme, settings),
        )  # fmt: skip
        variance = flow.observables["variance"]
        middle = np.sqrt(times[1:-1] * times[2:])
        falls = -np.diff(np.log(variance[:, 1:]), axis=1) / np.diff(times[1:])
        scale = {"post_ln": np.ones_like(middle), "ngpt": np.full_like(middle, 1 / settings["alpha"])}.get(
            scheme, np.sqrt(middle) if scheme == "sqrt" else middle
        )
        seen = (variance[:, 2:] > SMALLEST_VARIANCE) & (times[1:-1] >= 1.0)
        radius = np.linalg.norm(flow.positions, axis=-1).min(axis=2) / np.maximum(times, 1e-12)
        for run in range(len(starts)):
            rate = np.concatenate([[np.nan, np.nan], np.where(seen[run], falls[run] * scale, np.nan)])
            tables.append(
                pd.DataFrame(
                    {
                        "scheme": scheme,
                        "run": run,
                        "time": times,
                        "variance": variance[run],
                        "rate": rate,
                        "radius_share": np.where(times > 0, radius[run], np.nan),
                    }
                )
            )
    return pd.concat(tables)


def cluster_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """How many clusters uniform starts end in."""
    starts = token_starts(
        "uniform", tokens=settings["tokens"], dimension=settings["dimension"], runs=settings["runs"], seed=settings["seed"]
    )  # fmt: skip
    tables = []
    for scheme in SCHEMES:
        flow = attention_flow(
            starts, beta=settings["beta"], times=[settings["last_time"]], observe=["clusters"],
            **scheme_options(scheme, settings),
        )  # fmt: skip
        tables.append(
            pd.DataFrame(
                {"scheme": scheme, "run": np.arange(len(starts)), "clusters": flow.observables["clusters"][:, 0]}
            )
        )
    return pd.concat(tables)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    equal = settings["equal_angles"]
    times = np.unique(np.concatenate([[0.0, 100.0], np.geomspace(0.01, equal["last_time"], equal["records"])]))
    curves, reached = theory_tables(equal, times)
    particles, start = particle_tables(equal)
    return {
        "norm_theory": curves,
        "norm_times": reached,
        "norm_particles": particles,
        "norm_start": start,
        "norm_cone": cone_table(settings["cone"]),
        "norm_clusters": cluster_table(settings["clusters"]),
        "norm_first_step": first_step_table(settings["first_step"]),
    }
