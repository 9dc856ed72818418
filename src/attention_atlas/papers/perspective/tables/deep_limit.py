"""Distance of residual networks from the differential equation, against the number of layers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.papers.perspective.deep_limit import attention_errors, perceptron_errors

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    layers, seed = settings["layers"], settings["seed"]
    errors = {
        "perceptron": perceptron_errors(seed, **settings["perceptron"], layers=layers),
        "attention": attention_errors(seed, **settings["attention"], layers=layers),
    }
    medians, runs = [], []
    for model, values in errors.items():
        medians.append(pd.DataFrame({"model": model, "layers": layers, "error": np.median(values, axis=0)}))
        for run, row in enumerate(values):
            runs.append(pd.DataFrame({"model": model, "run": run, "layers": layers, "error": row}))
    return {"deep_limit": pd.concat(medians, ignore_index=True), "deep_limit_runs": pd.concat(runs, ignore_index=True)}
