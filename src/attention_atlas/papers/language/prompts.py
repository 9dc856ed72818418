"""Passages of texts as prompts: which ones depends on a seed only."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.tokenisation import Tokeniser

__all__ = ["Passage", "choose_passages", "read_text"]

# A passage begins after an empty line: with a paragraph, a speech or a chapter.
_BEGINNING = re.compile(r"(?:\A|\n\n)[ \t]*(?=\S)")
# No token of a usual tokenizer covers more characters of English on average.
MAX_CHARACTERS_PER_TOKEN = 16


class Passage(NamedTuple):
    """A prompt and where it comes from."""

    source: str
    """name of the text's file"""
    start: int
    """first character in the file"""
    text: str
    tokens: np.ndarray
    """(n,) token numbers"""
    pieces: list[str]


def read_text(path: str | Path) -> str:
    """A text in UTF-8; ``AtlasError`` if it is missing, empty or something else."""
    try:
        text = Path(path).read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AtlasError(
            f"text {path}: cannot be read as UTF-8 ({' '.join(str(error).split())}); name another file"
        ) from error
    if not text.strip():
        raise AtlasError(f"text {path}: is empty; name another file")
    return text


def _long_enough(text: str, tokeniser: Tokeniser, tokens: int) -> list[int]:
    """Beginnings that have ``tokens`` tokens after them."""
    starts = [match.end() for match in _BEGINNING.finditer(text)]
    while starts and len(tokeniser.encode(text[starts[-1] :], tokens).numbers) < tokens:
        starts.pop()
    return starts


def choose_passages(
    texts: Sequence[tuple[str, str]], tokeniser: Tokeniser, *, count: int, tokens: int, seed: int
) -> list[Passage]:
    """``count`` passages of exactly ``tokens`` tokens, from the texts in turn.

    Parameters
    ----------
    texts
        (name, content) of each text.
    tokeniser
        The model's; the special tokens at both ends count.
    count, tokens, seed
        Passage k depends on (seed, k) and the texts only.

    Raises
    ------
    AtlasError
        A text is too short.
    """
    starts = {}
    for name, text in texts:
        starts[name] = _long_enough(text, tokeniser, tokens)
        if not starts[name]:
            raise AtlasError(
                f"text {name}: no passage of {tokens} tokens after an empty line; set fewer tokens or a longer text"
            )
    passages = []
    for index in range(count):
        name, text = texts[index % len(texts)]
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, index])))
        start = int(generator.choice(starts[name]))
        window = text[start : start + MAX_CHARACTERS_PER_TOKEN * tokens]
        encoded = tokeniser.encode(window, tokens)
        passages.append(Passage(name, start, window[: encoded.characters], encoded.numbers, encoded.pieces))
    return passages
