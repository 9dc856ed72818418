"""Six normalisations with random matrices: mean cosine of the tokens against time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.normalisation import SCHEMES, scheme_options

__all__ = ["tables"]


def random_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns scheme, time, mean, low, high: mean cosine of pairs, over runs, with the lowest and highest run."""
    starts = token_starts(
        "uniform", tokens=settings["tokens"], dimension=settings["dimension"], runs=settings["runs"], seed=settings["seed"]
    )  # fmt: skip
    law, tables = settings["law"], []
    for scheme in SCHEMES:
        flow = attention_flow(
            starts, beta=float(np.sqrt(settings["dimension"])), query=law, key=law, drawn="run",
            weights_seed=settings["seed"], method="rk4", step=settings["step"],
            times=np.linspace(0, settings["last_time"], round(settings["last_time"] / settings["step"]) + 1),
            observe=["mean_inner_product"], **scheme_options(scheme, settings),
        )  # fmt: skip
        found = flow.observables["mean_inner_product"]
        tables.append(
            pd.DataFrame(
                {
                    "scheme": scheme,
                    "time": flow.times,
                    "mean": found.mean(axis=0),
                    "low": found.min(axis=0),
                    "high": found.max(axis=0),
                }
            )
        )
    return pd.concat(tables)


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """``norm_random``: the means of all schemes."""
    return {"norm_random": random_table(settings)}
