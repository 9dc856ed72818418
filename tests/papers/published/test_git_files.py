"""Files of a pinned commit come whole, from that commit, and every failure is one clear line."""

import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.published.git_files import check_out


def fetch(address, commit, paths, tmp_path):
    target = tmp_path / "here"
    target.mkdir()
    check_out(str(address), commit, paths, target)
    return target


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_file_of_the_pinned_commit(repository, tmp_path, scheme):
    folder, first = repository
    here = fetch(f"{scheme}{folder}", first, ["results/numbers.txt"], tmp_path)
    assert (here / "results" / "numbers.txt").read_text() == "1.0 2.0\n"  # not the later one
    assert not (here / "large.bin").exists()


@pytest.mark.parametrize("what", ["address", "commit", "path"])
def test_failures_are_one_line(repository, tmp_path, what):
    folder, first = repository
    address = tmp_path / "nowhere" if what == "address" else folder
    commit = "0" * 40 if what == "commit" else first
    paths = ["results/none.txt"] if what == "path" else ["results/numbers.txt"]
    with pytest.raises(AtlasError) as caught:
        fetch(address, commit, paths, tmp_path)
    text = str(caught.value)
    assert text.startswith(f"{address}: cannot be fetched (")
    assert "docs/published.md" in text
    assert "\n" not in text


def test_without_network_one_line(tmp_path):
    # nothing listens on this port of this machine
    with pytest.raises(AtlasError, match=r"https://127\.0\.0\.1:9/x: cannot be fetched .* connect to the internet"):
        fetch("https://127.0.0.1:9/x", "0" * 40, ["a"], tmp_path)


def test_without_git(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AtlasError, match="install git"):
        fetch("https://127.0.0.1:9/x", "0" * 40, ["a"], tmp_path)
