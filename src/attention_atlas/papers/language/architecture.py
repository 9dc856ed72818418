"""Shape of a BERT-like encoder, from its ``config.json``."""

import json
from pathlib import Path
from typing import NamedTuple

from attention_atlas.errors import AtlasError

__all__ = ["ACTIVATIONS", "KINDS", "Architecture", "read_architecture"]

KINDS = ("bert", "albert")
# name in config.json -> form of the Gaussian error unit
ACTIVATIONS = {"gelu": "erf", "gelu_new": "tanh"}


class Architecture(NamedTuple):
    """Sizes of an encoder with post-layer-norm blocks."""

    kind: str
    """``bert`` (a block of its own for each layer) or ``albert`` (one block shared by all layers)"""
    layers: int
    heads: int
    width: int
    """dimension d of the hidden states"""
    feed_forward: int
    embedding: int
    """dimension of the token embedding; ALBERT maps it to the width, BERT has both equal"""
    vocabulary: int
    positions: int
    """longest prompt (tokens)"""
    epsilon: float
    """added to the variance in layer norms"""
    activation: str
    """``erf`` or ``tanh``"""
    initial_spread: float
    """standard deviation of the weights at initialisation"""

    @property
    def blocks(self) -> int:
        """Number of different blocks."""
        return 1 if self.kind == "albert" else self.layers


def _check(path: Path, found: Architecture) -> None:
    for name in ("layers", "heads", "width", "feed_forward", "embedding", "vocabulary", "positions"):
        if getattr(found, name) < 1:
            raise AtlasError(
                f"{path}: {name} is {getattr(found, name)}, the bound is 1; take the config.json of the model again"
            )
    if found.width % found.heads:
        raise AtlasError(
            f"{path}: {found.heads} heads do not divide the width {found.width}; "
            "take the config.json of the model again"
        )


def read_architecture(path: str | Path) -> Architecture:
    """Read ``config.json`` as the transformers library writes it.

    Raises
    ------
    AtlasError
        The file is damaged, lacks a key, or describes another kind of model.
    """
    path = Path(path)
    try:
        values = json.loads(path.read_text())
        kind = values["model_type"]
        if kind not in KINDS:
            raise AtlasError(
                f"{path}: model_type is {kind!r}, the bound is one of {', '.join(KINDS)}; give such a model"
            )
        if values["hidden_act"] not in ACTIVATIONS:
            raise AtlasError(
                f"{path}: hidden_act is {values['hidden_act']!r}, the bound is one of {', '.join(ACTIVATIONS)}; "
                "give such a model"
            )
        if values.get("num_hidden_groups", 1) != 1 or values.get("inner_group_num", 1) != 1:
            raise AtlasError(
                f"{path}: more than one group of layers; give an ALBERT with num_hidden_groups = inner_group_num = 1"
            )
        if values.get("position_embedding_type", "absolute") != "absolute":
            raise AtlasError(f"{path}: position_embedding_type is not absolute; give a model with absolute positions")
        found = Architecture(
            kind=kind,
            layers=int(values["num_hidden_layers"]),
            heads=int(values["num_attention_heads"]),
            width=int(values["hidden_size"]),
            feed_forward=int(values["intermediate_size"]),
            embedding=int(values.get("embedding_size", values["hidden_size"])),
            vocabulary=int(values["vocab_size"]),
            positions=int(values["max_position_embeddings"]),
            epsilon=float(values["layer_norm_eps"]),
            activation=ACTIVATIONS[values["hidden_act"]],
            initial_spread=float(values.get("initializer_range", 0.02)),
        )
    except AtlasError:
        raise
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise AtlasError(
            f"{path}: is missing or damaged ({' '.join(str(error).split())}); install or download the model again"
        ) from error
    except KeyError as error:
        raise AtlasError(
            f"{path}: has no key {error.args[0]}; take the config.json that belongs to the weights"
        ) from error
    _check(path, found)
    return found
