"""A cached kernel notices that a jitted function in another file changed."""

import os
import shutil
import subprocess
import sys

import pytest

from attention_atlas.pipeline.kernel_cache import kernel_sources, source_hash

INNER = """
from numba import njit
@njit(cache=True)
def inner(x):
    return x + {number}
"""
OUTER = """
from numba import njit
from attention_atlas.inner import inner
@njit(cache=True)
def outer(x):
    return 10 * inner(x)
"""
PROGRAM = """
from attention_atlas.outer import outer
print(outer(1.0), sum(outer.stats.cache_hits.values()))
"""


@pytest.fixture
def package(tmp_path, home):
    """A tiny package with this project's cache key and two files of kernels."""
    package = tmp_path / "source" / "attention_atlas"
    (package / "pipeline").mkdir(parents=True)
    for name in (
        "errors.py",
        "pipeline/__init__.py",
        "pipeline/caches.py",
        "pipeline/kernel_cache.py",
        "pipeline/kernel_locator.py",
        "pipeline/source_files.py",
    ):
        shutil.copy(home / "src" / "attention_atlas" / name, package / name)
    (package / "__init__.py").write_text(
        "from attention_atlas.pipeline.kernel_cache import key_cache_by_sources\nkey_cache_by_sources()\n"
    )
    (package / "inner.py").write_text(INNER.format(number=1))
    (package / "outer.py").write_text(OUTER)
    return package


def answer(package, cache):
    environment = os.environ | {"PYTHONPATH": str(package.parent), "ATTENTION_ATLAS_CACHE": str(cache)}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    value, hits = run.stdout.split()
    return float(value), int(hits)


def test_change_in_another_file_compiles_afresh(package, tmp_path):
    assert answer(package, tmp_path / "cache") == (20.0, 0)
    assert answer(package, tmp_path / "cache") == (20.0, 1)
    (package / "inner.py").write_text(INNER.format(number=2))
    assert answer(package, tmp_path / "cache") == (30.0, 0)


@pytest.fixture
def kernels(tmp_path):
    """The folder of a package with a function that writes a file of kernels there."""
    folder = tmp_path / "attention_atlas"
    folder.mkdir()
    return folder, lambda name, text: (folder / name).write_text("import numba\n" + text)


def test_hash_sees_contents_and_names(kernels):
    folder, write = kernels
    write("a.py", "x = 1")
    first = source_hash(folder)
    write("a.py", "x = 2")
    second = source_hash(folder)
    (folder / "a.py").rename(folder / "b.py")
    assert len({first, second, source_hash(folder)}) == 3


def test_hash_sees_what_kernels_import_and_nothing_else(kernels):
    folder, write = kernels
    write("a.py", "from attention_atlas.low import (\n    constants,\n)\nimport attention_atlas.deep\n")
    (folder / "low").mkdir()
    for name in ("low/__init__.py", "low/constants.py", "deep.py", "drawing.py"):
        (folder / name).write_text("")
    assert [path.name for path in kernel_sources(folder)] == ["a.py", "deep.py", "__init__.py", "constants.py"]
    before = source_hash(folder)
    (folder / "drawing.py").write_text("colour = 'red'  # without numba")
    assert source_hash(folder) == before
    (folder / "low" / "constants.py").write_text("LN2 = 0.69")
    assert source_hash(folder) != before


def test_kernels_of_this_package_are_found_and_drawing_is_not(home):
    names = {path.name for path in kernel_sources(home / "src" / "attention_atlas")}
    assert "vector_math.py" in names
    assert not {"style.py", "jobs.py"} & names
