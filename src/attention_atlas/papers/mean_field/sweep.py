"""Sweeps: many runs of the mean-field map from transient to class, group by group."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.lyapunov import Spectrum, spectrum_from_growth
from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window
from attention_atlas.dynamics.mean_field.periods import periods
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, Recording
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.registers import LANES
from attention_atlas.papers.mean_field.attractors import count_distinct, histograms, ranges
from attention_atlas.papers.mean_field.classes import classify
from attention_atlas.papers.mean_field.results import Histograms, SweepResult
from attention_atlas.papers.mean_field.settings import runs_at_once

__all__ = ["Lengths", "Wanted", "sweep"]

Floats = NDArray[np.float64]
BATCHES = 8


class Lengths(NamedTuple):
    """Steps of one run: ``transient`` are dropped, ``saved`` are looked at, ``spectrum`` make the exponents.

    Saved steps and spectrum both begin with the end of the transient; tangents
    turn into place during its last ``alignment`` steps.
    """

    transient: int
    saved: int
    spectrum: int
    alignment: int = 1000


class Wanted(NamedTuple):
    """What to take from each run: exponents at both ends, bins of the histograms, slice, period search.

    Without ``keep_counts`` only the numbers of occupied bins are kept.
    """

    leading: int = 6
    trailing: int = 6
    bins: int = 4000
    low: float = -1.0
    high: float = 1.0
    half_width: float = 0.001
    longest_period: int = 4096
    distinct: bool = True
    keep_counts: bool = True


def check_lengths(lengths: Lengths) -> None:
    """Raises ``AtlasError`` if a part of the run is missing or does not divide."""
    transient, saved, spectrum, alignment = lengths
    if not 0 <= alignment <= transient:
        raise AtlasError(
            f"transient: {transient} steps are fewer than the {alignment} in which tangents turn into place;"
            " set a longer transient or a shorter alignment"
        )
    if saved < 2 or spectrum < max(saved, BATCHES) or spectrum % BATCHES or saved > spectrum:
        raise AtlasError(
            f"saved: {saved} steps and spectrum: {spectrum} steps do not fit; the spectrum must be at least as long as"
            f" the saved part (2 or more) and a multiple of {BATCHES}"
        )


def sweep(
    model: MeanFieldModel,
    params: Parameters,
    start: Window,
    lengths: Lengths,
    wanted: Wanted,
    progress: Callable[[int], None] | None = None,
) -> SweepResult:
    """Run all parameters from ``start`` (one window, or one for each run) and describe where they end.

    Runs are taken in groups that fit memory; no number depends on the grouping.

    Raises
    ------
    AtlasError
        Lengths that do not fit, or a run that is no longer finite.
    """
    check_lengths(lengths)
    size = runs_at_once(lengths.saved)
    parts = []
    buffer: Floats | None = None
    for first in range(0, params.beta.size, size):
        chosen = slice(first, first + size)
        part = Parameters(*(values[chosen] for values in params))
        window = start if start.attention.ndim == 2 else Window(start.attention[chosen], start.phase)
        blocks = -(-part.beta.size // LANES)
        if buffer is None or len(buffer) != blocks:
            buffer = np.zeros((blocks, lengths.saved, 3, LANES))
        parts.append(_sweep_group(model, part, window, lengths, wanted, buffer))
        if progress is not None:
            progress(min(first + size, params.beta.size))
    return _join(parts)


def _sweep_group(
    model: MeanFieldModel, params: Parameters, start: Window, lengths: Lengths, wanted: Wanted, buffer: Floats
) -> SweepResult:
    transient = MeanFieldRun(model, params, start)
    transient.advance(lengths.transient - lengths.alignment)
    run = TangentRun(model, params, transient.window(), wanted.leading, wanted.trailing)
    record = Recording(buffer, run.runs, model.patterns)
    if lengths.alignment:
        run.grow(lengths.alignment)
    growths = [run.grow(lengths.spectrum // BATCHES, record) for _ in range(BATCHES)]
    final = run.window()
    spectrum = spectrum_from_growth(growths, wanted.leading)
    period, arrival = periods(record, wanted.longest_period)
    code = classify(period, spectrum.exponents, spectrum.error, model.cycle)
    counts = histograms(record, wanted.bins, wanted.low, wanted.high, wanted.half_width)
    occupied = np.stack([np.count_nonzero(part, axis=1) for part in counts[:2]], axis=1)
    distinct = count_distinct(record) if wanted.distinct else np.zeros(run.runs, np.int64)
    return SweepResult(
        spectrum,
        period,
        arrival,
        code,
        distinct,
        ranges(record),
        occupied,
        counts if wanted.keep_counts else None,
        final.attention,
    )


def _join(parts: list[SweepResult]) -> SweepResult:
    counts = [part.counts for part in parts if part.counts is not None]
    return SweepResult(
        spectrum=Spectrum(*_joined([part.spectrum for part in parts])),
        period=np.concatenate([part.period for part in parts]),
        arrival=np.concatenate([part.arrival for part in parts]),
        code=np.concatenate([part.code for part in parts]),
        distinct=np.concatenate([part.distinct for part in parts]),
        ranges=np.concatenate([part.ranges for part in parts]),
        occupied=np.concatenate([part.occupied for part in parts]),
        counts=Histograms(*_joined(counts)) if counts else None,
        final=np.concatenate([part.final for part in parts]),
    )


def _joined(tuples: Sequence[tuple]) -> list[NDArray]:
    return [np.concatenate(arrays) for arrays in zip(*tuples, strict=True)]
