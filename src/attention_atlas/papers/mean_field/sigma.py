"""The sigma model, an experiment of the authors: slots share patterns, and only their positions tell them apart.

K slots hold M base patterns: slot k holds pattern P(k). In place of pair correlations stands the sum over all 2^M sign
vectors s, so the patterns are independent. The matrices o, v, q and k name slots in an order of their own. Unlike the base
model the positional part is rectified, and gamma is used as it stands. Nothing is published on it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from attention_atlas.dynamics.mean_field.map import (
    Window,
    grow_window,
    mean_field_model,
    observables,
    parameters,
    positional_patterns,
)
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.weights import FIELDS, KEY, OUTPUT, QUERY, VALUE, manual_correlations
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.sequence_names import WORDS

__all__ = [
    "CONFIGURATIONS",
    "SigmaModel",
    "SigmaRun",
    "manual_model",
    "manual_results",
    "pattern_fields",
    "positional_part",
    "run_sigma",
    "sequence_codes",
    "sigma_results",
    "winners",
]

Floats = NDArray[np.float64]
# Two patterns closer than this are a tie
TIE = 1e-6


class SigmaModel(NamedTuple):
    """Orders (4, K) of the slots in o, v, q, k, pattern of each slot (K,), integers of the positional rows (4, K), B."""

    orders: NDArray[np.int64]
    patterns: NDArray[np.int64]
    codes: NDArray[np.int64]
    bits: int

    @property
    def base_patterns(self) -> int:
        """M, the number of base patterns."""
        return int(self.patterns.max()) + 1


class SigmaRun(NamedTuple):
    """Over R points and T steps: attention (R, T, K), m~ of the patterns (R, T, M), positional parts (T, 4, K), one for all."""

    attention: Floats
    patterns: Floats
    positional: Floats


def _digits(text: str) -> NDArray[np.int64]:
    return np.array([int(letter) for letter in text])


def _model(order: str, value: str, patterns: str, code_in: str, code_out: str) -> SigmaModel:
    orders = np.stack([_digits(order), _digits(value), _digits(order), _digits(order)])
    codes = np.stack([_digits(code_in), _digits(code_out), _digits(code_in), _digits(code_in)])
    return SigmaModel(orders, _digits(patterns), codes, 2)


# Order of o, q and k; order of v; pattern of each slot; integers of the positional rows of o, q and k; of v
CONFIGURATIONS = {
    "loop 1": _model("0123", "1210", "0121", "2013", "3102"),
    "loop 2": _model("0123", "1230", "0121", "2013", "2301"),
    "loop 3": _model("0123", "1230", "0121", "2310", "3102"),
    "loop 4": _model("0123", "1230", "0121", "3012", "2301"),
    "no positions": _model("0121", "2013", "0121", "2013", "2301"),
    "no duplicate": _model("0123", "3012", "0123", "3012", "2301"),
}


def manual_model(orders: ArrayLike, bits: int) -> SigmaModel:
    """The memory of a sequence of the base model: each slot a pattern of its own, no positional weights (epsilon must be 0)."""
    numbers = np.asarray(orders)
    return SigmaModel(numbers, np.arange(numbers.shape[1]), np.zeros_like(numbers), bits)


def pattern_fields(model: SigmaModel, beta: Floats, attention: Floats) -> Floats:
    """m~_p = 2^-M sum_s s_p tanh(beta sum_k s_P(k) A_o(k)), (R, ..., M), of attention (R, ..., K) and beta (R,)."""
    signs = 2.0 * ((np.arange(2**model.base_patterns)[:, None] >> np.arange(model.base_patterns)) & 1) - 1.0
    gain = beta.reshape((-1,) + (1,) * (attention.ndim - 1))
    overlap = attention[..., model.orders[OUTPUT]] @ signs[:, model.patterns].T
    return np.tanh(gain * overlap) @ signs / len(signs)


def positional_part(model: SigmaModel, phases: NDArray[np.int64]) -> Floats:
    """max(0, (1/B) sum_b W^alpha_ab p_b) for the positional codes ``phases`` (T,): (T, 4, K)."""
    codes = positional_patterns(model.bits)
    return np.maximum(0.0, np.einsum("fab,tb->tfa", codes[model.codes], codes[phases]) / model.bits)


def run_sigma(
    model: SigmaModel, beta: ArrayLike, gamma: ArrayLike, epsilon: ArrayLike, first: int, steps: int
) -> SigmaRun:
    """``steps`` attention vectors from A = 1 where order_v is ``first``, for R points (beta, gamma, epsilon).

    The window holds one token at first and grows to L = 2^B; its positional codes count up from 0.

    Raises
    ------
    AtlasError
        A symbol that no slot of v holds, or no steps.
    """
    gains = [
        np.array(values, dtype=float)
        for values in np.broadcast_arrays(*(np.atleast_1d(x) for x in (beta, gamma, epsilon)))
    ]
    if first not in model.orders[VALUE] or steps < 1:
        raise AtlasError(
            f"first, steps: {first} and {steps} do not fit; start with one of {sorted(set(model.orders[VALUE].tolist()))}"
        )
    share, length = gains[2][:, None], 2**model.bits
    positional = positional_part(model, np.arange(steps) % length)
    attention = np.empty((len(gains[0]), steps, model.orders.shape[1]))
    fields = np.empty((*attention.shape[:2], model.base_patterns))
    values, keys = np.empty_like(attention), np.empty_like(attention)
    attention[:, 0] = model.orders[VALUE] == first
    for t in range(steps):
        fields[:, t] = pattern_fields(model, gains[0], attention[:, t])
        semantic = fields[:, t][:, model.patterns[model.orders]]  # (R, 4, K)
        mean = (1.0 - share)[:, None] * semantic + share[:, None] * positional[t]
        values[:, t], keys[:, t] = mean[:, VALUE], mean[:, KEY]
        if t + 1 < steps:
            seen = slice(max(0, t + 1 - length), t + 1)
            scores = gains[1][:, None] * np.einsum("ra,rda->rd", mean[:, QUERY], keys[:, seen])
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            attention[:, t + 1] = np.einsum("rd,rda->ra", weights, values[:, seen]) / weights.sum(axis=1, keepdims=True)
    return SigmaRun(attention, fields, positional)


def winners(patterns: Floats) -> NDArray[np.int64]:
    """Pattern with the largest m~ at each step, (R, T), of m~ (R, T, M); -1 where two tie."""
    ordered = np.sort(patterns, axis=-1)
    best = patterns.argmax(axis=-1)
    return np.where(ordered[..., -1] - ordered[..., -2] > TIE, best, -1) if patterns.shape[-1] > 1 else best


def sequence_codes(won: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of ``sequence_names.SEQUENCES`` each row of winners (R, T) repeats, in whatever phase; T must be a multiple of 4."""
    codes = np.full(len(won), 2)
    for code, word in enumerate(WORDS):
        for turn in range(4):
            codes[(won == np.tile(np.roll(word, turn), won.shape[1] // 4)).all(axis=1)] = code
    codes[(won < 0).any(axis=1)] = 3
    return codes


def sigma_results(settings: Mapping[str, Any]) -> tuple[dict[str, NDArray], pd.DataFrame]:
    """From the block ``sigma``: arrays of one trajectory and of the map of sequences, and a row a configuration, epsilon and step."""
    beta, gamma, first = settings["beta"], settings["gamma"], settings["first"]
    chosen = CONFIGURATIONS[settings["configuration"]]
    run = run_sigma(chosen, beta, gamma, settings["epsilon"], first, settings["steps"])
    semantic = run.patterns[0][:, chosen.patterns[chosen.orders]]
    arrays = {
        "attention": run.attention[0],
        "patterns": run.patterns[0],
        "semantic": semantic,
        "positional": run.positional,
    }
    arrays["fields"] = (1 - settings["epsilon"]) * semantic + settings["epsilon"] * run.positional
    epsilons, gammas = sweep_values(settings["phase"]["epsilons"]), sweep_values(settings["phase"]["gammas"])
    steps = 4 * (settings["phase"]["steps"] // 4)
    shares = np.repeat(epsilons, len(gammas))
    won = winners(run_sigma(chosen, beta, np.tile(gammas, len(epsilons)), shares, first, steps).patterns)
    codes = sequence_codes(won[:, steps // 8 * 4 :])
    arrays |= {"epsilons": epsilons, "gammas": gammas, "codes": codes.reshape(len(epsilons), -1).astype(np.uint8)}
    rows = []
    for name, model in CONFIGURATIONS.items():
        found = winners(run_sigma(model, beta, gamma, settings["epsilons"], first, settings["shown"]).patterns)
        for share, own in zip(settings["epsilons"], found, strict=True):
            rows += [(name, share, step, pattern) for step, pattern in enumerate(own)]
    return arrays, pd.DataFrame(rows, columns=["configuration", "epsilon", "step", "pattern"])


def manual_results(settings: Mapping[str, Any], main: Mapping[str, Any]) -> tuple[dict[str, NDArray], pd.DataFrame]:
    """From the blocks ``manual`` and ``model``: one run of the memory in the base model, and its amplitude against beta.

    A row an epsilon and beta: amplitude, the largest semantic field late in the run, and the positive root m of
    m = tanh(beta (1 - epsilon) m), 0 where there is none.
    """
    orders = [main["weights"]["orders"][name] for name in FIELDS]
    start = (np.asarray(orders) == settings["first"]).astype(float)

    def begun(bits: int, betas: ArrayLike, epsilon: float) -> tuple[MeanFieldRun, Window]:
        model = mean_field_model(manual_correlations(orders, bits))
        params = parameters(model, betas, main["beta_att"], epsilon, main["scaling"])
        grown = grow_window(model, params, start)
        return MeanFieldRun(model, params, grown), grown

    run, grown = begun(settings["positional_bits"], settings["beta"], settings["epsilon"])
    record = run.record(settings["steps"], attention=True)
    first = grown.attention[:, ::-1]
    arrays = {
        "observables": np.concatenate([observables(run.model, run.params, first)[0], record.observables()[0]]),
        "attention": np.concatenate([first[0], record.attention()[0]]),
    }
    tables, betas = [], sweep_values(settings["betas"])
    for epsilon in settings["epsilons"]:
        run, _ = begun(2, betas, epsilon)
        run.advance(settings["transient"])
        amplitude = run.record(24).observables().max(axis=(1, 2)) / (1 - epsilon)
        root = [_root(beta * (1 - epsilon)) for beta in betas]
        tables.append(pd.DataFrame({"epsilon": epsilon, "beta": betas, "amplitude": amplitude, "root": root}))
    return arrays, pd.concat(tables, ignore_index=True)


def _root(gain: float) -> float:
    """Positive root of m = tanh(gain m), or 0."""
    if gain <= 1 + 1e-9:
        return 0.0
    return float(brentq(lambda m: np.tanh(gain * m) - m, 1e-6 * np.sqrt(gain - 1), 1.0))
