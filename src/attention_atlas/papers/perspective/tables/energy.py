"""Energy along sa and usa from one start, the number of clusters, the merges and the plateaus between them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.self_attention.flow import adaptive_flow, attention_energy
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.perspective.merge_events import cluster_counts, merge_events, plateaus

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables by the names of their files."""
    start = random_points(settings["seed"], [0], settings["particles"], settings["dimension"])
    curves, merges, stretches = [], [], []
    for flow, span in settings["times"].items():
        times = np.concatenate([[0.0], np.geomspace(span["first"], span["last"], settings["records"])])
        run = adaptive_flow(
            start,
            flow,
            settings["beta"],
            times,
            tolerance=settings["tolerance"],
            merge_distance=settings["merge_distance"],
        )
        positions = run.positions[0]
        clusters = cluster_counts(positions, settings["threshold"])
        energy = attention_energy(positions, settings["beta"])
        curves.append(pd.DataFrame({"flow": flow, "time": times, "energy": energy, "clusters": clusters}))
        merges.append(merge_events(times, clusters).assign(flow=flow))
        stretches.append(plateaus(times, clusters).assign(flow=flow))
        print(f"{flow}: {run.steps[0]} steps, {clusters[-1]} clusters at the end")
    return {
        "energy": pd.concat(curves, ignore_index=True),
        "energy_merges": pd.concat(merges, ignore_index=True)[["flow", "time", "before", "after"]],
        "energy_plateaus": pd.concat(stretches, ignore_index=True)[
            ["flow", "clusters", "start", "end", "length", "open"]
        ],
    }
