"""Classes of orbits: fixed, periodic, quasi-periodic, chaotic."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHAOTIC", "CLASSES", "FIXED", "PERIODIC", "QUASI_PERIODIC", "classify"]

# Codes in tables of bytes; the names stand in the CSV files
CLASSES = ("fixed", "periodic", "quasi-periodic", "chaotic")
FIXED, PERIODIC, QUASI_PERIODIC, CHAOTIC = range(4)


def classify(
    period: NDArray[np.int64],
    largest: NDArray[np.float64],
    error: NDArray[np.float64],
    cycle: int,
    zero: float = 1e-3,
    errors: float = 4.0,
) -> NDArray[np.int8]:
    """Class of each orbit from its period and its largest exponent.

    The positional bits drive the map with period ``cycle``. An orbit whose period divides
    it is a fixed point of the map over one cycle, and called fixed. Without a period, the orbit
    is chaotic if the largest exponent is positive beyond ``zero`` and beyond ``errors``
    standard errors, quasi-periodic if it vanishes within that, and otherwise periodic
    with a period that was not resolved (period 0: longer than searched, or still converging).
    Errors count up to four times ``zero``: those of regular orbits are far smaller, and a
    larger one shows a change in the run, not a vanishing exponent.
    """
    width = np.maximum(zero, np.minimum(errors * np.nan_to_num(error), 4 * zero))
    code = np.full(period.shape, QUASI_PERIODIC, dtype=np.int8)
    code[largest > width] = CHAOTIC
    code[largest < -width] = PERIODIC
    code[period > 0] = PERIODIC
    code[(period > 0) & (cycle % np.maximum(period, 1) == 0)] = FIXED
    return code
