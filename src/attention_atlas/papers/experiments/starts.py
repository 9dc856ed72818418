"""Where the tokens of an experiment start."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.experiments.question import loaded

__all__ = ["starts_of"]


def starts_of(entry: Mapping[str, Any], runs: int, chosen: np.ndarray | None = None) -> np.ndarray:
    """Starts (number of runs chosen, tokens, dimension) of an entry."""
    options = {key: value for key, value in (entry.get("starts") or {}).items() if key != "runs"}
    first = options.pop("first_run", 0)
    wanted = first + (np.arange(runs) if chosen is None else chosen)
    if "points" in options:
        options["points"] = loaded(options["points"], "starts.points")
    return token_starts(
        options.pop("kind", "uniform"),
        tokens=entry["tokens"],
        dimension=entry["dimension"],
        runs=first + runs,
        chosen=wanted.tolist(),
        **options,
    )
