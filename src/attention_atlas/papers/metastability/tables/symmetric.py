"""Starts of k clusters that are symmetric under a rotation by 2 pi / k: how long they keep k clusters."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.flow import circle_flow
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.geometry.cluster_counting import UNDECIDED, CountingRule, cluster_numbers
from attention_atlas.papers.metastability.cluster_states import merging_rate

__all__ = ["tables"]


def symmetric_start(seed: int, fold: int, particles: int, width: float) -> np.ndarray:
    """The same random cluster, repeated ``fold`` times around the circle, (fold * particles,)."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, fold])))
    one = np.sort(generator.normal(0, width, particles))
    return np.sort((one + 2 * np.pi * np.arange(fold)[:, None] / fold).ravel())


def tables(settings: Mapping[str, Any], counting: Mapping[str, Any]) -> pd.DataFrame:
    """Columns fold, beta, always, decided_share, last_time, merging_rate, status; ``counting`` as for ``CountingRule``."""
    rule = CountingRule(**{name: value for name, value in counting.items() if name != "tightness"})
    beta, rows = settings["beta"], []
    unit = largest_growth_rate(beta)
    times = np.arange(settings["interval"], settings["duration"] + 1e-9, settings["interval"]) / unit
    for fold in settings["folds"]:
        start = symmetric_start(settings["seed"], fold, settings["particles"], settings["width"])
        flow = circle_flow(start, [Head(beta)], times, tolerance=settings["tolerance"])
        counts = cluster_numbers(flow.angles[0], beta, rule=rule)
        decided = counts[counts != UNDECIDED]
        wrong = np.flatnonzero((counts != fold) & (counts != UNDECIDED))
        rows.append(
            {
                "fold": fold,
                "beta": beta,
                "always": bool(len(decided) and (decided == fold).all()),
                "decided_share": len(decided) / len(counts),
                "last_time": (times[wrong[0]] if len(wrong) else times[-1]) * unit,
                "merging_rate": merging_rate(beta, fold) / unit,
                "status": flow.status[0],
            }
        )
    return pd.DataFrame(rows)
