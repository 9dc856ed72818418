"""docs/figures.md says what the tables of figures say."""

import doctest

from attention_atlas.pipeline import figure_docs
from attention_atlas.pipeline.figure_docs import figures_page, page_of
from attention_atlas.pipeline.figures import FigureRow, PaperTable


def test_the_page_is_written_from_the_tables(home):
    """After a change of a table: python -m attention_atlas.pipeline.figure_docs"""
    assert (home / "docs" / "figures.md").read_text(encoding="utf-8") == page_of(home)


def test_a_row_is_a_line():
    rows = {
        "a": FigureRow(
            "p", "a", r"Norm \(|x|\)", "picture", "x", number="Figure 1", look_for="A | B", made_by=("f", "a")
        ),
        "b": FigureRow("p", "b", "Off", "picture", "x", made_by=("b",), enabled=False),
    }
    text = figures_page({"p": PaperTable("p", "Paper", "Somebody, arXiv 2501.03096", "x", rows, None)}, set())
    assert r"| Figure 1 | Norm $\vert x\vert$ | `p_a` | `f`, `a` | A \| B |" in text.splitlines()
    assert "|  | Off (not part of `all`) | `p_b` | `b` |  |" in text.splitlines()
    assert "[arXiv 2501.03096](https://arxiv.org/abs/2501.03096)." in text


def test_examples():
    assert doctest.testmod(figure_docs).failed == 0
