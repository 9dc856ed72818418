"""Checks across the keys of the block ``art``: each bad value is named with its bound and a fix."""

import copy

import pytest
import yaml

from attention_atlas.papers.art.settings import check, overridden_seeds


@pytest.fixture
def block(home):
    return copy.deepcopy(yaml.safe_load((home / "config.yaml").read_text())["art"])


def test_the_configuration_itself_passes(block):
    assert list(check(block)) == []


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("window", "a", "first"), 8.0, "window.a: first 8.0 is not below last 8.0; set first < last"),
        (("value",), [[1.0, 2.0], [2.0, 4.0]], "value: the matrix is singular"),
        (
            ("images", "overrides"),
            {"1": {"value": [[1.0, 2.0], [2.0, 4.0]]}},
            "images.overrides.1.value: the matrix is singular",
        ),
        (("images", "overrides"), {"one": {"query": "identity"}}, "images.overrides.one: is not a seed"),
        (("images", "slabs"), 2000, "images.slabs: 2000 is above the bound, the image has 1500 rows; set 1 to 1500"),
        (("dimension", "largest_box"), 3, "dimension.largest_box: 3 is below the bound, twice smallest_box 2"),
        (("dimension", "largest_box"), 1024, "dimension.largest_box: 1024 is above the bound"),
        (("zoom", "animation", "pixels"), 481, "zoom.animation.pixels: 481 is odd"),
    ],
)
def test_bad_values(block, path, value, line):
    inner = block
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    found = list(check(block))
    assert len(found) == 1
    assert found[0].startswith(line)


def test_only_seeds_of_images_have_matrices_of_their_own(block):
    block["seeds"] = [5, 1]
    block["images"]["overrides"] = {"1": {"query": "identity"}, "7": {"query": "identity"}}
    assert overridden_seeds(block) == ["1"]
