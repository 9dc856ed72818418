"""Verdicts follow the numbers, and a NaN never holds."""

import math

import pytest

from attention_atlas.claims import (
    COLUMNS,
    Claim,
    claims_table,
    judge_at_least,
    judge_at_most,
    judge_close,
    not_judged,
)

WHERE = {"id": "a", "figure": "fig1", "statement": "s", "source": "paper"}


@pytest.mark.parametrize(("computed", "verdict"), [(1.0, "yes"), (1.1, "yes"), (1.2, "no"), (math.nan, "no")])
def test_close(computed, verdict):
    assert judge_close(**WHERE, expected=1.0, computed=computed, tolerance=0.11).holds == verdict


@pytest.mark.parametrize(("computed", "verdict"), [(0.5, "yes"), (1.0, "yes"), (1.5, "no"), (math.nan, "no")])
def test_at_most(computed, verdict):
    assert judge_at_most(**WHERE, computed=computed, bound=1.0).holds == verdict


@pytest.mark.parametrize(("computed", "verdict"), [(0.5, "no"), (1.0, "yes"), (math.nan, "no")])
def test_at_least(computed, verdict):
    assert judge_at_least(**WHERE, computed=computed, bound=1.0).holds == verdict


def test_what_cannot_be_judged_says_why():
    claim = not_judged(**WHERE, expected="counts", reason="no published numbers")
    assert (claim.holds, claim.computed) == ("not judged", "no published numbers")


def test_table_has_the_columns_of_the_contract():
    table = claims_table([judge_at_most(**WHERE, computed=0.5, bound=1.0)])
    assert list(table.columns) == COLUMNS
    assert COLUMNS == ["id", "figure", "statement", "expected", "computed", "tolerance", "holds", "source"]
    assert table.loc[0, "expected"] == "≤ 1"


def test_ids_are_unique():
    claim = judge_at_most(**WHERE, computed=0.5, bound=1.0)
    with pytest.raises(ValueError, match="a"):
        claims_table([claim, claim])


def test_verdict_must_be_known():
    with pytest.raises(ValueError, match="maybe"):
        Claim("a", "fig1", "s", "1", "1", "", "maybe", "paper")
