"""Rows of the table of inner products: collected layer by layer, saved, joined."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from attention_atlas.papers.language.inner_products import QUANTILES, InnerProducts

__all__ = ["COLUMNS", "Rows", "join", "table"]

QUANTILE_COLUMNS = [f"q{round(100 * share):02d}" for share in QUANTILES]
COLUMNS = [
    "model",
    "schedule",
    "heads",
    "prompt",
    "layer",
    "mean",
    *QUANTILE_COLUMNS,
    "above_0_9",
    "above_0_99",
    "components",
]


class Rows:
    """Collects measured layers as columns."""

    def __init__(self) -> None:
        self._keys: list[tuple[str, str, int, int, int]] = []
        self._found: list[InnerProducts] = []

    def add(self, model: str, schedule: str, heads: int, prompt: int, layer: int, found: InnerProducts) -> None:
        """One layer of one prompt."""
        self._keys.append((model, schedule, heads, prompt, layer))
        self._found.append(found)

    def arrays(self) -> dict[str, np.ndarray]:
        """Columns for ``write_npz``; ``counts`` has a row of bins for each."""
        model, schedule, heads, prompt, layer = zip(*self._keys, strict=True)
        return {
            "model": np.array(model),
            "schedule": np.array(schedule),
            "heads": np.array(heads, dtype=np.int64),
            "prompt": np.array(prompt, dtype=np.int64),
            "layer": np.array(layer, dtype=np.int64),
            "mean": np.array([one.mean for one in self._found]),
            "quantiles": np.array([one.quantiles for one in self._found]),
            "above_0_9": np.array([one.above_0_9 for one in self._found]),
            "above_0_99": np.array([one.above_0_99 for one in self._found]),
            "components": np.array([one.components for one in self._found], dtype=np.int64),
            "counts": np.array([one.counts for one in self._found], dtype=np.int64),
        }


def join(parts: Iterable[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """All rows of several runs, sorted by model, schedule, heads, prompt and layer: the split into runs does not show."""
    parts = list(parts)
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort([joined[name] for name in ("layer", "prompt", "heads", "schedule", "model")])
    return {name: array[order] for name, array in joined.items()}


def table(rows: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """``inner_products.csv``: a row a model, schedule, number of heads, prompt and layer."""
    frame = pd.DataFrame({name: rows[name] for name in COLUMNS if name in rows})
    for column, name in enumerate(QUANTILE_COLUMNS):
        frame[name] = rows["quantiles"][:, column]
    return frame[COLUMNS]
