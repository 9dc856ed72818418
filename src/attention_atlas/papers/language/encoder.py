"""Weights of a BERT-like encoder: read from a safetensors file, never from a pickle."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.architecture import Architecture, read_architecture
from attention_atlas.papers.language.model_files import ModelFiles

__all__ = ["Block", "Embedding", "Encoder", "Norm", "encoder_from_arrays", "parameters", "read_arrays", "read_encoder"]


class Linear(NamedTuple):
    """x -> x weight^T + bias."""

    weight: np.ndarray
    """(out, in)"""
    bias: np.ndarray
    """(out,)"""


class Norm(NamedTuple):
    """Layer norm: gain (x - mean) / sqrt(variance + epsilon) + bias, each (d,)."""

    gain: np.ndarray
    bias: np.ndarray


class Block(NamedTuple):
    """One transformer layer with the norm after each sum (post-LN)."""

    query: Linear
    key: Linear
    value: Linear
    attention_output: Linear
    attention_norm: Norm
    expand: Linear
    contract: Linear
    output_norm: Norm


class Embedding(NamedTuple):
    """What turns tokens into the states of layer 0."""

    words: np.ndarray
    """(vocabulary, embedding)"""
    positions: np.ndarray
    """(positions, embedding)"""
    types: np.ndarray
    """(types, embedding); a prompt of one part uses row 0 only"""
    norm: Norm
    mapping: Linear | None
    """from the embedding's dimension to the width (ALBERT), or none"""


class Encoder(NamedTuple):
    """A model: its sizes, its embedding and its different blocks."""

    architecture: Architecture
    embedding: Embedding
    blocks: tuple[Block, ...]


# Names inside a block: ours -> (BERT's, ALBERT's)
_LINEARS = {
    "query": ("attention.self.query", "attention.query"),
    "key": ("attention.self.key", "attention.key"),
    "value": ("attention.self.value", "attention.value"),
    "attention_output": ("attention.output.dense", "attention.dense"),
    "expand": ("intermediate.dense", "ffn"),
    "contract": ("output.dense", "ffn_output"),
}
_NORMS = {
    "attention_norm": ("attention.output.LayerNorm", "attention.LayerNorm"),
    "output_norm": ("output.LayerNorm", "full_layer_layer_norm"),
}
_AGAIN = "install or download the model again"


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """All arrays of a safetensors file.

    Raises
    ------
    AtlasError
        The file is missing, cut short, or not of this format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(str(path))
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise AtlasError(
            f"{path}: is missing or not a whole safetensors file ({' '.join(str(error).split())}); {_AGAIN}"
        ) from error


class _Reader:
    """Takes arrays by name, with or without the prefix of a model with a head, and checks their shapes."""

    def __init__(self, arrays: Mapping[str, np.ndarray], kind: str, where: str):
        prefix = f"{kind}."
        # the first BERT was saved with the names of another library for gain and bias
        self.arrays = {
            name.removeprefix(prefix).replace(".gamma", ".weight").replace(".beta", ".bias"): array
            for name, array in arrays.items()
        }
        self.where = where

    def array(self, name: str, *shape: int) -> np.ndarray:
        if name not in self.arrays:
            raise AtlasError(
                f"{self.where}: has no array {name}; give weights that belong to the config.json beside them"
            )
        array = self.arrays[name]
        if array.shape != shape:
            raise AtlasError(
                f"{self.where}: {name} has the shape {array.shape}, the config.json asks for {shape}; "
                "give files of one model"
            )
        if not np.isfinite(array).all():
            raise AtlasError(f"{self.where}: {name} holds a number that is not finite; {_AGAIN}")
        return np.ascontiguousarray(array, dtype=np.float32)

    def linear(self, name: str, into: int, out: int) -> Linear:
        return Linear(self.array(f"{name}.weight", out, into), self.array(f"{name}.bias", out))

    def norm(self, name: str, width: int) -> Norm:
        return Norm(self.array(f"{name}.weight", width), self.array(f"{name}.bias", width))

    def block(self, sizes: Architecture, index: int) -> Block:
        width, inner = sizes.width, sizes.feed_forward
        style = 0 if sizes.kind == "bert" else 1
        base = f"encoder.layer.{index}" if style == 0 else "encoder.albert_layer_groups.0.albert_layers.0"
        shapes = {"expand": (width, inner), "contract": (inner, width)}
        parts: dict[str, Any] = {
            ours: self.linear(f"{base}.{names[style]}", *shapes.get(ours, (width, width)))
            for ours, names in _LINEARS.items()
        }
        parts |= {ours: self.norm(f"{base}.{names[style]}", width) for ours, names in _NORMS.items()}
        return Block(**parts)

    def embedding(self, sizes: Architecture) -> Embedding:
        size = sizes.embedding
        types = self.arrays.get("embeddings.token_type_embeddings.weight")
        mapping = None
        if sizes.kind == "albert":
            mapping = self.linear("encoder.embedding_hidden_mapping_in", size, sizes.width)
        return Embedding(
            words=self.array("embeddings.word_embeddings.weight", sizes.vocabulary, size),
            positions=self.array("embeddings.position_embeddings.weight", sizes.positions, size),
            types=self.array("embeddings.token_type_embeddings.weight", 2 if types is None else len(types), size),
            norm=self.norm("embeddings.LayerNorm", size),
            mapping=mapping,
        )


def encoder_from_arrays(sizes: Architecture, arrays: Mapping[str, np.ndarray], where: str = "weights") -> Encoder:
    """Sort named arrays into an encoder; ``where`` names their source in messages.

    Raises
    ------
    AtlasError
        An array is missing, has another shape, or holds a number that is not finite.
    """
    reader = _Reader(arrays, sizes.kind, where)
    return Encoder(sizes, reader.embedding(sizes), tuple(reader.block(sizes, index) for index in range(sizes.blocks)))


def read_encoder(files: ModelFiles) -> Encoder:
    """Read a model in single precision, as it was trained; ``AtlasError`` in one line if a file is not whole."""
    sizes = read_architecture(files.config)
    return encoder_from_arrays(sizes, read_arrays(files.weights), str(files.weights))


def parameters(encoder: Encoder) -> int:
    """Number of trained numbers that the hidden states depend on."""

    def arrays(value: object) -> Iterator[np.ndarray]:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple):
            for inner in value:
                yield from arrays(inner)

    return sum(array.size for array in arrays((encoder.embedding, encoder.blocks)))
