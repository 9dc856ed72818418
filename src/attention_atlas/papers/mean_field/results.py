"""What a sweep finds: results of its runs, as arrays for a file and as the tables that people read."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.lyapunov import COLLAPSED, NOT_CONVERGED, OK, Spectrum
from attention_atlas.papers.mean_field.classes import CLASSES

__all__ = [
    "RESULT_ARRAYS",
    "STATUSES",
    "Histograms",
    "SweepResult",
    "result_arrays",
    "result_from_arrays",
    "spectrum_table",
]

STATUSES = (OK, NOT_CONVERGED, COLLAPSED)
SPECTRUM_ARRAYS = ("exponents", "drift", "error", "log_det", "singular")
OWN_ARRAYS = ("period", "arrival", "code", "distinct", "ranges", "occupied")
RESULT_ARRAYS = (*SPECTRUM_ARRAYS, "status", *OWN_ARRAYS)
COUNT_ARRAYS = ("counts_all", "counts_sliced", "counts_outside")


class Histograms(NamedTuple):
    """Counts of m_1 in equal bins over [low, high], each (R, bins), and how many values fell outside, (R,)."""

    all: NDArray[np.uint32]
    sliced: NDArray[np.uint32]
    outside: NDArray[np.int64]


class SweepResult(NamedTuple):
    """Arrays over R runs; ``occupied`` (R, 2) numbers of bins with values at all and on the slice.

    ``period`` and ``arrival`` as from ``periods``: an orbit that arrives late was on a transient until then.
    """

    spectrum: Spectrum
    period: NDArray[np.int64]
    arrival: NDArray[np.int64]
    code: NDArray[np.int8]
    distinct: NDArray[np.int64]
    ranges: NDArray[np.float64]
    occupied: NDArray[np.int64]
    counts: Histograms | None
    final: NDArray[np.float64]


def result_arrays(result: SweepResult) -> dict[str, NDArray]:
    """All numbers of a sweep by name, for ``write_npz``; the final windows are left out."""
    arrays = {name: getattr(result.spectrum, name) for name in SPECTRUM_ARRAYS}
    arrays["status"] = np.array([[STATUSES.index(word) for word in row] for row in result.spectrum.status], np.uint8)
    arrays |= {name: getattr(result, name) for name in OWN_ARRAYS}
    if result.counts is not None:
        arrays |= dict(zip(COUNT_ARRAYS, result.counts, strict=True))
    return arrays


def result_from_arrays(parts: list[dict[str, NDArray]]) -> SweepResult:
    """A sweep from the arrays of its slabs, in order."""
    arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    spectrum = Spectrum(
        arrays["exponents"],
        arrays["drift"],
        arrays["error"],
        np.array(STATUSES)[arrays["status"]],
        arrays["log_det"],
        arrays["singular"],
    )
    counts = Histograms(*(arrays[name] for name in COUNT_ARRAYS)) if COUNT_ARRAYS[0] in arrays else None
    return SweepResult(
        spectrum=spectrum, counts=counts, final=np.empty(0), **{name: arrays[name] for name in OWN_ARRAYS}
    )


def spectrum_table(name: str, values: NDArray[np.float64], result: SweepResult) -> pd.DataFrame:
    """A row a run: parameter, exponents, class, period, the worst status, and then each exponent's own.

    ``arrival_step`` is empty for an orbit without a period.
    """
    spectrum = result.spectrum
    size = spectrum.exponents.shape[1]
    worst = np.where((spectrum.status == COLLAPSED).any(axis=1), COLLAPSED, OK)
    worst = np.where((spectrum.status == NOT_CONVERGED).any(axis=1), NOT_CONVERGED, worst)
    columns: dict[str, NDArray] = {name: values}
    columns |= {f"lyapunov_{k + 1}": spectrum.exponents[:, k] for k in range(size)}
    columns |= {"class": np.array(CLASSES)[result.code], "period": result.period, "status": worst}
    columns |= {
        "distinct_values": result.distinct,
        "arrival_step": np.where(result.period > 0, result.arrival, np.nan),
        "m1_min": result.ranges[:, 0, 0],
        "m1_max": result.ranges[:, 0, 1],
        "log_det": spectrum.log_det,
        "singular_share": spectrum.singular,
    }
    for words, numbers in (("status", spectrum.status), ("drift", spectrum.drift), ("error", spectrum.error)):
        columns |= {f"{words}_{k + 1}": numbers[:, k] for k in range(size)}
    return pd.DataFrame(columns)
