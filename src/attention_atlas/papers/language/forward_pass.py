"""Hidden states of a BERT-like encoder, layer after layer, in NumPy.

One layer of post-LN BERT (Devlin et al., arXiv 1810.04805) for the n × d states x:

    a = softmax(Q K^T / sqrt(d / heads)) V for each head, with Q, K, V affine in x
    y = norm(x + affine(a)),    x' = norm(y + affine(gelu(affine(y))))
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy.special import erf

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.encoder import Block, Encoder, Linear, Norm

__all__ = ["apply_block", "embed", "gelu", "hidden_states", "layer_norm", "softmax"]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Softmax of the last axis, in place."""
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def layer_norm(states: np.ndarray, norm: Norm, epsilon: float) -> np.ndarray:
    """Each row shifted to mean 0, scaled to variance 1, then gain and bias."""
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.einsum("...i,...i->...", centred, centred)[..., None] / states.shape[-1]
    centred *= 1 / np.sqrt(variance + states.dtype.type(epsilon))
    centred *= norm.gain
    centred += norm.bias
    return centred


def gelu(values: np.ndarray, form: str = "erf") -> np.ndarray:
    """Gaussian error unit x Phi(x): exact (``erf``), or the approximation with ``tanh``."""
    if form == "erf":
        share = erf(values * values.dtype.type(math.sqrt(0.5)))
    else:
        share = np.tanh(values.dtype.type(math.sqrt(2 / math.pi)) * (values + values.dtype.type(0.044715) * values**3))
    share += 1
    share *= values
    share *= values.dtype.type(0.5)
    return share


def _affine(states: np.ndarray, linear: Linear) -> np.ndarray:
    result = states @ linear.weight.T
    result += linear.bias
    return result


def _attention(block: Block, states: np.ndarray, heads: int) -> np.ndarray:
    """Values averaged with the softmax weights of each head, (n, d)."""
    tokens, width = states.shape
    size = width // heads

    def split(linear: Linear) -> np.ndarray:
        return np.ascontiguousarray(_affine(states, linear).reshape(tokens, heads, size).swapaxes(0, 1))

    queries, keys, values = split(block.query), split(block.key), split(block.value)
    queries *= states.dtype.type(1 / math.sqrt(size))
    weights = softmax(queries @ keys.swapaxes(1, 2))
    return (weights @ values).swapaxes(0, 1).reshape(tokens, width)


def apply_block(block: Block, states: np.ndarray, heads: int, epsilon: float, activation: str = "erf") -> np.ndarray:
    """States (n, d) after one layer; the precision is that of ``states``."""
    attended = _affine(_attention(block, states, heads), block.attention_output)
    middle = layer_norm(states + attended, block.attention_norm, epsilon)
    inner = gelu(_affine(middle, block.expand), activation)
    return layer_norm(middle + _affine(inner, block.contract), block.output_norm, epsilon)


def embed(encoder: Encoder, tokens: np.ndarray) -> np.ndarray:
    """States of layer 0 for the token numbers (n,): word + position + type, normed, mapped to the width.

    Raises
    ------
    AtlasError
        More tokens than positions, or a token number outside the vocabulary.
    """
    tokens = np.asarray(tokens)
    sizes, table = encoder.architecture, encoder.embedding
    if not 0 < len(tokens) <= sizes.positions:
        raise AtlasError(
            f"prompt: {len(tokens)} tokens, the model's bound is 1 to {sizes.positions}; choose a shorter prompt"
        )
    if tokens.min() < 0 or tokens.max() >= sizes.vocabulary:
        raise AtlasError(
            f"prompt: a token number {tokens.max()} is outside the vocabulary of {sizes.vocabulary}; "
            f"use the tokenizer.json that belongs to the weights"
        )
    states = table.words[tokens] + table.positions[: len(tokens)] + table.types[0]
    states = layer_norm(states, table.norm, sizes.epsilon)
    return states if table.mapping is None else _affine(states, table.mapping)


def hidden_states(
    encoder: Encoder,
    tokens: np.ndarray,
    schedule: Sequence[int],
    heads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[np.ndarray]:
    """States (n, d) of layer 0, 1, ..., one at a time.

    Parameters
    ----------
    encoder
        The model; the precision of the states is that of its weights.
    tokens
        Token numbers (n,).
    schedule
        Number of the block for each layer.
    heads
        Number of attention heads, the model's own by default.
    progress
        Called with the number of layers done.

    Raises
    ------
    AtlasError
        A bad number of heads, a prompt that does not fit, or states that are no longer finite.
    """
    sizes = encoder.architecture
    heads = sizes.heads if heads is None else heads
    if heads < 1 or sizes.width % heads:
        raise AtlasError(f"heads: {heads} does not divide the width {sizes.width}; set a divisor of it")
    states = embed(encoder, tokens)
    yield states
    for layer, number in enumerate(schedule, start=1):
        states = apply_block(encoder.blocks[number], states, heads, sizes.epsilon, sizes.activation)
        if not np.isfinite(states).all():
            raise AtlasError(
                f"layer {layer}: a hidden state is not finite; check the weights (heads {heads}, block {number})"
            )
        if progress:
            progress(layer)
        yield states
