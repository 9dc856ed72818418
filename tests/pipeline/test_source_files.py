"""The library files of a script are found through all its imports."""

from pathlib import Path

from attention_atlas.pipeline.source_files import library_files


def test_imports_are_followed(tmp_path):
    source = tmp_path / "src"
    package = source / "attention_atlas"
    (package / "dynamics").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "dynamics" / "__init__.py").write_text("")
    (package / "dynamics" / "flow.py").write_text("from attention_atlas.numerics import exp\n")
    (package / "numerics.py").write_text("import numpy\n")
    (package / "unused.py").write_text("")
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "compute.py"
    script.write_text("def main():\n    from attention_atlas.dynamics import flow\n")
    names = {Path(path).relative_to(tmp_path).as_posix() for path in library_files(script, source)}
    assert names == {
        "src/attention_atlas/__init__.py",
        "src/attention_atlas/dynamics/__init__.py",
        "src/attention_atlas/dynamics/flow.py",
        "src/attention_atlas/numerics.py",
    }


def test_every_script_depends_on_the_library(home):
    for script in (home / "scripts").rglob("*.py"):
        names = {Path(path).name for path in library_files(script, home / "src")}
        assert {"jobs.py", "files.py"} <= names, script
