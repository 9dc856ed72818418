"""Rows of a figure table: values of the configuration in names and paths, tables that are left out."""

import pytest
import yaml

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline import figures
from attention_atlas.pipeline.figures import read_paper_table

CONFIG = {"art": {"seeds": [1, 42], "extra": False}}
TABLE = """
title: Art
paper: a note
summary: pictures
claims:
  judge: papers.art.claims:claims
  tables: [images.csv, {file: extra.csv, enabled: art.extra}]
figures:
  '@seed':
    each: {seed: art.seeds}
    title: Seed @seed
    kind: picture
    text: one
    drawings:
      '@seed': {draw: papers.art.draw:landscape, rule: image, tables: {arrays: seed_@seed.npz}}
      '@seed_details': {draw: papers.art.draw:details, rule: details, tables: {arrays: seed_@seed.npz}}
  sheet:
    title: All
    kind: picture
    text: all
    draw: papers.art.draw:sheet
    tables: {arrays: {file: seed_@seed.npz, each: {seed: art.seeds}}}
"""


def read(folder, config=CONFIG, text=TABLE):
    path = folder / "art.yaml"
    path.write_text(text)
    return read_paper_table(path, config)


def test_a_row_with_each_stands_for_a_figure_a_value(tmp_path):
    table = read(tmp_path)
    assert list(table.figures) == ["1", "42", "sheet"]
    row = table.figures["42"]
    assert row.title == "Seed 42"
    assert row.target == "art_42"
    assert [drawing.name for drawing in row.drawings] == ["42", "42_details"]
    assert row.made_by == ("image", "details")
    assert row.files == [
        "results/art/data/seed_42.npz",
        *(f"results/art/figures/{name}.{suffix}" for name in ("42", "42_details") for suffix in ("png", "pdf")),
    ]
    both = ["results/art/data/seed_1.npz", "results/art/data/seed_42.npz"]
    assert table.figures["sheet"].drawings[0].tables == {"arrays": both}


@pytest.mark.parametrize("extra", [False, True])
def test_a_table_is_read_only_where_it_is_enabled(tmp_path, extra):
    config = {"art": {**CONFIG["art"], "extra": extra}}
    names = ["images", "extra"] if extra else ["images"]
    assert list(read(tmp_path, config).claims.tables) == [f"results/art/data/{name}.csv" for name in names]


def test_an_unknown_key_of_the_configuration_is_named(tmp_path):
    content = yaml.safe_load(TABLE)
    content["figures"]["sheet"]["enabled"] = "art.missing"
    with pytest.raises(AtlasError, match=r"art\.yaml: sheet: the configuration has no key art\.missing"):
        read(tmp_path, text=yaml.safe_dump(content))


def test_the_documentation_lists_every_key(home):
    page = (home / "docs" / "extending.md").read_text(encoding="utf-8")
    section = page[page.index("## The table of a paper") :]
    keys = figures._ROW_KEYS | figures._CLAIMS_KEYS | {"name"}
    assert {key for key in keys if f"`{key}`" not in section} == set()
    assert {key for key in figures._PAPER_KEYS if f"{key}:" not in section} == set()
    assert {kind for kind in figures.KINDS if f"`{kind}`" not in section} == set()
