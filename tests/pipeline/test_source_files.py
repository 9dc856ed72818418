"""The library files behind a file are found through all its imports."""

from pathlib import Path

import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.source_files import content_hash, files_behind, library_files, module_file


@pytest.fixture
def source(tmp_path):
    """A small library, in which ``numerics`` uses nothing and ``unused`` is used by nobody."""
    package = tmp_path / "src" / "attention_atlas"
    files = {
        "__init__.py": "def __getattr__(name):\n    from attention_atlas import unused\n    return unused\n",
        "dynamics/__init__.py": "",
        "dynamics/flow.py": "from attention_atlas.numerics import (\n    exp,\n    log,\n)\n",
        "dynamics/starts.py": "import attention_atlas.errors, attention_atlas.numerics as n\n",
        "errors.py": "",
        "numerics.py": "import numpy\n",
        "unused.py": "",
    }
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    return tmp_path / "src"


def names(paths, source):
    return {Path(path).relative_to(source / "attention_atlas").as_posix() for path in paths}


def test_imports_are_followed_wherever_they_stand(source, tmp_path):
    script = tmp_path / "compute.py"
    script.write_text("def main():\n    from attention_atlas.dynamics import flow\n")
    found = names(library_files(script, source), source)
    assert found == {"__init__.py", "dynamics/__init__.py", "dynamics/flow.py", "numerics.py"}


def test_a_package_that_loads_its_modules_when_asked_uses_none_of_them(source):
    assert "unused.py" not in names(files_behind([source / "attention_atlas" / "errors.py"], source), source)


def test_several_modules_in_one_import(source):
    found = names(files_behind([source / "attention_atlas" / "dynamics" / "starts.py"], source), source)
    assert found == {"__init__.py", "dynamics/starts.py", "errors.py", "numerics.py"}


def test_module_that_does_not_exist_is_named(source):
    assert module_file("dynamics.flow", source) == source / "attention_atlas" / "dynamics" / "flow.py"
    with pytest.raises(AtlasError, match=r"dynamics\.flows: there is no module"):
        module_file("dynamics.flows", source)


def test_every_script_depends_on_the_library(home):
    for script in (home / "scripts").rglob("*.py"):
        found = {path.name for path in library_files(script, home / "src")}
        assert {"jobs.py", "files.py"} <= found, script


def test_content_hash_follows_content_and_names_alone(tmp_path):
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.py").write_text("1")
        (tmp_path / place / "b.py").write_text("2")
    here, there = (tmp_path / place for place in ("here", "there"))
    expected = content_hash([here / "a.py", here / "b.py"], here)
    assert content_hash([there / "b.py", there / "a.py", there / "a.py"], there) == expected
    assert content_hash([here / "a.py"], here) != expected
    (there / "c.py").write_text("2")
    assert content_hash([there / "a.py", there / "c.py"], there) != expected
