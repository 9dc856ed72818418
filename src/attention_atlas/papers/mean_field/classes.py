"""Classes of orbits: fixed, periodic, quasi-periodic, chaotic, a torus of two frequencies (2-torus), hyperchaotic."""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CHAOTIC",
    "CLASSES",
    "FIXED",
    "HYPERCHAOTIC",
    "IRREGULAR",
    "PERIODIC",
    "QUASI_PERIODIC",
    "STRANGE",
    "TORUS",
    "classify",
]

# Codes in tables of bytes; the names stand in the CSV files
CLASSES = ("fixed", "periodic", "quasi-periodic", "chaotic", "2-torus", "hyperchaotic")
FIXED, PERIODIC, QUASI_PERIODIC, CHAOTIC, TORUS, HYPERCHAOTIC = range(6)
# With a positive exponent
STRANGE = (CHAOTIC, HYPERCHAOTIC)
# Orbits without a period: their exponents are averages with an error
IRREGULAR = (QUASI_PERIODIC, CHAOTIC, TORUS, HYPERCHAOTIC)


def classify(
    period: NDArray[np.int64],
    exponents: NDArray[np.float64],
    error: NDArray[np.float64],
    cycle: int,
    zero: float = 1e-3,
    errors: float = 4.0,
) -> NDArray[np.int8]:
    """Class of each orbit from its period and its two largest exponents.

    The positional bits drive the map with period ``cycle``. An orbit whose period divides
    it is a fixed point of the map over one cycle, and called fixed. Without a period, the orbit
    is chaotic if the largest exponent is positive beyond ``zero`` and beyond ``errors``
    standard errors, quasi-periodic if it vanishes within that, and otherwise periodic
    with a period that was not resolved (period 0: longer than searched, or still converging).
    Errors count up to four times ``zero``: those of regular orbits are far smaller, and a
    larger one shows a change in the run, not a vanishing exponent.

    The second exponent tells more. If it is positive too, by the same measure, the orbit is
    hyperchaotic. If both vanish it is a torus of two frequencies, but for the second one ``zero`` / 10
    counts, without its error: close to a bifurcation of the closed curve it is small, and not zero. Where
    a closed curve is born the two vanish together as well.

    Parameters
    ----------
    period : (R,), 0 for none
    exponents, error : (R, K) with K >= 1, descending, and their standard errors; of one exponent alone the first four classes follow
    """
    scatter = np.minimum(errors * np.nan_to_num(error), 4 * zero)
    width = np.maximum(zero, scatter)
    largest = exponents[:, 0]
    code = np.full(period.shape, QUASI_PERIODIC, dtype=np.int8)
    code[largest > width[:, 0]] = CHAOTIC
    code[largest < -width[:, 0]] = PERIODIC
    if exponents.shape[1] > 1:
        second = exponents[:, 1]
        code[(code == CHAOTIC) & (second > width[:, 1])] = HYPERCHAOTIC
        code[(code == QUASI_PERIODIC) & (np.abs(second) <= zero / 10)] = TORUS
    code[period > 0] = PERIODIC
    code[(period > 0) & (cycle % np.maximum(period, 1) == 0)] = FIXED
    return code
