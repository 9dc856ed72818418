"""Claims that come from papers, in one table."""

import pandas as pd

from attention_atlas.claims import claims_table as table_of
from attention_atlas.claims import judge_at_most, judge_close, not_judged
from attention_atlas.papers.published.printed_numbers import PRINTED_COLUMNS, printed_numbers


def test_only_statements_of_papers_with_numbers():
    spheres = table_of(
        [
            judge_close(
                "a", "fig4", "ratio", expected=1.0, computed=1.1, tolerance=0.01, source="arXiv 2501.03096, Fig. 4"
            ),
            judge_at_most("b", "fig5", "error", computed=0.1, bound=0.2, source="arXiv 2501.03096, Fig. 5"),
            judge_at_most("c", "fig5", "error", computed=0.1, bound=0.2, source="this work"),
            judge_at_most("d", "fig5", "error", computed=0.1, bound=0.2, source="open question of arXiv 2501.03096"),
            not_judged("e", "fig1", "it grows", expected="grows", reason="too few", source="arXiv 2501.03096"),
        ]
    )
    table = printed_numbers({"spheres": spheres, "art": spheres.iloc[:0]})
    assert list(table.columns) == PRINTED_COLUMNS
    assert table["id"].tolist() == ["a", "b"]
    assert table["kind"].tolist() == ["value", "bound"]
    assert table["verdict"].tolist() == ["no", "yes"]
    assert table["printed"].tolist() == ["1", "≤ 0.2"]
    assert (table["paper"] == "spheres").all()


def test_numbers_read_from_a_file_stay_what_they_are():
    frame = pd.DataFrame({"id": ["a"], "figure": ["f"], "statement": ["s"], "expected": [24.0], "computed": [24]})
    frame = frame.assign(tolerance=[float("nan")], holds=["yes"], source=["Poc-López and Aguilera"])
    row = printed_numbers({"mean_field": frame}).iloc[0]
    assert row["tolerance"] == ""
    assert row["kind"] == "value"
