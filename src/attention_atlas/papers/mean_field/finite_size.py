"""How networks of finite size stray from the map."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.weights import Weights
from attention_atlas.papers.mean_field.finite_network import CountNetwork, one_step_deviation

__all__ = ["finite_size_rows", "orbit_windows"]


def orbit_windows(
    model: MeanFieldModel, params: Parameters, start: Window, transient: int, count: int, every: int
) -> list[Window]:
    """``count`` windows (L, M) along one orbit, ``every`` steps apart."""
    run = MeanFieldRun(model, params, start)
    run.advance(transient)
    windows = []
    for _ in range(count):
        now = run.window()
        windows.append(Window(now.attention[0], now.phase))
        run.advance(every)
    return windows


def finite_size_rows(
    model: MeanFieldModel,
    weights: Weights,
    params: Parameters,
    windows: list[Window],
    steps: list[int],
    generator: np.random.Generator,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Root mean square distance of m^{o,se} from the map after each of ``steps`` steps.

    From every window R independent networks (``params`` holds R equal runs) go on beside the
    map. A row an observable and step: spins, observable, step, error, and ``theory``, the
    binomial law after one step (empty later).
    """
    longest = max(steps)
    squares = np.zeros((longest, model.patterns))
    expected = 0.0
    for number, window in enumerate(windows):
        network = CountNetwork(model, weights, params, window, generator)
        drawn = network.trajectory(longest)
        record = MeanFieldRun(model, Parameters(*(values[:1] for values in params)), window).record(longest, True)
        squares += ((drawn - record.observables()) ** 2).mean(axis=0)
        first = Parameters(*(values[:1] for values in params))
        expected += float(one_step_deviation(weights, first, record.attention()[:, 0])[0]) ** 2
        if progress is not None:
            progress(number + 1)
    errors = np.sqrt(squares / len(windows))
    theory = np.sqrt(expected / len(windows))
    rows = [
        {
            "spins": weights.semantic.shape[2],
            "observable": f"m_{a + 1}",
            "step": step,
            "error": errors[step - 1, a],
            "theory": theory if step == 1 else np.nan,
        }
        for step in steps
        for a in range(model.patterns)
    ]
    return pd.DataFrame(rows)
