"""Texts into token numbers, with the model's own tokenizer."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError

__all__ = ["Tokeniser", "Tokens"]


class Tokens(NamedTuple):
    """A text as the model sees it."""

    numbers: np.ndarray
    """(n,) int64"""
    pieces: list[str]
    characters: int
    """number of characters of the text that the tokens cover"""


class Tokeniser:
    """Reads ``tokenizer.json``; the settings for batches that it may carry (cutting, padding) are switched off."""

    def __init__(self, path: str | Path):
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the tokenizers library raises nothing narrower
            raise AtlasError(
                f"{path}: is missing or not a tokenizer file ({' '.join(str(error).split())}); "
                "install or download the model again"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, text: str, most: int) -> Tokens:
        """The first ``most`` tokens of ``text``, special ones at both ends included."""
        self._tokenizer.enable_truncation(most)
        encoded = self._tokenizer.encode(text)
        return Tokens(
            np.array(encoded.ids, dtype=np.int64),
            list(encoded.tokens),
            max((end for _, end in encoded.offsets), default=0),
        )
