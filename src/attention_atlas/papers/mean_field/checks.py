"""Checks of the map by itself, on the orbits that the figures show."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.map import (
    MeanFieldModel,
    Parameters,
    Window,
    attention_step,
    grow_window,
    parameters,
    token_fields,
)
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start
from attention_atlas.dynamics.mean_field.tangent_run import jacobian_blocks
from attention_atlas.dynamics.mean_field.weights import OUTPUT, Correlations, Weights

__all__ = ["PUBLISHED_START", "central_differences", "jacobian_rows", "start_rows"]

Floats = NDArray[np.float64]
# The window of the published figures, newest first, and its positional pattern (from the authors' own code)
PUBLISHED_START = Window(
    np.array(
        [
            [-0.22889904, -0.25303131, 0.4001733],
            [-0.23496112, -0.24696923, 0.39411121],
            [-0.24761087, -0.23431948, 0.38146146],
            [0.30752717, 0.29189849, 0.93811547],
        ]
    ),
    3,
)


def central_differences(model: MeanFieldModel, params: Parameters, window: Window, width: float) -> Floats:
    """d A_new / d A(age) at windows (R, L, M) by central differences of the plain map, (R, L, M, M)."""
    runs, context, patterns = window.attention.shape
    blocks = np.empty((runs, context, patterns, patterns))
    for age in range(context):
        for b in range(patterns):
            shift = np.zeros((context, patterns))
            shift[age, b] = width
            ahead = attention_step(model, params, Window(window.attention + shift, window.phase)).attention[:, 0]
            behind = attention_step(model, params, Window(window.attention - shift, window.phase)).attention[:, 0]
            blocks[:, age, :, b] = (ahead - behind) / (2 * width)
    return blocks


def jacobian_rows(model: MeanFieldModel, params: Parameters, start: Window, windows: int, width: float) -> pd.DataFrame:
    """Largest difference of the analytic Jacobian from central differences along orbits, relative to its largest entry."""
    run = MeanFieldRun(model, params, start)
    run.advance(1000)
    worst = np.zeros(params.beta.size)
    for _ in range(windows):
        run.advance(7)
        window = run.window()
        exact = jacobian_blocks(model, params, window)
        found = central_differences(model, params, window, width)
        worst = np.maximum(worst, np.abs(exact - found).max(axis=(1, 2, 3)) / np.abs(exact).max(axis=(1, 2, 3)))
    return pd.DataFrame({"check": "jacobian", "beta": params.beta, "value": worst})


def start_rows(model: MeanFieldModel, correlations: Correlations, weights: Weights, tokens: int) -> pd.DataFrame:
    """Distance of the start window from the published one: from transposed and from defined fields of the first token.

    For the second the nearest of the windows along a whole period of the orbit counts.
    """
    published = published_start(model, correlations, 3.0, tokens)
    distances = [_distance(published)]
    params = parameters(model, 3.0)
    run = MeanFieldRun(model, params, grow_window(model, params, token_fields(weights, weights.semantic[OUTPUT, 0])))
    run.advance(tokens - 1 - model.context)
    nearest = np.inf
    for _ in range(24):
        now = run.window()
        nearest = min(nearest, _distance(Window(now.attention[0], now.phase)))
        run.advance(1)
    return pd.DataFrame({"check": ["start", "start by definition"], "beta": 3.0, "value": [*distances, nearest]})


def _distance(window: Window) -> float:
    if window.phase != PUBLISHED_START.phase or window.attention.shape != PUBLISHED_START.attention.shape:
        return float("inf")
    return float(np.abs(window.attention - PUBLISHED_START.attention).max())
