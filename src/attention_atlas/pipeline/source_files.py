"""Which files of the library a file uses, found from its import statements.

Two things follow from it. Snakemake reruns a rule when one of its parameters changed: with the hash of these files among them, an
edit of the library recomputes what depends on it, and nothing else; a move of the checkout or of the results recomputes nothing.
And compiled kernels are kept under a hash of the files that they use.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from attention_atlas.errors import AtlasError

__all__ = ["content_hash", "files_behind", "library_files", "module_file"]

PACKAGE = "attention_atlas"
# An import of the library, over several lines where it has parentheses. Parsing whole files would take ten times as long, which every
# start of Snakemake pays, on a cluster twice a job; a sentence of a docstring that looks like an import does no harm.
IMPORT = re.compile(
    rf"^([ \t]*)(?:from[ \t]+({PACKAGE}[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)|import[ \t]+({PACKAGE}\b[^\n]*))",
    re.M,
)


@cache
def _package_files(source: Path) -> frozenset[Path]:
    return frozenset((source / PACKAGE).rglob("*.py"))


@cache
def _module_files(name: str, source: Path) -> tuple[Path, ...]:
    """The file of a module and the ``__init__`` files of the packages around it, which are run when it is imported."""
    parent, _, last = name.rpartition(".")
    around = _module_files(parent, source) if parent else ()
    folder = source.joinpath(*name.split("."))
    own = (folder / "__init__.py", folder.with_name(f"{last}.py"))
    return around + tuple(file for file in own if file in _package_files(source))


@cache
def _imports(path: Path, source: Path) -> frozenset[Path]:
    """Library files that one file imports itself, in functions too.

    Only what ``__init__`` files import at once counts: a package that loads its modules when they are asked for uses none of them.
    """
    found: set[Path] = set()
    for indent, module, names, modules in IMPORT.findall(path.read_text(encoding="utf-8")):
        if indent and path.name == "__init__.py":
            continue
        # what is imported from a package may be a module itself
        wanted = [module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))] if module else []
        for name in [*wanted, *re.findall(rf"{PACKAGE}[\w.]*", modules)]:
            found.update(_module_files(name, source))
    return frozenset(found)


def files_behind(paths: Iterable[Path], source: Path) -> set[Path]:
    """``paths`` and all library files that they import, directly or through others.

    Parameters
    ----------
    source : the folder that holds the package
    """
    seen = set(paths)
    todo = list(seen)
    while todo:
        fresh = _imports(todo.pop(), source) - seen
        seen |= fresh
        todo += fresh
    return seen


def library_files(script: Path, source: Path) -> list[Path]:
    """Sorted paths of all library files behind the file ``script``; ``source`` is the folder that holds the package."""
    return sorted(files_behind([script], source) - {script})


@cache
def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def content_hash(paths: Iterable[Path], home: Path) -> str:
    """A hash of the names of these files, as seen from the folder ``home``, and of what they hold; their order has no part in it."""
    total = hashlib.sha256()
    for name, path in sorted({path.relative_to(home).as_posix(): path for path in paths}.items()):
        total.update(name.encode() + b"\0" + _digest(path))
    return total.hexdigest()[:16]


def module_file(name: str, source: Path) -> Path:
    """File of the module ``attention_atlas.<name>``; ``AtlasError`` if there is none."""
    path = source / PACKAGE / f"{name.replace('.', '/')}.py"
    if not path.is_file():
        raise AtlasError(f"{name}: there is no module {path}; mend the row of the figure that names it")
    return path
