"""From the table of inner products to the lines that are drawn: over prompts, through depth."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from attention_atlas.papers.language.inner_products import density

__all__ = ["MEASURES", "cluster_order", "depth_table", "heads_with_control", "histogram_table"]

MEASURES = ("mean", "above_0_9", "above_0_99", "components")


def heads_with_control(frame: pd.DataFrame, control: str) -> int:
    """The number of heads with which ``control`` ran: controls run with one only, so comparisons are made there."""
    return int(frame.loc[frame["model"] == control, "heads"].iloc[0])


def cluster_order(clusters: np.ndarray) -> np.ndarray:
    """Order of the tokens by cluster, in a cluster by their place in the text."""
    return np.lexsort([np.arange(len(clusters)), clusters])


def depth_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Mean, smallest and largest value over the prompts of each measure.

    Columns: model, schedule, heads, layer, prompts, then ``<measure>``,
    ``<measure>_low`` and ``<measure>_high``.
    """
    groups = frame.groupby(["model", "schedule", "heads", "layer"], sort=True)
    columns = {"prompts": groups["prompt"].nunique()}
    for name in MEASURES:
        columns |= {name: groups[name].mean(), f"{name}_low": groups[name].min(), f"{name}_high": groups[name].max()}
    return pd.DataFrame(columns).reset_index()


def histogram_table(rows: Mapping[str, np.ndarray], model: str, heads: int, schedule: str = "cyclic") -> pd.DataFrame:
    """Density of the inner products of one model: model, layer, inner_product (centre of the bin), density, low, high.

    The density is that of all prompts together, low and high are the extremes over the prompts.
    """
    chosen = (rows["model"] == model) & (rows["heads"] == heads) & (rows["schedule"] == schedule)
    layers, counts = rows["layer"][chosen], rows["counts"][chosen]
    bins = counts.shape[1]
    centres = (np.arange(bins) + 0.5) / bins * 2 - 1
    parts = []
    for layer in np.unique(layers):
        here = counts[layers == layer]
        single = density(here)
        columns = {
            "model": model,
            "layer": layer,
            "inner_product": centres,
            "density": density(here.sum(axis=0)),
            "low": single.min(axis=0),
            "high": single.max(axis=0),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
