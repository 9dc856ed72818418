"""Lyapunov spectra from the growth of tangents, with a status for every exponent. No kernels: tables are read with it too."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attention_atlas.errors import AtlasError

__all__ = [
    "COLLAPSED",
    "NOT_CONVERGED",
    "OK",
    "Growth",
    "Spectrum",
    "complete_split",
    "spectrum_from_growth",
]

Floats = NDArray[np.float64]
OK, NOT_CONVERGED, COLLAPSED = "ok", "not converged", "collapsed"
# A collapsed step is off by up to about forty (sixteen digits); in this share of
# the steps that shifts an exponent by less than the drift that is let pass.
COLLAPSED_SHARE = 2e-4
DRIFT = 1e-2
# A column that is zero counts as 1e-140 a step, an exponent of -322.
VANISHED = -300.0


class Growth(NamedTuple):
    """What a stretch of ``steps`` steps did to R runs.

    logs : (R, K) sums of log |diag R|, leading exponents first, then the trailing ones, descending
    collapsed : (R, K) number of steps in which a column was rounding noise or zero
    log_det : (R,) sum of log |det J|
    singular : (R,) number of steps with an exactly singular Jacobian
    """

    steps: int
    logs: Floats
    collapsed: Floats
    log_det: Floats
    singular: Floats


class Spectrum(NamedTuple):
    """Exponents of R runs, per step, descending.

    exponents, drift : (R, K); drift is the second half of the run minus the first
    error : (R, K), standard error from the batches of the run
    status : (R, K) of 'ok', 'not converged' (the halves differ by more than 1e-2 and by
        more than four standard errors) or 'collapsed' (rounding noise or an exact zero)
    log_det : (R,), average of log |det J|
    singular : (R,), share of the steps with an exactly singular Jacobian
    """

    exponents: Floats
    drift: Floats
    error: Floats
    status: NDArray[np.str_]
    log_det: Floats
    singular: Floats


def complete_split(size: int) -> tuple[int, int]:
    """Leading and trailing exponents of a complete spectrum: half by each direction."""
    return size - size // 2, size // 2


def spectrum_from_growth(batches: list[Growth], leading: int) -> Spectrum:
    """Spectrum of a run whose growth was taken in an even number of batches.

    ``leading`` is the number of exponents that come from tangents.

    Raises
    ------
    AtlasError
        An odd number of batches, or none.
    """
    if not batches or len(batches) % 2:
        raise AtlasError(f"batches: {len(batches)} cannot be halved; set an even number of at least 2")
    steps = np.array([batch.steps for batch in batches], dtype=float)
    logs = np.array([batch.logs for batch in batches])
    exponents = logs.sum(axis=0) / steps.sum()
    half = len(batches) // 2
    drift = logs[half:].sum(axis=0) / steps[half:].sum() - logs[:half].sum(axis=0) / steps[:half].sum()
    rates = logs / steps[:, None, None]
    error = rates.std(axis=0, ddof=1) / np.sqrt(len(batches))
    collapsed = sum(batch.collapsed for batch in batches) / steps.sum()
    singular = sum(batch.singular for batch in batches) / steps.sum()
    status = np.full(exponents.shape, OK, dtype=f"<U{len(NOT_CONVERGED)}")
    status[np.abs(drift) > np.maximum(DRIFT, 4 * error)] = NOT_CONVERGED
    status[collapsed > COLLAPSED_SHARE] = COLLAPSED
    _mark_singular(exponents, status, singular > 0, leading)
    log_det = sum(batch.log_det for batch in batches) / steps.sum()
    return Spectrum(exponents, drift, error, status, np.where(singular > 0, -np.inf, log_det), singular)


def _mark_singular(exponents: Floats, status: NDArray[np.str_], singular: NDArray[np.bool_], leading: int) -> None:
    """Exponents that rest on the inverse of a singular step are minus infinity, and so is a tangent that vanished."""
    lost = np.zeros(exponents.shape, dtype=bool)
    lost[:, leading:] = singular[:, None]
    lost |= exponents < VANISHED
    exponents[lost] = -np.inf
    status[lost] = COLLAPSED
