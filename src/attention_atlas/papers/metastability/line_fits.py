"""A straight line through points with known standard errors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["LineFit", "fit_line"]


class LineFit(NamedTuple):
    """y = intercept + slope x, the slope's standard error, and chi squared for each degree of freedom."""

    slope: float
    slope_error: float
    intercept: float
    reduced_chi_squared: float


def fit_line(x: ArrayLike, y: ArrayLike, errors: ArrayLike) -> LineFit:
    """Weighted least squares with weights 1/errors^2; at least two points, all errors > 0."""
    x, y, errors = (np.asarray(values, dtype=float) for values in (x, y, errors))
    weights = 1 / errors**2
    mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
    spread = (weights * (x - mean_x) ** 2).sum()
    slope = (weights * (x - mean_x) * (y - mean_y)).sum() / spread
    intercept = mean_y - slope * mean_x
    freedom = max(len(x) - 2, 1)
    chi_squared = (weights * (y - intercept - slope * x) ** 2).sum() / freedom
    return LineFit(float(slope), float(spread**-0.5), float(intercept), float(chi_squared))
