"""The checked setting of a call of the engine: all that can be said to be wrong before a kernel is loaded."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.attention.model import Setting
from attention_atlas.dynamics.attention.validate import check
from attention_atlas.dynamics.attention.weights import Head, checked_heads
from attention_atlas.errors import AtlasError

__all__ = ["attention_setting", "record_times"]


def record_times(
    last_time: float, records: int, spacing: str = "linear", first_time: float | None = None
) -> np.ndarray:
    """``records`` times from 0 to ``last_time``, both included: equally spaced, or 0 and then log-spaced from ``first_time``
    (default: a thousandth of the last)."""
    if isinstance(records, bool) or not isinstance(records, int | np.integer) or not 1 <= records <= 10**7:
        raise AtlasError(f"records: {records} is no whole number from 1 to {10**7}; choose one")
    if (
        isinstance(last_time, bool)
        or not isinstance(last_time, int | float | np.number)
        or not 0 < last_time < math.inf
    ):
        raise AtlasError(f"last_time: {last_time} is outside the bounds, finite and above 0; choose a number there")
    if records == 1:
        return np.array([float(last_time)])
    if spacing == "linear":
        if first_time is not None:
            raise AtlasError("first_time: it belongs to the spacing log only; leave it out")
        return np.linspace(0.0, last_time, records)
    if spacing != "log":
        raise AtlasError(f"spacing: {spacing!r} is not known; give linear or log")
    first = last_time / 1000 if first_time is None else first_time
    if not 0 < first <= last_time or (records == 2 and first_time is not None and first != last_time):
        raise AtlasError(f"first_time: {first} is outside the bounds, above 0 to {last_time:g}; choose a number there")
    return np.concatenate([[0.0], np.geomspace(first if records > 2 else last_time, last_time, records - 1)])


def _graph(graph: ArrayLike | None) -> np.ndarray | None:
    if graph is None:
        return None
    array = np.asarray(graph)
    if array.dtype.kind not in "biuf" or not np.isin(array, (0, 1)).all():
        raise AtlasError(
            "graph: an entry is neither 0 nor 1 (or false, true); entry i, j says whether token i attends to j"
        )
    return array.astype(bool)


def _number(name: str, value: Any, kind: type = float) -> Any:
    wanted = (int, np.integer) if kind is int else (int, float, np.integer, np.floating)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise AtlasError(f"{name}: {value!r} is no {'whole ' if kind is int else ''}number; give one")
    return kind(value)


def attention_setting(
    shape: tuple[int, int, int],
    *,
    kernel: str = "softmax",
    beta: float | None = None,
    gamma: float | None = None,
    mask: str = "none",
    window: int | None = None,
    graph: ArrayLike | None = None,
    tie_tolerance: float | None = None,
    bias: float | None = None,
    sums: str = "pairs",
    heads: int | Sequence[Head | Mapping[str, Any]] | None = None,
    query: ArrayLike | str | None = None,
    key: ArrayLike | str | None = None,
    query_key: ArrayLike | str | None = None,
    value: ArrayLike | str | None = None,
    drawn: str | None = None,
    weights_seed: int | None = None,
    layer_time: float | None = None,
    space: str = "sphere",
    normalisation: str | None = None,
    switch_time: float | None = None,
    alpha: float | None = None,
    method: str = "ode",
    last_time: float | None = None,
    records: int | None = None,
    spacing: str | None = None,
    first_time: float | None = None,
    times: ArrayLike | None = None,
    step: float | None = None,
    tolerance: float | None = None,
    residual: float | None = None,
    max_steps: int | None = None,
    noise: float = 0.0,
    seed: int | None = None,
    run_numbers: Iterable[int] | None = None,
    observe: Sequence[str] = ("clusters", "mean_inner_product"),
    cluster_distance: float | None = None,
    close: float | None = None,
    span_threshold: float | None = None,
) -> Setting:
    """The checked setting of a call of ``attention_flow`` for starts (runs, tokens, dimension) of ``shape``: all that can
    be said to be wrong before anything is computed.

    Raises
    ------
    AtlasError
        As in ``attention_flow``.
    """
    runs, tokens, dimension = shape
    optional = {
        "beta": beta, "gamma": gamma, "window": window, "graph": graph, "tie_tolerance": tie_tolerance, "bias": bias,
        "drawn": drawn, "weights_seed": weights_seed, "layer_time": layer_time, "switch_time": switch_time,
        "alpha": alpha, "step": step, "tolerance": tolerance, "residual": residual, "max_steps": max_steps, "seed": seed,
        "cluster_distance": cluster_distance, "close": close, "span_threshold": span_threshold,
    }  # fmt: skip
    numbers = {
        name: _number(name, given, int if name in ("window", "weights_seed", "max_steps", "seed") else float)
        for name, given in optional.items()
        if given is not None and name not in ("graph", "drawn")
    }
    if "gamma" in numbers and not 0 <= numbers["gamma"] <= 1e5:
        raise AtlasError(f"gamma: {numbers['gamma']} is outside the bounds, from 0 to 1e5; choose a number there")
    if times is not None and any(given is not None for given in (last_time, records, spacing, first_time)):
        raise AtlasError("times: last_time, records, spacing or first_time is given too; give the times or those")
    if times is None:
        instants = record_times(
            10.0 if last_time is None else last_time,
            101 if records is None else records,
            spacing or "linear",
            first_time,
        )
    else:
        instants = np.ascontiguousarray(np.atleast_1d(np.asarray(times, dtype=float)))
    numbers_of_runs = np.arange(runs) if run_numbers is None else np.asarray(list(run_numbers), dtype=np.int64)
    if numbers_of_runs.shape != (runs,) or (numbers_of_runs < 0).any():
        raise AtlasError(
            f"run_numbers: {numbers_of_runs.shape} numbers for {runs} runs; give one number ≥ 0 for each run"
        )
    names = (observe,) if isinstance(observe, str) else tuple(observe)
    setting = Setting(
        runs=runs,
        tokens=tokens,
        dimension=dimension,
        kernel=kernel,
        beta=numbers["gamma"] * math.log(tokens) if "gamma" in numbers else numbers.get("beta", 1.0),
        mask=mask,
        window=numbers.get("window", 0),
        graph=_graph(graph),
        tie_tolerance=numbers.get("tie_tolerance", 0.0),
        bias=numbers.get("bias", -math.log(tokens)),
        sums=sums,
        heads=checked_heads(heads, query, key, query_key, value, runs, dimension),
        drawn=drawn or "once",
        weights_seed=numbers.get("weights_seed", 1),
        layer_time=numbers.get("layer_time", 1.0),
        space=space,
        normalisation=normalisation or ("none" if space == "free" else "post_ln"),
        switch_time=numbers.get("switch_time", 0.0),
        alpha=numbers.get("alpha", 1.0),
        method=method,
        times=instants,
        step=numbers.get("step", 1.0),
        tolerance=numbers.get("tolerance", 1e-8),
        residual=numbers.get("residual", 1.0),
        max_steps=numbers.get("max_steps", 1_000_000),
        noise=_number("noise", noise),
        seed=numbers.get("seed", 1),
        run_numbers=numbers_of_runs,
        observe=names,
        cluster_distance=numbers.get("cluster_distance", 0.05),
        close=numbers.get("close", 0.999),
        span_threshold=numbers.get("span_threshold", 1e-6),
        given=frozenset(name for name, given in optional.items() if given is not None),
    )
    check(setting)
    if method != "ode":
        setting = setting.replaced(times=np.round(instants / setting.step) * setting.step)
    return setting
