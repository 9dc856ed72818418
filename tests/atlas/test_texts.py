"""The front page's texts."""

import re

import pytest

from attention_atlas.atlas.texts import read_front
from attention_atlas.errors import AtlasError


def test_the_front_page_is_complete(home):
    front = read_front(home / "web" / "atlas" / "texts" / "front.yaml")
    assert 3 <= len(re.findall(r"[.?](?:\s|$)", front.introduction)) <= 6
    assert set(front.pages) >= {"claims", "provenance", "published"}
    for page in front.pages.values():
        assert set(page) == {"title", "text"}
        assert all(page.values())
    assert sorted(front.papers) == sorted(path.stem for path in (home / "workflow" / "figures").glob("*.yaml"))


def test_a_missing_or_unfinished_front_page_is_named(tmp_path):
    path = tmp_path / "front.yaml"
    with pytest.raises(AtlasError, match=r"front\.yaml: cannot be read"):
        read_front(path)
    path.write_text("title: x\nsubtitle: y\nintroduction: z\n")
    with pytest.raises(AtlasError, match=r"front\.yaml: lacks papers"):
        read_front(path)
