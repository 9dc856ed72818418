"""Causal tokens on the circle at large beta: centres, what they capture, how far they move."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.causal import captured, centres_of, lemma_table

__all__ = ["tables"]


def record_times(settings: Mapping[str, Any]) -> np.ndarray:
    """Equal spacing at first, then equal ratios, and the times that claims and pictures name."""
    spaced = np.geomspace(0.5, settings["last_time"], settings["records"])
    named = [time for time in (5, 10, 40, 75, 150, *settings["shown_times"]) if time <= settings["last_time"]]
    grid = np.round(np.concatenate([[0.0], spaced, named]) / settings["step"]) * settings["step"]
    return np.unique(grid)


def quantiles(name: str, shares: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, 10 % and 90 % quantiles over runs, each (T,)."""
    low, high = np.quantile(shares, [0.1, 0.9], axis=0)
    return {name: shares.mean(axis=0), f"{name}_low": low, f"{name}_high": high}


def tables(settings: Mapping[str, Any], done: Any = None) -> dict[str, pd.DataFrame]:
    """The tables by the names of their files."""
    beta, times = settings["beta"], record_times(settings)
    separation, radius = settings["cars"] / math.sqrt(beta), settings["radius"] / math.sqrt(beta)
    starts = token_starts(
        "uniform", tokens=settings["tokens"], dimension=2, runs=settings["runs"], seed=settings["seed"]
    )
    flow = attention_flow(
        starts, beta=beta, mask="causal", method="rk4", step=settings["step"], times=times, observe=["positions"],
        progress=done,
    )  # fmt: skip
    shares: dict[str, list[np.ndarray]] = {"renyi": [], "strong": []}
    counts, centre_lines, lemma = [], [], []
    for run, positions in enumerate(flow.positions):
        centres, strong = centres_of(positions[0], separation)
        shares["renyi"].append(captured(positions, centres, radius))
        shares["strong"].append(captured(positions, centres[strong], radius))
        counts.append({"run": run, "renyi": len(centres), "strong": int(strong.sum())})
        moved = np.arccos(np.clip((positions[:, centres] * positions[0, centres]).sum(axis=-1), -1, 1))
        named = {f"moved_{time:g}": np.searchsorted(times, min(time, times[-1])) for time in (20, 75, 150)}
        for place, (centre, certain) in enumerate(zip(centres, strong, strict=True)):
            centre_lines.append(
                {"run": run, "centre": centre, "strong": certain}
                | {name: moved[row, place] for name, row in named.items()}
            )
        lemma.append(lemma_table(positions, times, centres[strong], beta, settings["epsilons"]).assign(run=run))
    shown = np.searchsorted(times, settings["shown_times"])
    first, certain = centres_of(flow.positions[0, 0], separation)
    kinds = np.full(settings["tokens"], "other", dtype=object)
    kinds[first] = np.where(certain, "strong", "renyi")
    pictures = [
        pd.DataFrame(
            {"time": times[row], "token": np.arange(settings["tokens"]), "x": points[:, 0], "y": points[:, 1], "kind": kinds}
        )
        for row, points in zip(shown, flow.positions[0, shown], strict=True)
    ]  # fmt: skip
    return {
        "causal_capture": pd.DataFrame(
            {"time": times} | quantiles("renyi", np.array(shares["renyi"])) | quantiles("strong", np.array(shares["strong"]))
        ),
        "causal_counts": pd.DataFrame(counts),
        "causal_centres": pd.DataFrame(centre_lines),
        "causal_lemma": pd.concat(lemma),
        "causal_circle": pd.concat(pictures),
    }  # fmt: skip
