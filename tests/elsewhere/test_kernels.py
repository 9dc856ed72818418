"""Damaged files in the cache of kernels: dropped and compiled anew."""

import os
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import pytest

from attention_atlas.pipeline import kernel_cache
from attention_atlas.pipeline.kernel_locator import is_whole

# a function of a user's module, kept where the package says
MODULE = """
from numba import njit
@njit(cache=True)
def twice(x):
    return 2 * x
"""
PROGRAM = "import attention_atlas, kernels; print(kernels.twice(2.0), sum(kernels.twice.stats.cache_hits.values()))"


@pytest.fixture
def answer(tmp_path, home):
    (tmp_path / "kernels.py").write_text(MODULE)
    variables = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(home / "src"), str(tmp_path)]),
        "ATTENTION_ATLAS_CACHE": str(tmp_path / "cache"),
    }

    def run():
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        value, hits = done.stdout.split()
        return float(value), int(hits)

    return run


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("left", [0.0, 0.5, 0.99])
def test_truncated_entry(tmp_path, answer, suffix, left):
    assert answer() == (4.0, 0)
    (path,) = tmp_path.glob(f"cache/kernels/*/*/*.{suffix}")
    content = path.read_bytes()
    assert is_whole(path)
    path.write_bytes(content[: int(left * len(content))])
    assert not is_whole(path)
    assert answer() == (4.0, 0)
    assert answer() == (4.0, 1)


def test_entry_of_zeros_after_a_loss_of_power(tmp_path, answer):
    assert answer() == (4.0, 0)
    for path in tmp_path.glob("cache/kernels/*/*/*.nb?"):
        path.write_bytes(bytes(len(path.read_bytes())))
    assert answer() == (4.0, 0)


def test_disk_of_the_cache_is_nearly_full(tmp_path, monkeypatch):
    """Kernels go to the folder for temporary files."""
    monkeypatch.setenv("ATTENTION_ATLAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert kernel_cache.cache_folder().is_relative_to(tmp_path / "cache")
    monkeypatch.setattr(kernel_cache.shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))
    assert kernel_cache.cache_folder().is_relative_to(tmp_path / f"attention-atlas-{os.getuid()}")
