"""What a recorded orbit of the mean-field map visits: distinct values, histograms, range."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.run import Recording
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled
from attention_atlas.papers.mean_field.results import Histograms

__all__ = ["FEW", "count_distinct", "histograms", "pair_channels", "ranges"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# The published count of distinct values rounds to seven decimals.
DECIMALS = 7
# An orbit with at most so many distinct values is drawn whole.
FEW = 256
# Of a recording with attention: the observables m, then A.
ATTENTION_CHANNEL = 3


@compiled(parallel=True)
def _count_distinct(numbers, channel, runs, factor, out):
    steps, lanes = numbers.shape[1], numbers.shape[3]
    for run in prange(runs):
        rounded = np.empty(steps, dtype=np.int64)
        for t in range(steps):
            rounded[t] = np.int64(np.rint(numbers[run // lanes, t, channel, run % lanes] * factor))
        rounded.sort()
        count = 1
        for t in range(1, steps):
            count += rounded[t] != rounded[t - 1]
        out[run] = count


def count_distinct(record: Recording, channel: int = 0, decimals: int = DECIMALS) -> Integers:
    """Number of distinct values of one observable after rounding, (R,)."""
    out = np.zeros(record.runs, dtype=np.int64)
    _count_distinct(record.numbers, channel, record.runs, 10.0**decimals, out)
    return out


@compiled(parallel=True)
def _fill_histograms(numbers, runs, low, scale, half_width, channel, slice_channel, everything, sliced, outside):
    steps, lanes, bins = numbers.shape[1], numbers.shape[3], everything.shape[1]
    for run in prange(runs):
        block, lane = run // lanes, run % lanes
        for t in range(steps):
            position = (numbers[block, t, channel, lane] - low) * scale
            if not 0.0 <= position <= bins:
                outside[run] += 1
                continue
            cell = min(int(position), bins - 1)
            everything[run, cell] += np.uint32(1)
            if abs(numbers[block, t, slice_channel, lane]) <= half_width:
                sliced[run, cell] += np.uint32(1)


def histograms(
    record: Recording,
    bins: int,
    low: float,
    high: float,
    half_width: float = 0.001,
    into: Histograms | None = None,
    channels: tuple[int, int] | None = None,
) -> Histograms:
    """Histograms of m_1 over all steps and over the slice |m_2| <= half_width (|m_1| for M = 1).

    ``channels`` are another quantity and the one that is sliced, see ``pair_channels``.
    ``into`` goes on counting in histograms of an earlier part of the same runs.
    """
    if not low < high or bins < 1:
        raise AtlasError(f"histogram: {bins} bins over [{low}, {high}] hold nothing; set bins >= 1 and low < high")
    counts = into
    if counts is None:
        shape = (record.runs, bins)
        counts = Histograms(np.zeros(shape, np.uint32), np.zeros(shape, np.uint32), np.zeros(record.runs, np.int64))
    channel, slice_channel = channels or (0, min(1, record.patterns - 1))
    scale = bins / (high - low)
    _fill_histograms(record.numbers, record.runs, low, scale, half_width, channel, slice_channel, *counts)
    return counts


def pair_channels(pair: str, patterns: int) -> tuple[int, int]:
    """Channels of a recording with attention for ``m1_A2``: m_1 on the slice of A_2; numbers above the patterns are the last."""
    first, second = (
        (ATTENTION_CHANNEL if name[0] == "A" else 0) + min(int(name[1]), patterns) - 1 for name in pair.split("_")
    )
    return first, second


def ranges(record: Recording) -> Floats:
    """Smallest and largest value of each observable, (R, M, 2)."""
    numbers = record.numbers[:, :, : record.patterns]
    both = np.stack([numbers.min(axis=1), numbers.max(axis=1)], axis=-1)
    lanes_second = np.moveaxis(both, 2, 1)
    return lanes_second.reshape(-1, record.patterns, 2)[: record.runs]
