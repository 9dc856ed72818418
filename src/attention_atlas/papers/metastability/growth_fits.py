"""Growth rates measured in runs: complex amplitudes against their own start, and times of crossing a size."""

from typing import NamedTuple

import numpy as np

__all__ = ["GrowthFit", "crossing_times", "fit_growth", "fit_product_growth", "log_slope"]


class GrowthFit(NamedTuple):
    """Fitted rates of M modes.

    Attributes
    ----------
    rates : (M,), per unit of time
    errors : (M,), standard errors by the jackknife over runs
    gains : (T, M), the regression coefficient of the amplitude on its start: e^{rate t} in linear theory
    """

    rates: np.ndarray
    errors: np.ndarray
    gains: np.ndarray


def log_slope(times: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Slope through the origin of log gains (T, M) against times; NaN where a gain is not positive."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(gains > 0, np.log(gains), np.nan)
    return (times @ logs) / (times @ times)


def _jackknife(times: np.ndarray, numerators: np.ndarray, denominators: np.ndarray) -> GrowthFit:
    """Numerators (R, T, M) and denominators (R, M) are summed over runs before the ratio is taken."""
    top, bottom = numerators.sum(axis=0), denominators.sum(axis=0)
    gains = top / bottom
    rates = log_slope(times, gains)
    left_out = np.array(
        [log_slope(times, (top - one) / (bottom - below)) for one, below in zip(numerators, denominators, strict=True)]
    )
    runs = len(numerators)
    errors = np.sqrt((runs - 1) / runs * ((left_out - rates) ** 2).sum(axis=0))
    return GrowthFit(rates, errors, gains)


def fit_growth(times: np.ndarray, amplitudes: np.ndarray) -> GrowthFit:
    """Rates of modes from complex amplitudes (R, T, M) of R ≥ 2 runs, ``times`` (T,) with times[0] = 0.

    The gain of a mode is the regression Re sum_r a_r(t) conj(a_r(0)) / sum_r |a_r(0)|^2. What other modes feed
    into it, products of their amplitudes, has a phase independent of a_r(0) and averages out;
    fitting |a_r(t)| instead would count it as growth.
    """
    start = amplitudes[:, :1]
    return _jackknife(times, (amplitudes * start.conj()).real, (np.abs(start[:, 0]) ** 2))


def fit_product_growth(times: np.ndarray, products: np.ndarray) -> GrowthFit:
    """Rates from products (R, T, M) of each amplitude and its start, summed over the modes of a degree.

    They grow like e^{rate t} times their value at times[0] = 0.
    """
    return _jackknife(times, products, products[:, 0])


def crossing_times(times: np.ndarray, sizes: np.ndarray, bound: float) -> np.ndarray:
    """First time at which each row of ``sizes`` (R, T) reaches ``bound``, log-linear between observations; NaN if never."""
    found = np.full(len(sizes), np.nan)
    for run, row in enumerate(sizes):
        above = np.flatnonzero(row >= bound)
        if len(above) == 0:
            continue
        after = above[0]
        if after == 0:
            found[run] = times[0]
            continue
        share = np.log(bound / row[after - 1]) / np.log(row[after] / row[after - 1])
        found[run] = times[after - 1] + share * (times[after] - times[after - 1])
    return found
