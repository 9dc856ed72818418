"""Verdicts on the art, from tables made up to hold and to fail."""

import pandas as pd
import pytest

from attention_atlas.claims import claims_table
from attention_atlas.papers.art.claims import claims


@pytest.fixture
def tables():
    slopes = {"seed": [1, 1, 2, 2], "slope": [1.4, 1.4, 1.3, 1.3], "error": [0.01] * 4}
    return {
        "random_numbers": pd.DataFrame({"seed": [0, 42], "printed": [-0.9, 0.2], "computed": [-0.9, 0.2 + 1e-7]}),
        "check": pd.DataFrame(
            {"seed": [1, 2], "pixels": [40000] * 2, "differ_converged": [0, 1], "differ_far": [0, 0]}
        ),
        "images": pd.DataFrame({"seed": [1, 2], "share_converged": [0.1, 0.9], "share_one": [1.0, 1.0]}),
        "dimension": pd.DataFrame(slopes),
        "dimension_pixel": pd.DataFrame({**slopes, "slope": [1.9, 1.9, 1.8, 1.8]}),
        "sharing": pd.DataFrame({"seed": [1, 2], "share_differ": [0.1, 0.2]}),
        "zoom": pd.DataFrame({"magnification": [1.0, 64.0], "share_boundary": [0.2, 0.1]}),
    }


def _verdicts(tables):
    table = claims_table(claims(tables))
    return dict(zip(table["id"], table["holds"], strict=True))


def test_all_hold(tables):
    verdicts = _verdicts(tables)
    assert set(verdicts.values()) == {"yes"}
    assert len(verdicts) == 10


@pytest.mark.parametrize(
    ("table", "column", "values", "claim"),
    [
        ("random_numbers", "computed", [-0.9, 0.2 + 4e-7], "art_random_numbers"),
        ("check", "differ_converged", [40, 0], "art_definition"),
        ("check", "differ_far", [1, 0], "art_definition_boundary"),
        ("images", "share_converged", [1.0, 0.5], "art_two_classes"),
        ("images", "share_one", [0.5, 1.0], "art_consensus"),
        ("dimension_pixel", "slope", [1.35, 1.35, 1.8, 1.8], "art_noise"),
        ("dimension_pixel", "slope", [1.45, 1.45, 1.8, 1.8], "art_noise_fills"),
        ("dimension", "slope", [1.0, 1.0, 1.3, 1.3], "art_rough"),
        ("sharing", "share_differ", [0.0, 0.2], "art_sharing"),
        ("zoom", "share_boundary", [0.2, 0.0], "art_zoom"),
    ],
)
def test_each_can_fail(tables, table, column, values, claim):
    tables[table][column] = values
    assert _verdicts(tables)[claim] == "no"


def test_without_boundary_or_depth_nothing_is_judged(tables):
    tables["dimension"]["slope"] = float("nan")
    tables["zoom"]["magnification"] = [1.0, 32.0]
    verdicts = _verdicts(tables)
    assert verdicts["art_noise"] == "not judged"
    assert verdicts["art_zoom"] == "not judged"
