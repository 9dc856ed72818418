"""The commit beside the results is that of this checkout, or unknown."""

import os
import shutil
import subprocess

import pytest

from attention_atlas.pipeline.surroundings import commit_of


def git(folder, *words):
    options = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    words = ["git", *options, "-C", str(folder), *words]
    return subprocess.run(words, check=True, capture_output=True, text=True, env=variables).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "a b"
    folder.mkdir()
    git(folder, "init")
    (folder / "file").write_text("1")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "first")
    return folder


def test_own_commit_with_a_mark_for_changes(repository):
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "tag", "-a", "v1", "-m", "a tag does not take its place")
    assert commit_of(repository) == commit
    (repository / "file").write_text("2")
    assert commit_of(repository) == f"{commit}+"


def test_copy_inside_a_repository_of_somebody_else(repository):
    copy = repository / "vendor" / "atlas"
    copy.mkdir(parents=True)
    assert commit_of(copy) == "unknown"


def test_variables_of_a_hook(repository, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert commit_of(repository) == git(repository, "rev-parse", "HEAD")


def test_without_git(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(repository) == "unknown"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to another user")
def test_checkout_of_another_owner(repository):
    commit = git(repository, "rev-parse", "HEAD")
    for path in [repository, *repository.rglob("*")]:
        shutil.chown(path, 12345, 12345)
    assert commit_of(repository) == commit


def test_no_commit_yet(tmp_path):
    git(tmp_path, "init")
    assert commit_of(tmp_path) == "unknown"
