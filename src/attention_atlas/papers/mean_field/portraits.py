"""Portraits of single orbits: runs from tokens with a large network beside them, neighbouring runs, the breakout of the torus."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window, grow_window, observables
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.dynamics.mean_field.weights import OUTPUT
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.finite_network import CountNetwork

__all__ = [
    "Divergence",
    "distance_from",
    "divergence",
    "follow_neighbours",
    "grown_windows",
    "largest_exponent",
    "network_run",
    "summary",
    "token_runs",
]

Floats = NDArray[np.float64]
# Beyond this distance a difference no longer grows as a tangent does.
LINEAR = 1e-3


def grown_windows(model: MeanFieldModel, params: Parameters, fields: Sequence[Floats]) -> Window:
    """Windows (R, L, M) after L steps, run r from the token with the semantic fields ``fields[r]`` (4, M)."""
    windows = []
    for run, own in enumerate(fields):
        one = Parameters(*(values[run : run + 1] for values in params))
        windows.append(grow_window(model, one, own))
    return Window(np.concatenate([window.attention for window in windows]), windows[0].phase)


def token_runs(model: MeanFieldModel, params: Parameters, grown: Window, steps: int) -> tuple[Floats, Floats]:
    """m^{o,se} and A of every step from the first one, each (R, steps, M); ``grown`` is of ``grown_windows``.

    Raises
    ------
    AtlasError
        Fewer steps than the window has tokens.
    """
    if steps <= model.context:
        raise AtlasError(f"steps: {steps} do not fill the window of {model.context} tokens; set more")
    first = grown.attention[:, ::-1]
    record = MeanFieldRun(model, params, grown).record(steps - model.context, attention=True)
    return (
        np.concatenate([observables(model, params, first), record.observables()], axis=1),
        np.concatenate([first, record.attention()], axis=1),
    )


def network_run(network: CountNetwork, steps: int) -> tuple[Floats, Floats]:
    """m^{o,se} and A of one network after each of ``steps`` steps, (steps, M) each."""
    patterns = network.model.patterns
    fields, attention = np.empty((steps, patterns)), np.empty((steps, patterns))
    for step in range(steps):
        fields[step] = network.step()[OUTPUT, 0]
        attention[step] = network.attention[0]
    return fields, attention


def follow_neighbours(
    model: MeanFieldModel,
    params: Parameters,
    start: Window,
    difference: float,
    steps: int,
    generator: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Distances (R, steps) of neighbouring runs, and m_1 of run 0 and of its neighbour, (2, steps).

    Run r starts from ``start`` (R, L, M), its neighbour from a window whose numbers differ by at most ``difference``. The
    distance is the Euclidean one of the windows, L M numbers.
    """
    runs = params.beta.size
    moved = start.attention + difference * generator.uniform(-1, 1, start.attention.shape)
    both = Window(np.concatenate([start.attention, moved]), start.phase)
    run = MeanFieldRun(model, Parameters(*(np.tile(values, 2) for values in params)), both)
    record = run.record(steps, attention=True)
    run.window()  # raises if a run is no longer finite
    tracks = np.concatenate([both.attention[:, ::-1], record.attention()], axis=1)
    squares = ((tracks[runs:] - tracks[:runs]) ** 2).sum(axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(squares, model.context, axis=1)[:, 1:]
    m = record.observables()[:, :, 0]
    return np.sqrt(windows.sum(axis=2)), m[[0, runs]]


def distance_from(points: Floats, curve: Floats) -> float:
    """Root mean square distance of ``points`` (P, M) from the nearest ones of ``curve`` (C, M)."""
    return float(np.sqrt((cKDTree(curve).query(points)[0] ** 2).mean()))


class Divergence(NamedTuple):
    """Slope of the logarithm of the distance and its standard error over the pairs; steps ``first`` to ``last`` are fitted."""

    slope: float
    error: float
    first: int
    last: int


def divergence(distances: Floats, linear: float = LINEAR) -> Divergence:
    """Mean slope of log distance (R, steps) per step, by least squares.

    The fit ends where one pair in twenty has come further apart than ``linear``, and begins halfway there, when the
    differences have turned into place.

    Raises
    ------
    AtlasError
        Fewer than eight steps are left for the fit.
    """
    far = (distances > linear).mean(axis=0) > 0.05
    last = int(np.argmax(far)) if far.any() else distances.shape[1]
    first = last // 2
    if last - first < 8:
        raise AtlasError(f"difference: the pairs come apart within {last} steps, too few for a fit; set a smaller one")
    logs = np.log(np.maximum(distances[:, first:last], np.finfo(float).tiny))
    centred = np.arange(last - first) - 0.5 * (last - first - 1)
    slopes = logs @ centred / (centred @ centred)
    return Divergence(float(slopes.mean()), float(slopes.std(ddof=1) / np.sqrt(len(slopes))), first, last)


def largest_exponent(model: MeanFieldModel, params: Parameters, start: Window, steps: int, alignment: int) -> Floats:
    """Largest exponent of each run over ``steps`` steps, (R,), from windows ``start`` (R, L, M)."""
    run = TangentRun(model, params, start, leading=1)
    run.grow(alignment)
    return run.grow(steps).logs[:, 0] / steps


def summary(betas: Floats, pairs: int, fits: Sequence[Divergence], exponents: Floats) -> pd.DataFrame:
    """A row a beta: fitted slope and computed exponent with their errors; ``exponents`` (betas * pairs,) those of all runs."""
    own = exponents.reshape(len(betas), pairs)
    return pd.DataFrame(
        {
            "beta": betas,
            "pairs": pairs,
            "slope": [fit.slope for fit in fits],
            "slope_error": [fit.error for fit in fits],
            "first_step": [fit.first for fit in fits],
            "last_step": [fit.last for fit in fits],
            "lyapunov_1": own.mean(axis=1),
            "error_1": own.std(axis=1, ddof=1) / np.sqrt(pairs),
        }
    )
