"""What the runs of an experiment come to: numbers over runs at each time and swept value, the ends of all runs."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.errors import AtlasError
from attention_atlas.papers.experiments.question import Question, setting_of

__all__ = ["STATISTICS", "ends_table", "joined", "over_runs", "record_times_of"]

SHARES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
STATISTICS = ["runs", "failed", "mean", "minimum", *SHARES, "maximum"]


def record_times_of(asked: Question) -> np.ndarray:
    """(cells, T) times of the records; they differ where the step or the last time is swept."""
    return np.array([setting_of(asked.cell_entry(values), asked.runs, asked.observe).times for values in asked.cells()])


def joined(slabs: Iterable[Mapping[str, np.ndarray]], asked: Question) -> dict[str, np.ndarray]:
    """The arrays of all slabs as (cells, runs, ...); ``snapshots`` of run 0 as they are.

    Raises
    ------
    AtlasError
        A run is missing or stands in two slabs.
    """
    parts = list(slabs)
    items = np.concatenate([part["items"] for part in parts])
    shape = (len(asked.cells()), asked.runs)
    if not np.array_equal(np.sort(items), np.arange(shape[0] * shape[1])):
        raise AtlasError(
            f"experiments.{asked.name}: the slabs do not hold each run once; delete them and make them again"
        )
    order = np.argsort(items)
    found = {}
    for name in ("values", "status", "converged", "steps", *(["positions"] if "positions" in parts[0] else [])):
        whole = np.concatenate([part[name] for part in parts])[order]
        found[name] = whole.reshape(*shape, *whole.shape[1:])
    for part in parts:
        if "snapshots" in part:
            found["snapshots"] = part["snapshots"]
    return found


def _columns(asked: Question, repeats: int) -> dict[str, Any]:
    """The swept values, each ``repeats`` times."""
    cells = asked.cells()
    return {
        sweep.key: np.repeat(np.array([values[place] for values in cells]), repeats)
        for place, sweep in enumerate(asked.sweeps)
    }


def over_runs(arrays: Mapping[str, np.ndarray], times: np.ndarray, asked: Question) -> pd.DataFrame:
    """A row for each swept value, time and observable: mean, quantiles and extremes over the runs that were still going."""
    values = arrays["values"]  # (cells, runs, observables, T)
    good = np.isfinite(values)
    count = good.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = np.where(count > 0, np.where(good, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    ordered = np.sort(values, axis=1)  # NaN last
    numbers = {"runs": count, "failed": asked.runs - count, "mean": mean}
    numbers["minimum"] = ordered[:, 0]
    for name, share in SHARES.items():
        numbers[name] = _quantile(ordered, count, share)
    numbers["maximum"] = _quantile(ordered, count, 1.0)
    cells, observables, records = mean.shape
    table = pd.DataFrame(_columns(asked, observables * records))
    table["observable"] = np.tile(np.repeat(asked.numbers, records), cells)
    table["time"] = np.repeat(times[:, None, :], observables, axis=1).ravel()
    return table.assign(**{name: array.ravel() for name, array in numbers.items()})


def _quantile(ordered: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Quantile by linear interpolation of the first ``count`` of ``ordered`` (cells, runs, observables, T)."""
    place = share * np.maximum(count - 1, 0)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below = np.take_along_axis(ordered, low[:, None], axis=1)[:, 0]
    above = np.take_along_axis(ordered, high[:, None], axis=1)[:, 0]
    return below + (above - below) * (place - low)


def ends_table(arrays: Mapping[str, np.ndarray], asked: Question) -> pd.DataFrame:
    """A row for each run at each swept value: how it ended, and the observables at the last record."""
    cells = len(asked.cells())
    table = pd.DataFrame(_columns(asked, asked.runs))
    table["run"] = np.tile(np.arange(asked.runs), cells)
    for name in ("status", "converged", "steps"):
        table[name] = arrays[name].ravel()
    for place, name in enumerate(asked.numbers):
        table[name] = arrays["values"][:, :, place, -1].ravel()
    return table
