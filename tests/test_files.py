"""Files are whole or absent, the same bytes for the same numbers, and damage is noticed."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from attention_atlas.errors import DataFileError
from attention_atlas.files import (
    atomic_write,
    read_csv,
    read_json,
    read_npz,
    remove_abandoned,
    temporary_path,
    write_csv,
    write_json,
    write_npz,
    write_text,
)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def frame():
    return pd.DataFrame({"delta": [0.1, 1 / 3, 1e-300], "status": ["ok", "blew_up", "ok"], "n": [1, 2, 3]})


def test_csv_keeps_every_bit(tmp_path, frame):
    path = tmp_path / "a.csv"
    write_csv(frame, path)
    assert read_csv(path, ["delta", "n"]).equals(frame)


@pytest.mark.parametrize("kept", [0, 1, 20, -1])
def test_truncated_csv_is_one_clear_line(tmp_path, frame, kept):
    path = tmp_path / "a.csv"
    write_csv(frame, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataFileError) as caught:
        read_csv(path)
    assert str(path) in str(caught.value)
    assert "delete it and run the same command again" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_csv_cut_at_a_line_end_is_noticed(tmp_path, frame):
    path = tmp_path / "a.csv"
    write_csv(frame, path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataFileError, match="is not the file that was written"):
        read_csv(path)


def test_missing_column_names_the_columns(tmp_path, frame):
    write_csv(frame, tmp_path / "a.csv")
    with pytest.raises(DataFileError, match="no column energy"):
        read_csv(tmp_path / "a.csv", ["energy"])


def test_missing_file_is_one_clear_line(tmp_path):
    for read, name in ((read_csv, "a.csv"), (read_npz, "a.npz"), (read_json, "a.json")):
        with pytest.raises(DataFileError, match=name):
            read(tmp_path / name)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_truncated_npz_is_one_clear_line(tmp_path, share):
    path = tmp_path / "a.npz"
    write_npz(path, x=np.random.default_rng(0).normal(size=1000), y=np.arange(5))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataFileError) as caught:
        read_npz(path)
    assert "\n" not in str(caught.value)


def test_npz_with_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "a.npz"
    write_npz(path, x=np.random.default_rng(0).normal(size=1000))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataFileError):
        read_npz(path)


def test_npz_refuses_pickled_objects(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, x=np.array([{}], dtype=object))
    with pytest.raises(DataFileError, match="pickle"):
        read_npz(path)
    path.unlink()
    with pytest.raises(ValueError, match="allow_pickle"):
        write_npz(path, x=np.array([{}], dtype=object))
    assert list(tmp_path.iterdir()) == []


def test_same_numbers_give_same_bytes(tmp_path, frame, monkeypatch):
    for name in ("a", "b"):
        monkeypatch.setattr("time.time", lambda: 1.7e9 if name == "a" else 1.8e9)  # noqa: B023
        write_npz(tmp_path / f"{name}.npz", x=np.arange(10.0))
        write_csv(frame, tmp_path / f"{name}.csv")
        write_json(tmp_path / f"{name}.json", {"b": 1, "a": [2]})
    for suffix in (".npz", ".csv", ".json"):
        assert digest(tmp_path / f"a{suffix}") == digest(tmp_path / f"b{suffix}")


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_write(path) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def left_behind(path, folder=False):
    """What a process that is dead by now has left of ``path``."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left = temporary_path(path)
    left = left.with_name(left.name.replace(f"-{os.getpid()}.", f"-{int(ended.stdout)}."))
    if folder:
        (left / "inner").mkdir(parents=True)
    else:
        left.write_text("half")
    return left


def test_what_a_killed_process_left_half_made_goes_when_the_file_is_written_again(tmp_path):
    path = tmp_path / "fig2.png"
    left = left_behind(path)
    kept = [temporary_path(path), temporary_path(tmp_path / "fig2.pdf"), tmp_path / ".fig2.another-12.part.png"]
    for other in kept:
        other.write_text("of a process that is alive, of another file, of another machine")
    remove_abandoned(path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    left.write_text("half")
    write_text(path, "whole")
    assert not left.exists()
    assert not left_behind(tmp_path / "atlas", folder=True).is_file()
    remove_abandoned(tmp_path / "atlas")
    assert list(tmp_path.glob(".atlas*")) == []


def test_damaged_result_names_the_command_that_makes_it_again(tmp_path, frame, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATLAS_COMMAND", "snakemake --cores 2 spheres_fig2")
    path = tmp_path / "results" / "a b.csv"
    write_csv(frame, path)
    path.write_bytes(b"")
    with pytest.raises(DataFileError) as caught:
        read_csv("results/a b.csv")
    assert str(caught.value).endswith(f"rm '{path}' && snakemake --cores 2 spheres_fig2")
    path.unlink()
    path.mkdir()
    with pytest.raises(DataFileError) as caught:
        read_csv("results/a b.csv")
    assert f"rm -r '{path}' && " in str(caught.value)
    # a file that the run did not make is not to be removed by a copied command
    (tmp_path / "own.csv").write_text("")
    with pytest.raises(DataFileError) as caught:
        read_csv("own.csv")
    assert "rm " not in str(caught.value)
