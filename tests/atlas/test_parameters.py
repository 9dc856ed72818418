"""Parameters: values for people, beside the paper's where they differ, with the schema's words."""

import doctest

import pytest

from attention_atlas.atlas import pages, parameters
from attention_atlas.atlas.parameters import compare, differences, shown

SCHEMA = {
    "$defs": {
        "beta": {"description": "inverse temperature", "type": "number"},
        "panel": {"type": "object", "properties": {"D": {"description": "matrix"}}},
    },
    "properties": {
        "p": {
            "properties": {
                "f": {
                    "properties": {
                        "beta": {"$ref": "#/$defs/beta"},
                        "own": {"$ref": "#/$defs/beta", "description": "its own words"},
                        "panels": {"additionalProperties": {"$ref": "#/$defs/panel"}},
                    }
                }
            }
        }
    },
}
PAPER = {"published": None, "p": {"f": {"beta": 1.0, "own": 2, "panels": {"a": {"D": [[1.0]]}}}}}
RUN = {"published": "there", "p": {"f": {"beta": 1.0, "own": 3, "panels": {"a": {"D": [[2.0]]}, 64: {"D": [[0.5]]}}}}}


@pytest.mark.parametrize("module", [parameters, pages])
def test_the_examples_in_the_docstrings(module):
    tried = doctest.testmod(module)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_groups_are_taken_apart_and_compared():
    rows = {row.key: row for row in compare(["p.f"], RUN, PAPER, {"p.f.beta": 7}, SCHEMA)}
    assert list(rows) == ["p.f.beta", "p.f.own", "p.f.panels.a.D", "p.f.panels.64.D"]
    assert (rows["p.f.beta"].value, rows["p.f.beta"].paper, rows["p.f.beta"].differs) == ("1", "7", True)
    assert rows["p.f.beta"].printed
    assert (rows["p.f.own"].value, rows["p.f.own"].paper, rows["p.f.own"].differs) == ("3", "2", True)
    assert rows["p.f.panels.64.D"].paper == ""
    assert not rows["p.f.panels.64.D"].differs
    assert [row.meaning for row in rows.values()] == ["inverse temperature", "its own words", "matrix", "matrix"]


def test_a_key_that_the_run_lacks_is_left_out():
    assert compare(["p.g", "p.f.beta.x"], RUN, PAPER, {}, SCHEMA) == []


def test_differences_leave_out_the_folder_of_published_numbers():
    assert [row.key for row in differences(RUN, PAPER)] == ["p.f.own", "p.f.panels.a.D", "p.f.panels.64.D"]
    assert differences(PAPER, PAPER) == []


def test_long_values_are_cut():
    assert len(shown(list(range(500)))) == 160
    assert shown({"kind": "x", "y": None}) == "{kind: x, y: none}"
