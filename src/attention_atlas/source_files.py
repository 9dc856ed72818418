"""Which files of the library a script uses, found from its import statements.

Snakemake reruns a rule when one of its inputs changed. With these files among
the inputs, an edit of the library recomputes what depends on it, and nothing else.
"""

import ast
from functools import cache
from pathlib import Path

__all__ = ["library_files"]

PACKAGE = "attention_atlas"


def _module_files(name: str, source: Path) -> list[Path]:
    """The file of a module and the ``__init__`` files of the packages around it."""
    parts = name.split(".")
    files = []
    for length in range(1, len(parts) + 1):
        base = source.joinpath(*parts[:length])
        for candidate in (base / "__init__.py", base.with_suffix(".py")):
            if candidate.is_file():
                files.append(candidate)
    return files


@cache
def _imports(path: Path, source: Path) -> frozenset[Path]:
    """Library files that one file imports directly, wherever the statement stands."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # what is imported may be a module itself
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.split(".")[0] == PACKAGE:
                found.update(_module_files(name, source))
            elif (sibling := path.with_name(f"{name}.py")).is_file() and path.parent.name == "scripts":
                found.add(sibling)
    return frozenset(found)


def library_files(script: Path, source: Path) -> list[str]:
    """Sorted paths of all library files that ``script`` imports, directly or through others.

    Parameters
    ----------
    script : the Python file to start from
    source : the folder that holds the package
    """
    todo, seen = [script], {script}
    while todo:
        for path in _imports(todo.pop(), source) - seen:
            seen.add(path)
            todo.append(path)
    return sorted(str(path) for path in seen - {script})
