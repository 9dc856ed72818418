"""A small GPT on characters: its weights and its forward pass, which keeps what the gradient needs.

Two variants. ``pre_ln``: the standard model, a block of its own for each layer,

    y = x + attention(norm(x)),    x' = y + feed_forward(norm(y)),    and a norm after the last layer;

``post_ln_shared``: one block for all layers, with the norms where BERT and ALBERT have them,

    y = norm(x + attention(x)),    x' = norm(y + feed_forward(y)).

``bigram``, the model to beat: no blocks, the scores of the next character are a row of a
table, that of the present character.

Attention is causal. All weights live in one vector, so that the optimiser is one
line; a model is a dictionary of views into it.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError

__all__ = [
    "BIGRAM",
    "VARIANTS",
    "GptSizes",
    "Weights",
    "apply_gpt_block",
    "embed_characters",
    "forward",
    "initial_weights",
    "shuffled_weights",
    "view",
]

VARIANTS = ("pre_ln", "post_ln_shared")
BIGRAM = "bigram"
EPSILON = 1e-5
SPREAD = 0.02
GELU_SLOPE = math.sqrt(2 / math.pi)
GELU_CUBIC = 0.044715

Weights = dict[str, np.ndarray]
Cache = dict[str, Any]


class GptSizes(NamedTuple):
    """Sizes of a small GPT."""

    variant: str
    characters: int
    """size of the alphabet"""
    context: int
    """longest text it sees (characters)"""
    layers: int
    heads: int
    width: int

    @property
    def blocks(self) -> int:
        """Number of different blocks."""
        return 1 if self.variant == "post_ln_shared" else self.layers

    def check(self) -> None:
        """Raise ``AtlasError`` for sizes that do not fit together."""
        known = (*VARIANTS, BIGRAM)
        if self.variant not in known:
            raise AtlasError(
                f"mini-GPT variant {self.variant!r}: the bound is one of {', '.join(known)}; set one of them"
            )
        if self.width % self.heads:
            raise AtlasError(f"mini-GPT: {self.heads} heads do not divide the width {self.width}; set a divisor of it")


def shapes(sizes: GptSizes) -> dict[str, tuple[int, ...]]:
    """Name and shape of each array, in the order of the vector."""
    if sizes.variant == BIGRAM:
        return {"table": (sizes.characters, sizes.characters)}
    d = sizes.width
    found: dict[str, tuple[int, ...]] = {"characters": (sizes.characters, d), "positions": (sizes.context, d)}
    for block in range(sizes.blocks):
        inner = {
            "norm1.gain": (d,),
            "norm1.bias": (d,),
            "attention.weight": (d, 3 * d),
            "attention.bias": (3 * d,),
            "output.weight": (d, d),
            "output.bias": (d,),
            "norm2.gain": (d,),
            "norm2.bias": (d,),
            "expand.weight": (d, 4 * d),
            "expand.bias": (4 * d,),
            "contract.weight": (4 * d, d),
            "contract.bias": (d,),
        }
        found |= {f"block{block}.{name}": shape for name, shape in inner.items()}
    return {**found, "last_norm.gain": (d,), "last_norm.bias": (d,), "head": (d, sizes.characters)}


def view(vector: np.ndarray, sizes: GptSizes) -> Weights:
    """The arrays of a model as views into one vector of the right length."""
    weights, start = {}, 0
    for name, shape in shapes(sizes).items():
        length = math.prod(shape)
        weights[name] = vector[start : start + length].reshape(shape)
        start += length
    return weights


def initial_weights(sizes: GptSizes, seed: int, dtype: type = np.float32) -> np.ndarray:
    """One vector of weights before training.

    As in GPT-2 all matrices are normal with spread 0.02, gains 1, biases 0.
    (Larger matrices bring the post-LN model to one cluster within its first
    layers, from where it no longer learns.)
    """
    sizes.check()
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed])))
    parts = []
    for name, shape in shapes(sizes).items():
        if len(shape) == 1:
            array = np.ones(shape) if name.endswith(".gain") else np.zeros(shape)
        else:
            array = SPREAD * generator.standard_normal(shape)
        parts.append(array.ravel())
    return np.concatenate(parts).astype(dtype)


def affine(weights: Weights, name: str, states: np.ndarray) -> np.ndarray:
    """states weight + bias; one product for the whole batch, which is faster than one for each text."""
    weight = weights[f"{name}.weight"]
    result = states.reshape(-1, len(weight)) @ weight
    result += weights[f"{name}.bias"]
    return result.reshape(*states.shape[:-1], -1)


def norm_forward(states: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, Cache]:
    """Layer norm over the last axis."""
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.einsum("...i,...i->...", centred, centred)[..., None] / states.shape[-1]
    scale = 1 / np.sqrt(variance + states.dtype.type(EPSILON))
    centred *= scale
    return centred * gain + bias, {"normed": centred, "scale": scale}


def attention_forward(weights: Weights, base: str, states: np.ndarray, heads: int) -> tuple[np.ndarray, Cache]:
    """Causal attention of states (batch, n, d)."""
    batch, tokens, width = states.shape
    size = width // heads
    projected = affine(weights, f"{base}.attention", states)
    # (3, batch, heads, n, size)
    queries, keys, values = np.ascontiguousarray(
        projected.reshape(batch, tokens, 3, heads, size).transpose(2, 0, 3, 1, 4)
    )
    shares = queries @ keys.swapaxes(-1, -2)
    shares *= states.dtype.type(1 / math.sqrt(size))
    shares += np.triu(np.full((tokens, tokens), -1e30, dtype=states.dtype), k=1)
    shares -= shares.max(axis=-1, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = (shares @ values).swapaxes(1, 2).reshape(batch, tokens, width)
    result = affine(weights, f"{base}.output", mixed)
    cache = {"states": states, "queries": queries, "keys": keys, "values": values, "shares": shares, "mixed": mixed}
    return result, cache


def feed_forward(weights: Weights, base: str, states: np.ndarray) -> tuple[np.ndarray, Cache]:
    """Two linear maps around GELU in its tanh form."""
    inner = affine(weights, f"{base}.expand", states)
    slope, cubic = inner.dtype.type(GELU_SLOPE), inner.dtype.type(GELU_CUBIC)
    squared = inner * inner
    bent = squared * cubic
    bent += 1
    bent *= inner
    bent *= slope
    np.tanh(bent, out=bent)
    active = bent + 1
    active *= inner
    active *= inner.dtype.type(0.5)
    result = affine(weights, f"{base}.contract", active)
    return result, {"states": states, "inner": inner, "squared": squared, "bent": bent, "active": active}


def block_forward(weights: Weights, block: int, states: np.ndarray, sizes: GptSizes) -> tuple[np.ndarray, Cache]:
    """One layer of either variant on states (batch, n, d)."""
    base = f"block{block}"
    norms = [(weights[f"{base}.norm{number}.gain"], weights[f"{base}.norm{number}.bias"]) for number in (1, 2)]
    if sizes.variant == "pre_ln":
        normed, first = norm_forward(states, *norms[0])
        change, attention = attention_forward(weights, base, normed, sizes.heads)
        states = states + change
        normed, second = norm_forward(states, *norms[1])
        change, inner = feed_forward(weights, base, normed)
        states = states + change
    else:
        change, attention = attention_forward(weights, base, states, sizes.heads)
        states, first = norm_forward(states + change, *norms[0])
        change, inner = feed_forward(weights, base, states)
        states, second = norm_forward(states + change, *norms[1])
    return states, {"norm1": first, "attention": attention, "norm2": second, "inner": inner}


def apply_gpt_block(weights: Weights, block: int, states: np.ndarray, sizes: GptSizes) -> np.ndarray:
    """States (batch, n, d) after one layer."""
    return block_forward(weights, block, states, sizes)[0]


def embed_characters(weights: Weights, characters: np.ndarray) -> np.ndarray:
    """States of layer 0, (batch, n, d), for character numbers (batch, n)."""
    return weights["characters"][characters] + weights["positions"][: characters.shape[1]]


def forward(weights: Weights, characters: np.ndarray, sizes: GptSizes) -> tuple[np.ndarray, Cache]:
    """Scores (batch, n, alphabet) of the next character after each, and what the gradient needs."""
    if sizes.variant == BIGRAM:
        return weights["table"][characters], {}
    states = embed_characters(weights, characters)
    layers = []
    for layer in range(sizes.layers):
        states, cache = block_forward(weights, layer % sizes.blocks, states, sizes)
        layers.append(cache)
    normed, last = norm_forward(states, weights["last_norm.gain"], weights["last_norm.bias"])
    return normed @ weights["head"], {"characters": characters, "layers": layers, "last": last, "normed": normed}


def shuffled_weights(weights: Weights, seed: int) -> Weights:
    """The control with the entries of each matrix in random order; vectors stay as trained."""
    changed = {}
    for number, (name, array) in enumerate(weights.items()):
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, number])))
        changed[name] = generator.permutation(array.ravel()).reshape(array.shape) if array.ndim == 2 else array
    return changed
