"""A cached kernel notices that a jitted function in another file changed."""

import os
import subprocess
import sys

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


def package(folder, home, number):
    """A tiny package with this project's cache key and two files of kernels."""
    package = folder / "attention_atlas"
    package.mkdir(parents=True, exist_ok=True)
    cache = (home / "src" / "attention_atlas" / "kernel_cache.py").read_text()
    (package / "kernel_cache.py").write_text(cache)
    (package / "__init__.py").write_text(
        "from attention_atlas.pipeline.kernel_cache import key_cache_by_sources\nkey_cache_by_sources()\n"
    )
    (package / "inner.py").write_text(INNER.format(number=number))
    if not (package / "outer.py").exists():
        (package / "outer.py").write_text(OUTER)
    return package


def answer(folder, cache):
    environment = os.environ | {"PYTHONPATH": str(folder), "ATTENTION_ATLAS_CACHE": str(cache)}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    value, hits = run.stdout.split()
    return float(value), int(hits)


def test_change_in_another_file_compiles_afresh(tmp_path, home):
    package(tmp_path / "source", home, 1)
    assert answer(tmp_path / "source", tmp_path / "cache") == (20.0, 0)
    assert answer(tmp_path / "source", tmp_path / "cache") == (20.0, 1)
    package(tmp_path / "source", home, 2)
    assert answer(tmp_path / "source", tmp_path / "cache") == (30.0, 0)


def kernel(folder, name, text):
    (folder / name).write_text("import numba\n" + text)


def test_hash_sees_contents_and_names(tmp_path):
    kernel(tmp_path, "a.py", "x = 1")
    first = source_hash(tmp_path)
    kernel(tmp_path, "a.py", "x = 2")
    second = source_hash(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, source_hash(tmp_path)}) == 3


def test_hash_sees_what_kernels_import_and_nothing_else(tmp_path):
    kernel(tmp_path, "a.py", "from attention_atlas.low import (\n    constants,\n)\nimport attention_atlas.deep\n")
    (tmp_path / "low").mkdir()
    for name in ("low/__init__.py", "low/constants.py", "deep.py", "drawing.py"):
        (tmp_path / name).write_text("")
    assert [path.name for path in kernel_sources(tmp_path)] == ["a.py", "deep.py", "__init__.py", "constants.py"]
    before = source_hash(tmp_path)
    (tmp_path / "drawing.py").write_text("colour = 'red'")
    assert source_hash(tmp_path) == before
    (tmp_path / "low" / "constants.py").write_text("LN2 = 0.69")
    assert source_hash(tmp_path) != before


def test_hash_of_this_package_is_quick(home):
    package = home / "src" / "attention_atlas"
    names = {path.name for path in kernel_sources(package)}
    assert "vector_math.py" in names
    assert "style.py" not in names
