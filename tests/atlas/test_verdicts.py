"""Claims find their figures and are counted."""

import pandas as pd

from attention_atlas.atlas.verdicts import Tally, claims_of, figures_of, tally
from attention_atlas.claims import COLUMNS, claims_table, judge_at_most, not_judged
from attention_atlas.pipeline.figures import FigureRow

KEYS = ["fig1a", "fig1b", "fig1b_animation", "fig10", "zoom", "zoom_animation", "42", "77"]


def rows():
    return {key: FigureRow("p", key, key, "picture", "x", claims=("images",) if key.isdigit() else ()) for key in KEYS}


def about(name):
    return figures_of(judge_at_most("id", name, "s", computed=1.0, bound=2.0, source="x"), rows())


def test_a_claim_is_about_its_figure_and_the_film_of_it():
    assert about("fig1b") == ["fig1b", "fig1b_animation"]
    assert about("zoom") == ["zoom", "zoom_animation"]


def test_a_claim_about_several_figures_names_their_beginning_or_the_word_for_them():
    assert about("fig1") == ["fig1a", "fig1b", "fig1b_animation", "fig10"]
    assert about("images") == ["42", "77"]
    assert about("all") == KEYS
    assert about("albert") == []


def test_a_table_is_read_as_it_was_written(tmp_path):
    claims = [
        judge_at_most("a", "f", "s <b> & more", computed=1.0, bound=2.0, source="x"),
        not_judged("b", "f", "t", expected=3, reason="no numbers", source=""),
    ]
    claims_table(claims).to_csv(tmp_path / "claims.csv", index=False)
    read = claims_of(pd.read_csv(tmp_path / "claims.csv"))
    assert read == claims
    assert [name for name in COLUMNS if "nan" in str(getattr(read[1], name))] == []


def test_verdicts_are_counted():
    claims = [judge_at_most(str(k), "f", "s", computed=k, bound=2, source="") for k in range(5)]
    count = tally([*claims, not_judged("x", "f", "s", expected=1, reason="r", source="")])
    assert count == Tally(3, 2, 1)
    assert count.total == 6
