"""Control models: the same architecture without what training put into it."""

import zlib

import numpy as np

from attention_atlas.papers.language.encoder import Block, Embedding, Encoder, Linear, Norm

__all__ = ["random_encoder", "shuffled_encoder"]


def _generator(seed: int, draw: int, name: str) -> np.random.Generator:
    """Generator keyed by (seed, draw, name of the array)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, draw, zlib.crc32(name.encode())])))


def _map_matrices(encoder: Encoder, change) -> Encoder:
    """The encoder with ``change(name, array)`` in place of each array."""

    def inner(name: str, value):
        if isinstance(value, np.ndarray):
            return change(name, value)
        if isinstance(value, Linear | Norm | Block | Embedding):
            return type(value)(*(inner(f"{name}.{field}", getattr(value, field)) for field in value._fields))
        return value

    blocks = tuple(inner(f"block{index}", block) for index, block in enumerate(encoder.blocks))
    return Encoder(encoder.architecture, inner("embedding", encoder.embedding), blocks)


def shuffled_encoder(encoder: Encoder, seed: int, draw: int = 0) -> Encoder:
    """The entries of each weight matrix in random order: the same distribution of weights, no structure.

    Biases and layer norms stay as trained.
    """

    def change(name: str, array: np.ndarray) -> np.ndarray:
        return (
            _generator(seed, draw, name).permutation(array.ravel()).reshape(array.shape) if array.ndim == 2 else array
        )

    return _map_matrices(encoder, change)


def random_encoder(encoder: Encoder, seed: int, draw: int = 0) -> Encoder:
    """The model before training: normal weights with the architecture's spread, biases 0, gains 1.

    The reference code draws a truncated normal (BERT) or a normal (ALBERT, and
    the transformers library for both); this is the latter.
    """
    spread = np.float32(encoder.architecture.initial_spread)

    def change(name: str, array: np.ndarray) -> np.ndarray:
        if array.ndim == 2:
            return spread * _generator(seed, draw, name).standard_normal(array.shape, dtype=np.float32)
        return np.ones_like(array) if name.endswith(".gain") else np.zeros_like(array)

    return _map_matrices(encoder, change)
