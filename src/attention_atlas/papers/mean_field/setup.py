"""Models and start windows from settings, and the file that holds a start window."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Window, mean_field_model, positional_patterns
from attention_atlas.dynamics.mean_field.run import published_start, token_start
from attention_atlas.dynamics.mean_field.weights import (
    FIELDS,
    KEY,
    OUTPUT,
    QUERY,
    VALUE,
    Correlations,
    Weights,
    correlations_of,
    explicit_weights,
    gaussian_correlations,
    manual_correlations,
    mean_correlations,
    random_weights,
    segment_weights,
)
from attention_atlas.errors import AtlasError, DataFileError
from attention_atlas.files import read_csv, read_npz

__all__ = ["build_model", "build_start", "build_token", "build_weights", "read_start", "start_table"]

# Where the spins of a token may come from: a row of a weight matrix
TOKENS = {"definition": OUTPUT, "value": VALUE, "query": QUERY, "key": KEY}
REPAIR = "mend it if it is your own, else delete it and run the same command again"


def build_weights(settings: Mapping[str, Any], factor: int = 1) -> Weights:
    """Weights of a network from the block ``model``, with every spin ``factor`` times: the correlations stay the same.

    Raises
    ------
    AtlasError
        Correlations that belong to no finite set of weights (``CORRELATIONS_ALONE``), or a bad value.
    """
    source = settings["weights"]
    if source["kind"] == "explicit":
        arrays = read_npz(source["file"], ["semantic", "positional"])
        return explicit_weights(np.repeat(arrays["semantic"], factor, axis=2), arrays["positional"])
    if source["kind"] == "random":
        one = random_weights(
            source["seed"],
            settings["patterns"],
            settings["positional_bits"],
            source["segments"] * source["segment_spins"],
        )
        return explicit_weights(np.repeat(one.semantic, factor, axis=2), one.positional)
    if source["kind"] == "segments":
        return segment_weights(
            source["seed"],
            settings["patterns"],
            settings["positional_bits"],
            source["segments"],
            source["segment_spins"] * factor,
        )
    kind = source["kind"]
    raise AtlasError(
        f"weights.kind: {kind} correlations belong to no network of spins; set segments, random or explicit"
    )


def build_model(settings: Mapping[str, Any]) -> tuple[Correlations, MeanFieldModel]:
    """Correlations and model from the block ``model``."""
    source = settings["weights"]
    if source["kind"] == "gaussian":
        correlations = gaussian_correlations(
            source["seed"], settings["patterns"], settings["positional_bits"], source["deviation"]
        )
    elif source["kind"] == "means":
        correlations = mean_correlations(source["seed"], settings["patterns"], settings["positional_bits"])
    elif source["kind"] == "manual":
        correlations = manual_correlations([source["orders"][name] for name in FIELDS], settings["positional_bits"])
    else:
        correlations = correlations_of(build_weights(settings))
    return correlations, mean_field_model(correlations, settings["context"])


def build_token(weights: Weights, source: str, pattern: int = 1, seed: int = 0) -> NDArray[np.int8]:
    """Spins ±1 of a token, (N,): row ``pattern`` (from 1) of W^o (``definition``), W^v, W^q or W^k, or random ones by ``seed``.

    Raises
    ------
    AtlasError
        A pattern that the weights do not have.
    """
    patterns, spins = weights.semantic.shape[1:]
    if source == "random":
        generator = np.random.Generator(np.random.Philox(key=seed))
        return np.array(2 * generator.integers(0, 2, (spins,)) - 1, dtype=np.int8)
    if not 1 <= pattern <= patterns:
        raise AtlasError(f"pattern: {pattern} is outside 1 to {patterns}, the rows of the weights; choose one of these")
    return weights.semantic[TOKENS[source], pattern - 1]


def build_start(settings: Mapping[str, Any], start: Mapping[str, Any]) -> Window:
    """The start window (L, M) that the blocks ``model`` and ``start`` describe."""
    correlations, model = build_model(settings)
    if start["first_token"] == "published":
        return published_start(model, correlations, start["beta"], start["tokens"])
    weights = build_weights(settings)
    token = build_token(weights, start["first_token"], start["pattern"], start["seed"])
    window = token_start(model, weights, token, start["beta"], start["tokens"])
    return Window(window.attention[0], window.phase)


def start_table(window: Window, bits: int) -> pd.DataFrame:
    """A window (L, M) as a table: age (0 the newest), A_1 .. A_M, and the positional bits of each entry."""
    context, patterns = window.attention.shape
    phases = (window.phase - np.arange(context)) % 2**bits
    table = pd.DataFrame({"age": np.arange(context)})
    for a in range(patterns):
        table[f"A_{a + 1}"] = window.attention[:, a]
    for bit in range(bits):
        table[f"bit_{bit + 1}"] = positional_patterns(bits)[phases, bit].astype(int)
    return table


def read_start(path: str | Path, model: MeanFieldModel) -> Window:
    """Read a start window written from ``start_table``.

    Raises
    ------
    DataFileError
        The file is damaged, or does not hold a window of this model.
    """
    attention_columns = [f"A_{a + 1}" for a in range(model.patterns)]
    bit_columns = [f"bit_{bit + 1}" for bit in range(model.bits)]
    table = read_csv(path, ["age", *attention_columns, *bit_columns])
    if list(table["age"]) != list(range(model.context)):
        raise DataFileError(
            f"{path}: holds entries of age {list(table['age'])}, the window has {model.context}; {REPAIR}"
        )
    attention = table[attention_columns].to_numpy(dtype=float)
    bits = table[bit_columns].to_numpy(dtype=float)
    if not np.isfinite(attention).all() or not np.isin(bits, (-1, 1)).all():
        raise DataFileError(f"{path}: holds numbers that are no attention or no bits of -1 and 1; {REPAIR}")
    order = ((bits > 0) @ (2 ** np.arange(model.bits)[::-1])).astype(int)
    if not np.array_equal(order, (order[0] - np.arange(model.context)) % model.cycle):
        raise DataFileError(
            f"{path}: its positional bits do not count up from the oldest entry to the newest; {REPAIR}"
        )
    return Window(attention, int(order[0]))
