"""Values that the configuration may write in more than one way."""

from collections.abc import Mapping, Sequence

import numpy as np

__all__ = ["sweep_values"]


def sweep_values(sweep: Sequence[float] | Mapping[str, float]) -> np.ndarray:
    """The values of a sweep: a list as it is, or ``{first, last, count}`` equally spaced, both ends included."""
    if isinstance(sweep, Mapping):
        return np.linspace(sweep["first"], sweep["last"], int(sweep["count"]))
    return np.asarray(sweep, dtype=float)
