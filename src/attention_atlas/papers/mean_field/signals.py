"""Power spectra and autocorrelations of orbits."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from attention_atlas.errors import AtlasError

__all__ = ["autocorrelation", "averaged_spectrum", "power_spectrum", "running_exponents"]

Floats = NDArray[np.float64]


def power_spectrum(signal: Floats) -> tuple[Floats, Floats]:
    """Frequencies (per step, 0 to 1/2) and one-sided power of a signal (T,) less its mean.

    Hann window; the powers add up to the signal's variance.
    """
    steps = signal.size
    if steps < 4:
        raise AtlasError(f"power spectrum: {steps} steps are too few; save at least 4")
    window = np.hanning(steps + 1)[:-1]
    transform = fft.rfft((signal - signal.mean()) * window)
    power = np.abs(transform) ** 2 / (steps * np.sum(window**2))
    power[1 : (steps + 1) // 2] *= 2.0
    return np.arange(power.size) / steps, power


def averaged_spectrum(signal: Floats, segment: int) -> tuple[Floats, Floats]:
    """Power spectrum averaged over segments of ``segment`` steps that overlap by half (Welch's method)."""
    if not 4 <= segment <= signal.size:
        raise AtlasError(
            f"segment: {segment} steps do not fit a signal of {signal.size}; set 4 <= segment <= {signal.size}"
        )
    starts = range(0, signal.size - segment + 1, max(1, segment // 2))
    powers = [power_spectrum(signal[start : start + segment]) for start in starts]
    return powers[0][0], np.mean([power for _, power in powers], axis=0)


def autocorrelation(signal: Floats, lags: int) -> Floats:
    """Autocorrelation of a signal (T,) at lags 0 .. ``lags``, 1 at lag 0; zero for a constant signal.

    Sums over the overlap are divided by the whole length (the biased estimate).
    """
    steps = signal.size
    if not 0 <= lags < steps:
        raise AtlasError(f"autocorrelation: {lags} lags of a signal of {steps} steps; set 0 <= lags < {steps}")
    centred = signal - signal.mean()
    length = fft.next_fast_len(steps + lags)
    product = fft.irfft(np.abs(fft.rfft(centred, length)) ** 2, length)[: lags + 1]
    if product[0] <= steps * np.finfo(float).eps ** 2:
        return np.zeros(lags + 1)
    return product / product[0]


def running_exponents(logs: Floats, steps: Floats) -> Floats:
    """Averages of log growth up to the end of each batch: logs (batches, K), steps (batches,)."""
    return np.cumsum(logs, axis=0) / np.cumsum(steps)[:, None]
