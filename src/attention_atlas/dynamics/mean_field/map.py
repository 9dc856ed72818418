"""The mean-field map of 1-bit self-attention: model, windows and one step in plain NumPy.

Poc-López and Aguilera, "Dynamical Mean-Field Theory of Self-Attention Neural
Networks", N -> infinity. The state is the last L attention vectors A (M numbers
each) and the positional pattern of each; ``mean_field_kernel`` advances many of
them fast, the functions here build models and windows and say what a step is.

Up to three patterns are padded to three with zeros: the sign classes, the
responses and the attention of a pattern that is not there vanish, so one kernel
serves M = 1, 2 and 3.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attention_atlas.dynamics.mean_field.weights import KEY, OUTPUT, QUERY, VALUE, Correlations, Weights
from attention_atlas.errors import AtlasError

__all__ = [
    "SCALING",
    "MeanFieldModel",
    "Parameters",
    "Window",
    "attention_step",
    "entry_fields",
    "grow_window",
    "mean_field_model",
    "observables",
    "parameters",
    "positional_patterns",
    "token_fields",
]

Floats = NDArray[np.float64]

# gamma = beta_att * SCALING / sqrt(M)
SCALING = 100.0
CLASSES, PADDED = 4, 3
# sigma_j: relative signs of the rows of W^o; the sign of the first is factored out
SIGNS = np.array([[1.0, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]])


class MeanFieldModel(NamedTuple):
    """Coefficients of the map, padded to three patterns.

    signs : (4, 3) sign classes sigma_j; unused classes and patterns are 0
    response : (4, 3, 4), S^alpha_ja 2**-(M-1) as [alpha, a, j]: semantic field of unit T_j
    positional : (4, P, 3), (1/B) sum_bits W^alpha p for each of the P = 2**B patterns
    """

    patterns: int
    bits: int
    context: int
    signs: Floats
    response: Floats
    positional: Floats

    @property
    def cycle(self) -> int:
        """P, the steps after which the positional patterns repeat."""
        return 2**self.bits


class Parameters(NamedTuple):
    """One value for each of R runs: output gain, gamma of the softmax, share of the positional bits."""

    beta: Floats
    gamma: Floats
    epsilon: Floats


class Window(NamedTuple):
    """Attention vectors (..., L, M), newest first, and the positional pattern of the newest (0 .. P-1)."""

    attention: Floats
    phase: int


def mean_field_model(correlations: Correlations, context: int | None = None) -> MeanFieldModel:
    """Coefficients for a window of ``context`` tokens, 2**B by default.

    Raises
    ------
    AtlasError
        A window without tokens, or longer than the positional code, which cannot tell its tokens apart.
    """
    patterns, bits = correlations.positional.shape[1:]
    cycle = 2**bits
    length = cycle if context is None else context
    if not 1 <= length <= cycle:
        raise AtlasError(
            f"context: a window of {length} tokens does not fit the positional code of {bits} bits, which tells"
            f" {cycle} tokens apart; set 1 <= context <= {cycle}, or more positional_bits"
        )
    classes = 2 ** (patterns - 1)
    used = slice(None, None, CLASSES // classes)
    signs = np.zeros((CLASSES, PADDED))
    signs[used, :patterns] = SIGNS[used, :patterns]
    response = np.zeros((4, PADDED, CLASSES))
    response[:, :patterns] = np.einsum("jb,fba->faj", signs[:, :patterns], correlations.pair)
    if patterns == 3:
        response += np.einsum("j,fa->faj", signs.prod(axis=1), correlations.quad)
    positional = np.zeros((4, cycle, PADDED))
    positional[:, :, :patterns] = np.einsum("pi,fai->fpa", positional_patterns(bits), correlations.positional) / bits
    return MeanFieldModel(patterns, bits, length, signs, response / classes, positional)


def positional_patterns(bits: int) -> Floats:
    """The 2**B binary patterns as ±1, shape (P, B): from all -1 on, most significant bit first."""
    numbers = np.arange(2**bits)[:, None]
    return 2.0 * ((numbers >> np.arange(bits)[::-1]) & 1).astype(np.float64) - 1.0


def parameters(
    model: MeanFieldModel,
    beta: ArrayLike,
    beta_att: ArrayLike = 2.2,
    epsilon: ArrayLike = 0.02,
    scaling: float = SCALING,
) -> Parameters:
    """Parameters of R runs from values that broadcast to shape (R,).

    Raises
    ------
    AtlasError
        A value that is not finite, or epsilon outside [0, 1].
    """
    gain, attention, share = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, float)) for x in (beta, beta_att, epsilon))
    )
    for name, values in (("beta", gain), ("beta_att", attention), ("scaling", np.array([scaling])), ("epsilon", share)):
        bad = values[~(np.abs(values) <= 1e6)]
        if bad.size:
            raise AtlasError(f"{name}: {bad[0]} is not a number of at most 1e6 in magnitude; set a finite one")
    outside = share[(share < 0) | (share > 1)]
    if outside.size:
        raise AtlasError(
            f"epsilon: {outside[0]} is outside 0 to 1; it is the share of the positional bits, the paper has 0.02"
        )
    gamma = attention * scaling / math.sqrt(model.patterns)
    return Parameters(*(np.ascontiguousarray(x) for x in (gain, gamma, share)))


def _responses(model: MeanFieldModel, params: Parameters, attention: Floats) -> Floats:
    """T_j(d), shape (R, ..., 4), of attention vectors (R, ..., M)."""
    beta = params.beta.reshape((-1,) + (1,) * (attention.ndim - 1))
    return np.tanh(beta * (attention @ model.signs[:, : model.patterns].T))


def _field(
    model: MeanFieldModel, params: Parameters, attention: Floats, phases: NDArray[np.int64], which: int
) -> Floats:
    """m^alpha of window entries (R, D, M) whose positional patterns are ``phases`` (D,)."""
    share = params.epsilon[:, None, None]
    semantic = _responses(model, params, attention) @ model.response[which, : model.patterns].T
    return (1.0 - share) * semantic + share * model.positional[which, phases, : model.patterns]


def entry_fields(model: MeanFieldModel, params: Parameters, window: Window) -> Floats:
    """All four fields of the entries of windows (R, L, M), positional parts included: (4, R, L, M)."""
    attention = np.broadcast_to(window.attention, (params.beta.size, *window.attention.shape[-2:]))
    phases = (window.phase - np.arange(attention.shape[1])) % model.cycle
    return np.stack([_field(model, params, attention, phases, which) for which in range(4)])


def observables(model: MeanFieldModel, params: Parameters, attention: Floats) -> Floats:
    """m^{o,se} = (1 - epsilon) times the semantic output field, shape (R, ..., M)."""
    share = params.epsilon.reshape((-1,) + (1,) * (attention.ndim - 1))
    return (1.0 - share) * (_responses(model, params, attention) @ model.response[OUTPUT, : model.patterns].T)


def _softmax_mean(params: Parameters, query: Floats, keys: Floats, values: Floats) -> Floats:
    logits = params.gamma[:, None] * np.einsum("ra,rda->rd", query, keys)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.einsum("rd,rda->ra", weights, values) / weights.sum(axis=1, keepdims=True)


def attention_step(model: MeanFieldModel, params: Parameters, window: Window) -> Window:
    """One step of the map in plain NumPy, for windows (R, L, M): the definition that the kernel is tested against."""
    attention = window.attention
    phases = (window.phase - np.arange(attention.shape[1])) % model.cycle
    query = _field(model, params, attention[:, :1], phases[:1], QUERY)[:, 0]
    keys = _field(model, params, attention, phases, KEY)
    values = _field(model, params, attention, phases, VALUE)
    new = _softmax_mean(params, query, keys, values)
    shifted = np.concatenate([new[:, None], attention[:, : model.context - 1]], axis=1)
    return Window(shifted, (window.phase + 1) % model.cycle)


def token_fields(weights: Weights, token: ArrayLike) -> Floats:
    """Semantic parts (1/N) sum_i W^alpha_ai x_i of a token (N,) of ±1, shape (4, M).

    Raises
    ------
    AtlasError
        The token has another number of spins than the weights, or entries other than ±1.
    """
    spins = np.asarray(token, dtype=float)
    count = weights.semantic.shape[2]
    if spins.shape != (count,) or not (np.abs(spins) == 1).all():
        raise AtlasError(f"token: shape {spins.shape} or its values do not fit; give {count} spins of -1 or 1")
    return weights.semantic @ spins / count


def grow_window(model: MeanFieldModel, params: Parameters, fields: Floats) -> Window:
    """The window after the first L steps from a single token with positional bits -1.

    ``fields`` (4, M) are its semantic parts from ``token_fields``. The token
    itself has left the window after L steps, and the state is attention vectors
    alone.
    """
    runs, width = params.beta.size, model.patterns
    share = params.epsilon[:, None]
    first = (1.0 - share)[None] * fields[:, None, :] + share[None] * model.positional[:, None, 0, :width]
    grown = np.zeros((runs, 0, width))
    for step in range(model.context):
        phases = (step - np.arange(grown.shape[1])) % model.cycle
        keys = np.concatenate([_field(model, params, grown, phases, KEY), first[KEY][:, None]], axis=1)
        values = np.concatenate([_field(model, params, grown, phases, VALUE), first[VALUE][:, None]], axis=1)
        query = first[QUERY] if step == 0 else _field(model, params, grown[:, :1], phases[:1], QUERY)[:, 0]
        new = _softmax_mean(params, query, keys, values)
        grown = np.concatenate([new[:, None], grown], axis=1)
    return Window(grown, model.context % model.cycle)
