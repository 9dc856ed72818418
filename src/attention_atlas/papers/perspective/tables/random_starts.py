"""From random starts to one cluster: which share of the runs has arrived at each time, for some n, d and beta."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import adaptive_cluster_pairs, span_coordinates
from attention_atlas.geometry.sphere import random_points
from attention_atlas.progress import Progress

__all__ = ["tables"]


def case_table(settings: Mapping[str, Any], name: str, case: Mapping[str, Any]) -> pd.DataFrame:
    """Columns case, dimension, particles, beta, time, collapsed (share of the runs whose pairs are all close)."""
    particles = case["particles"]
    times = np.geomspace(settings["times"]["first"], settings["times"]["last"], settings["records"])
    starts = span_coordinates(random_points(settings["seed"], range(settings["runs"]), particles, case["dimension"]))
    counts = adaptive_cluster_pairs(
        starts,
        "sa",
        case["beta"],
        times,
        settings["threshold"],
        tolerance=settings["tolerance"],
        merge_distance=settings["merge_distance"],
    ).close_pairs
    share = (counts == particles * (particles - 1)).mean(axis=0)
    return pd.DataFrame({"case": name, **case, "time": times, "collapsed": share})


def tables(settings: Mapping[str, Any]) -> pd.DataFrame:
    """``case_table`` of all cases."""
    progress, found = Progress("random starts", len(settings["cases"]), "cases"), []
    for number, (name, case) in enumerate(settings["cases"].items()):
        found.append(case_table(settings, name, case))
        progress(number + 1)
    return pd.concat(found, ignore_index=True)
