"""Gradient of the small GPT's loss, written by hand: each function undoes one of ``mini_gpt``."""

import math

import numpy as np

from attention_atlas.papers.language.mini_gpt import BIGRAM, GELU_CUBIC, GELU_SLOPE, Cache, GptSizes, Weights, forward

__all__ = ["cross_entropy", "loss_and_gradient", "loss_only"]


def cross_entropy(scores: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean of -log probability of the targets (nats a character), and its gradient in the scores."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    shares = np.exp(shifted)
    total = shares.sum(axis=-1, keepdims=True)
    at_target = np.take_along_axis(shifted, targets[..., None], axis=-1)
    loss = float((np.log(total) - at_target).mean(dtype=np.float64))
    shares /= total
    np.put_along_axis(shares, targets[..., None], np.take_along_axis(shares, targets[..., None], axis=-1) - 1, axis=-1)
    shares *= scores.dtype.type(1 / targets.size)
    return loss, shares


def _rows(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1, array.shape[-1])


def _linear(weights: Weights, gradient: Weights, name: str, entering: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Add the gradients of a linear map to ``gradient``; return the one of what entered it."""
    rows = _rows(change)
    gradient[f"{name}.weight"] += _rows(entering).T @ rows
    gradient[f"{name}.bias"] += rows.sum(axis=0)
    return (rows @ weights[f"{name}.weight"].T).reshape(entering.shape)


def _norm(weights: Weights, gradient: Weights, name: str, cache: Cache, change: np.ndarray) -> np.ndarray:
    normed = cache["normed"]
    gradient[f"{name}.gain"] += np.einsum("ij,ij->j", _rows(normed), _rows(change))
    gradient[f"{name}.bias"] += _rows(change).sum(axis=0)
    change = change * weights[f"{name}.gain"]
    along = np.einsum("...i,...i->...", change, normed)[..., None] / normed.shape[-1]
    change -= change.mean(axis=-1, keepdims=True)
    change -= normed * along
    change *= cache["scale"]
    return change


def _attention(weights: Weights, gradient: Weights, base: str, cache: Cache, change: np.ndarray) -> np.ndarray:
    queries, keys, values, shares = (cache[name] for name in ("queries", "keys", "values", "shares"))
    batch, heads, tokens, size = queries.shape
    mixed = _linear(weights, gradient, f"{base}.output", cache["mixed"], change)
    mixed = np.ascontiguousarray(mixed.reshape(batch, tokens, heads, size).swapaxes(1, 2))
    scores = mixed @ values.swapaxes(-1, -2)
    scores -= np.einsum("...ij,...ij->...i", scores, shares)[..., None]
    scores *= shares
    scores *= shares.dtype.type(1 / math.sqrt(size))
    parts = np.empty((3, *queries.shape), dtype=queries.dtype)
    np.matmul(scores, keys, out=parts[0])
    np.matmul(scores.swapaxes(-1, -2), queries, out=parts[1])
    np.matmul(shares.swapaxes(-1, -2), mixed, out=parts[2])
    projected = parts.transpose(1, 3, 0, 2, 4).reshape(batch, tokens, 3 * heads * size)
    return _linear(weights, gradient, f"{base}.attention", cache["states"], projected)


def _feed_forward(weights: Weights, gradient: Weights, base: str, cache: Cache, change: np.ndarray) -> np.ndarray:
    change = _linear(weights, gradient, f"{base}.contract", cache["active"], change)
    inner, bent = cache["inner"], cache["bent"]
    kind = inner.dtype.type
    # d gelu = (1 + t) / 2 + x (1 - t²) (slope + 3 slope cubic x²) / 2
    steep = cache["squared"] * kind(3 * GELU_SLOPE * GELU_CUBIC)
    steep += kind(GELU_SLOPE)
    steep *= inner
    steep *= 1 - bent * bent
    steep += bent
    steep += 1
    steep *= kind(0.5)
    steep *= change
    return _linear(weights, gradient, f"{base}.expand", cache["states"], steep)


def _block(
    weights: Weights, gradient: Weights, block: int, cache: Cache, change: np.ndarray, sizes: GptSizes
) -> np.ndarray:
    base = f"block{block}"
    if sizes.variant == "pre_ln":
        inner = _feed_forward(weights, gradient, base, cache["inner"], change)
        change = change + _norm(weights, gradient, f"{base}.norm2", cache["norm2"], inner)
        inner = _attention(weights, gradient, base, cache["attention"], change)
        return change + _norm(weights, gradient, f"{base}.norm1", cache["norm1"], inner)
    change = _norm(weights, gradient, f"{base}.norm2", cache["norm2"], change)
    change = change + _feed_forward(weights, gradient, base, cache["inner"], change)
    change = _norm(weights, gradient, f"{base}.norm1", cache["norm1"], change)
    return change + _attention(weights, gradient, base, cache["attention"], change)


def loss_only(weights: Weights, characters: np.ndarray, targets: np.ndarray, sizes: GptSizes) -> float:
    """Cross-entropy (nats a character) of the characters that follow."""
    return cross_entropy(forward(weights, characters, sizes)[0], targets)[0]


def loss_and_gradient(
    weights: Weights, gradient: Weights, characters: np.ndarray, targets: np.ndarray, sizes: GptSizes
) -> float:
    """Loss of a batch; its gradient is added to ``gradient``.

    Parameters
    ----------
    weights, gradient
        Arrays of the model and of the same shapes (see ``mini_gpt.view``).
    characters, targets
        Character numbers (batch, n) and the ones that follow each.
    """
    scores, cache = forward(weights, characters, sizes)
    loss, change = cross_entropy(scores, targets)
    # sum over equal characters: one column a character, a product instead of a scatter
    alphabet = np.eye(sizes.characters, dtype=change.dtype)[characters.ravel()]
    if sizes.variant == BIGRAM:
        gradient["table"] += alphabet.T @ _rows(change)
        return loss
    gradient["head"] += _rows(cache["normed"]).T @ _rows(change)
    change = (_rows(change) @ weights["head"].T).reshape(cache["normed"].shape)
    change = _norm(weights, gradient, "last_norm", cache["last"], change)
    for layer in reversed(range(sizes.layers)):
        change = _block(weights, gradient, layer % sizes.blocks, cache["layers"][layer], change, sizes)
    gradient["characters"] += alphabet.T @ _rows(change)
    gradient["positions"][: characters.shape[1]] += change.sum(axis=0)
    return loss
