"""What the public functions check before anything is computed, and the shape of their results."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.errors import AtlasError

__all__ = [
    "Progress",
    "checked_array",
    "checked_count",
    "checked_matrix",
    "checked_number",
    "checked_numbers",
    "checked_points",
    "checked_times",
    "first_run",
    "recorded_steps",
]

# progress(done, total), called from Python now and then, at the end with done = total; ``print`` is one
Progress = Callable[[int, int], Any]
# Points may be off the sphere by rounding; they are put back.
MAX_OFF_SPHERE = 1e-6
MAX_COUNT = 10**9


def checked_array(name: str, values: Any) -> np.ndarray:
    """Real numbers as an array of float64."""
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError):
        raise AtlasError(f"{name}: {_short(values)} is no array of real numbers; give one") from None
    return np.ascontiguousarray(array, dtype=float) if array.ndim else array.astype(float)


def checked_number(name: str, value: Any, low: float = -np.inf, high: float = np.inf) -> float:
    """A finite number from ``low`` to ``high``, both included."""
    if isinstance(value, bool) or np.ndim(value) or not isinstance(value, int | float | np.integer | np.floating):
        raise AtlasError(f"{name}: {_short(value)} is no number; give one")
    if not (np.isfinite(value) and low <= value <= high):
        raise AtlasError(
            f"{name}: {value} is outside the bounds, finite and {_bounds(low, high)}; choose a number there"
        )
    return float(value)


def checked_count(name: str, value: Any, low: int, high: int = MAX_COUNT) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise AtlasError(f"{name}: {_short(value)} is no whole number; give one {_bounds(low, high)}")
    if not low <= value <= high:
        raise AtlasError(f"{name}: {value} is outside the bounds, {_bounds(low, high)}; choose a number there")
    return int(value)


def checked_numbers(
    name: str, values: ArrayLike, low: float = -np.inf, high: float = np.inf
) -> tuple[np.ndarray, bool]:
    """One finite number or a list of them, as (R,), and whether it was one."""
    numbers = checked_array(name, values)
    if numbers.ndim > 1 or numbers.size == 0:
        raise AtlasError(f"{name}: has shape {numbers.shape}; give one number or a list of numbers")
    bad = numbers[~(np.isfinite(numbers) & (numbers >= low) & (numbers <= high))]
    if bad.size:
        raise AtlasError(
            f"{name}: {bad.flat[0]} is outside the bounds, finite and {_bounds(low, high)}; choose numbers there"
        )
    return np.atleast_1d(numbers), numbers.ndim == 0


def checked_matrix(name: str, values: ArrayLike | None, shape: tuple[int | None, int]) -> np.ndarray | None:
    """A finite matrix with so many rows (None: any) and columns; None stands for the identity and stays None."""
    if values is None:
        return None
    matrix = checked_array(name, values)
    fits = matrix.ndim == 2 and matrix.shape[1] == shape[1] and shape[0] in (None, matrix.shape[0])
    if not fits or not np.isfinite(matrix).all():
        rows = "any number of" if shape[0] is None else shape[0]
        raise AtlasError(
            f"{name}: shape {matrix.shape} or a number that is not finite; give {rows} rows of {shape[1]} finite numbers"
        )
    return matrix


def checked_points(name: str, values: ArrayLike) -> tuple[np.ndarray, bool]:
    """Unit vectors (n, d) or (R, n, d) as (R, n, d), exactly normalised, and whether there was one run without an axis for it."""
    points = checked_array(name, values)
    if points.ndim not in (2, 3) or points.size == 0 or points.shape[-1] < 2:
        raise AtlasError(f"{name}: has shape {points.shape}; give points (n, d) or (R, n, d) with d ≥ 2")
    lengths = np.linalg.norm(points, axis=-1, keepdims=True)
    off = np.abs(lengths - 1)
    if not (off <= MAX_OFF_SPHERE).all():
        raise AtlasError(
            f"{name}: a point has length {lengths.flat[np.argmax(~(off <= MAX_OFF_SPHERE))]:.9g}, the bound is 1 to"
            f" {MAX_OFF_SPHERE}; divide each point by its length"
        )
    return (points / lengths).reshape(-1, *points.shape[-2:]), points.ndim == 2


def checked_times(last_time: float, records: int, times: ArrayLike | None) -> np.ndarray:
    """``times`` if given, else ``records`` equally spaced times from 0 to ``last_time``."""
    if times is None:
        last = checked_number("last_time", last_time, 0.0)
        if last == 0.0:
            raise AtlasError("last_time: 0 leaves nothing to follow; choose a time > 0")
        return np.linspace(0.0, last, checked_count("records", records, 2))
    instants = checked_array("times", times)
    if instants.ndim != 1 or instants.size == 0 or not np.isfinite(instants).all():
        raise AtlasError(f"times: shape {instants.shape} or a time that is not finite; give a list of finite times")
    if instants[0] < 0 or (np.diff(instants) <= 0).any():
        raise AtlasError("times: they must be ≥ 0 and increase; sort them and drop doubles")
    return instants


def recorded_steps(steps: int, records: int) -> np.ndarray:
    """At most ``records`` different step numbers from 0 to ``steps``, equally spaced up to rounding."""
    return np.unique(np.linspace(0, steps, records).round().astype(np.int64))


def first_run(result: Any, names: Iterable[str]) -> Any:
    """A result without the axis of the runs in the fields ``names``."""
    return result._replace(**{name: getattr(result, name)[0] for name in names})


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"{text[:37]}..."


def _bounds(low: float, high: float) -> str:
    if high in (np.inf, MAX_COUNT):
        return "of any sign" if low == -np.inf else f"≥ {low:g}"
    return f"from {low:g} to {high:g}"
