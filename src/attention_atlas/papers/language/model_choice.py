"""The models of the figures by their names: trained, shuffled, random; from a package or a folder."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.controls import random_encoder, shuffled_encoder
from attention_atlas.papers.language.encoder import Encoder
from attention_atlas.papers.language.model_files import ModelFiles, files_in_folder, files_in_package

__all__ = ["CONTROLS", "find_files", "heads_of", "model_named"]

CONTROLS = ("shuffled", "random")


def find_files(source: Mapping[str, Any]) -> ModelFiles:
    """Files of a model whose settings name a ``folder`` or, without one, a ``package``."""
    if source.get("folder"):
        return files_in_folder(source["folder"])
    return files_in_package(source["package"])


def model_named(name: str, trained: Encoder, seed: int, draw: int = 0) -> Encoder:
    """The trained model itself, or the control made from it, draw number ``draw``, if ``name`` ends with its name."""
    if name.endswith("shuffled"):
        return shuffled_encoder(trained, seed, draw)
    if name.endswith("random"):
        return random_encoder(trained, seed, draw)
    return trained


def heads_of(choice: str | int, trained: Encoder) -> int:
    """Number of heads for ``as_trained`` or a number.

    Raises
    ------
    AtlasError
        The number does not divide the width.
    """
    sizes = trained.architecture
    heads = sizes.heads if choice == "as_trained" else int(choice)
    if sizes.width % heads:
        raise AtlasError(f"heads: {heads} does not divide the model's width {sizes.width}; set a divisor of it")
    return heads
