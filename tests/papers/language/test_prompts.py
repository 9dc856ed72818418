"""Tokens, passages and schedules."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.prompts import choose_passages, read_text
from attention_atlas.papers.language.schedules import cyclic_schedule
from attention_atlas.papers.language.tokenisation import Tokeniser

TEXT = "a b c d e\n\nf g h i\nj k\n\n  l m n o p q r s t\n\nu v"


@pytest.fixture
def tokeniser(small_bert):
    return Tokeniser(small_bert / "tokenizer.json")


def test_tokens_ignore_the_padding_and_cutting_in_the_file(tokeniser):
    found = tokeniser.encode("a b Z", 32)
    assert found.pieces == ["[CLS]", "a", "b", "z", "[SEP]"]
    np.testing.assert_array_equal(found.numbers, [2, 4, 5, 29, 3])
    assert found.characters == 5


def test_most_counts_special_tokens(tokeniser):
    found = tokeniser.encode(TEXT, 4)
    assert found.pieces == ["[CLS]", "a", "b", "[SEP]"]
    assert found.characters == 3


def test_damaged_tokenizer(small_bert):
    (small_bert / "tokenizer.json").write_text('{"version":')
    with pytest.raises(AtlasError, match="is missing or not a tokenizer file"):
        Tokeniser(small_bert / "tokenizer.json")


def test_passages_begin_after_an_empty_line_and_have_the_wanted_length(tokeniser):
    passages = choose_passages([("one", TEXT), ("two", TEXT)], tokeniser, count=6, tokens=8, seed=3)
    assert [passage.source for passage in passages] == ["one", "two"] * 3
    for passage in passages:
        assert passage.start in (0, TEXT.index("f"), TEXT.index("l"))
        assert len(passage.tokens) == 8
        assert passage.text == TEXT[passage.start :][: len(passage.text)]
        assert [piece for piece in passage.pieces if len(piece) == 1] == passage.text.split()


def test_a_passage_depends_on_seed_and_index_only(tokeniser):
    def starts(count, seed):
        return [
            passage.start for passage in choose_passages([("one", TEXT)], tokeniser, count=count, tokens=4, seed=seed)
        ]

    assert starts(4, 3) == starts(9, 3)[:4]
    assert len({tuple(starts(9, seed)) for seed in range(5)}) > 1


def test_short_text(tokeniser):
    with pytest.raises(AtlasError, match="text one: no passage of 40 tokens"):
        choose_passages([("one", TEXT)], tokeniser, count=1, tokens=40, seed=3)


def test_texts_of_the_repository(home):
    for path in sorted((home / "resources" / "texts").glob("*.txt")):
        text = read_text(path)
        assert text.isascii()
        assert len(text) > 80_000


@pytest.mark.parametrize(("content", "words"), [(b"  \n", "is empty"), (b"\xff\xfe\x00", "cannot be read as UTF-8")])
def test_bad_text(tmp_path, content, words):
    (tmp_path / "t.txt").write_bytes(content)
    with pytest.raises(AtlasError, match=words):
        read_text(tmp_path / "t.txt")


def test_missing_text(tmp_path):
    with pytest.raises(AtlasError, match="cannot be read"):
        read_text(tmp_path / "t.txt")


def test_blocks_act_in_turn():
    assert cyclic_schedule(3, 7) == [0, 1, 2, 0, 1, 2, 0]
