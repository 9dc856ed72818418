"""Stand-ins for the authors' repositories, made on the spot."""

import subprocess

import numpy as np
import pytest
from published_stand_ins import commit_of, write_spheres_files


@pytest.fixture
def repository(tmp_path):
    """A Git repository with a file in its first commit that the second one changes; its folder and the first commit."""
    folder = tmp_path / "authors"
    folder.mkdir()
    (folder / "results").mkdir()
    (folder / "results" / "numbers.txt").write_text("1.0 2.0\n")
    first = commit_of(folder)
    (folder / "results" / "numbers.txt").write_text("3.0 4.0\n")
    (folder / "large.bin").write_bytes(np.arange(1000).tobytes())
    commit_of(folder)
    subprocess.run(["git", "-C", folder, "config", "uploadpack.allowFilter", "true"], check=True)
    return folder, first


@pytest.fixture
def spheres_folder(tmp_path):
    """The authors' folder of results with made-up numbers of the right shapes."""
    return write_spheres_files(tmp_path / "results")
