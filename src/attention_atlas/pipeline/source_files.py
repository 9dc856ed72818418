"""Which files of the library a script uses, found from its import statements.

Snakemake reruns a rule when one of its inputs changed. With these files among
the inputs, an edit of the library recomputes what depends on it, and nothing else.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from attention_atlas.errors import AtlasError

__all__ = ["library_files", "module_file"]

PACKAGE = "attention_atlas"
# An import statement, over several lines where it has parentheses. Parsing these alone takes a tenth of the time of parsing whole
# files, which every start of Snakemake pays, on a cluster twice a job; a sentence of a docstring that looks like one does no harm.
STATEMENT = re.compile(
    r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]*\)|[^\n(]+)|import[ \t]+[^\n]+)", re.MULTILINE
)


@cache
def _module_files(name: str, source: Path) -> tuple[Path, ...]:
    """The file of a module and the ``__init__`` files of the packages around it."""
    parts = name.split(".")
    files = []
    for length in range(1, len(parts) + 1):
        base = source.joinpath(*parts[:length])
        for candidate in (base / "__init__.py", base.with_suffix(".py")):
            if candidate.is_file():
                files.append(candidate)
    return tuple(files)


def _statements(text: str) -> Iterator[ast.stmt]:
    for match in STATEMENT.finditer(text):
        try:
            yield from ast.parse(textwrap.dedent(match.group())).body
        except SyntaxError:
            continue


@cache
def _imports(path: Path, source: Path) -> frozenset[Path]:
    """Library files that one file imports directly, wherever the statement stands."""
    found: set[Path] = set()
    for node in _statements(path.read_text()):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # what is imported may be a module itself
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.split(".")[0] == PACKAGE:
                found.update(_module_files(name, source))
    return frozenset(found)


def module_file(name: str, source: Path) -> Path:
    """File of the module ``attention_atlas.<name>``; ``AtlasError`` if there is none."""
    path = source / PACKAGE / f"{name.replace('.', '/')}.py"
    if not path.is_file():
        raise AtlasError(f"{name}: there is no module {path}; mend the row of the figure that names it")
    return path


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
