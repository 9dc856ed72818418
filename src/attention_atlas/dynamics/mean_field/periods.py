"""Period of a recorded orbit of the mean-field map."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.run import Recording
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner

__all__ = ["periods"]

Integers = NDArray[np.int64]


@inner(nogil=True)
def _arrival(numbers, block, lane, patterns, period, tolerance):
    """First step from which on the orbit repeats with ``period``."""
    for t in range(numbers.shape[1] - 1, period - 1, -1):
        for a in range(patterns):
            if not abs(numbers[block, t, a, lane] - numbers[block, t - period, a, lane]) <= tolerance:
                return t - period + 1
    return 0


@compiled(parallel=True)
def _find_periods(numbers, patterns, runs, longest, tolerance, out, arrival):
    steps, lanes = numbers.shape[1], numbers.shape[3]
    for run in prange(runs):
        block, lane = run // lanes, run % lanes
        out[run], arrival[run] = 0, steps
        for period in range(1, longest + 1):
            same = True
            for t in range(steps - 1, steps - 1 - longest, -1):
                for a in range(patterns):
                    if not abs(numbers[block, t, a, lane] - numbers[block, t - period, a, lane]) <= tolerance:
                        same = False
                        break
                if not same:
                    break
            if same:
                out[run], arrival[run] = period, _arrival(numbers, block, lane, patterns, period, tolerance)
                break


def periods(record: Recording, longest: int = 4096, tolerance: float = 1e-7) -> tuple[Integers, Integers]:
    """Smallest period of m^{o,se} over the last ``longest`` steps of a recording, (R,); 0 if there is none.

    The second array is the step of the recording from which on the orbit repeats: 0 if it
    does all along, the number of steps if it never does.

    All M observables must repeat to ``tolerance`` over ``longest`` steps. The
    recording must hold twice as many; ``longest`` is cut to half of it.
    """
    longest = min(longest, record.numbers.shape[1] // 2)
    if longest < 1:
        raise AtlasError(f"saved steps: {record.numbers.shape[1]} are too few to look for a period; save at least 2")
    out = np.zeros(record.runs, dtype=np.int64)
    arrival = np.zeros(record.runs, dtype=np.int64)
    _find_periods(record.numbers, record.patterns, record.runs, longest, tolerance, out, arrival)
    return out, arrival
