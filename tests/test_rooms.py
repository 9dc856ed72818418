"""Which room a module lives in, and what it may import: found by reading the import statements, nothing is run.

Arrows: rules → scripts → atlas, pipeline → papers → shared layers. The library (``attention_atlas.library``) is a second front door
above the shared layers.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
SOURCE = HOME / "src"
PACKAGE = "attention_atlas"
# Lowest first: a layer imports itself and those before it.
SHARED_LAYERS = (
    "errors", "progress", "files", "claims", "job_requests", "published_settings", "published_tables",
    "numerics", "random", "geometry", "dynamics", "drawing",
)  # fmt: skip
MAY_IMPORT = {
    # the kernel cache must be in place before any kernel is defined
    "root": {"pipeline"},
    "library": {*SHARED_LAYERS},
    "papers": {*SHARED_LAYERS},
    "pipeline": {*SHARED_LAYERS, "papers"},
    "atlas": {*SHARED_LAYERS, "papers", "pipeline"},
    **{layer: set(SHARED_LAYERS[:place]) for place, layer in enumerate(SHARED_LAYERS)},
}
# (importing module, imported module) as patterns -> why this arrow may point the other way
EXCEPTIONS = {
    (
        r"papers\.\w+\.(views|draw)",
        r"atlas\.views\.\w+",
    ): "a paper lists its interactive views in the atlas's own terms",
}
# module of a shared layer that one paper alone uses -> why it stays there
USED_BY_ONE: dict[str, str] = {}
# What loads the compiler, half a second and more at every start
COMPILER = {"numba", "llvmlite"}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its name without the package: 'dynamics.circle.flow'; the package itself is ''."""
    found = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE / PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def own(name: str) -> str | None:
    """A dotted name as one of ``modules``, None for other packages."""
    first, _, rest = name.partition(".")
    return rest if first == PACKAGE and rest in modules() else None


@cache
def imported_names(path: Path) -> frozenset[str]:
    """Full names of the modules that a file imports, wherever the statement stands."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text(), str(path))
    else:  # a file of rules: its import statements, which are plain Python
        lines = re.findall(r"^\s*(from [\w.]+ import .+|import [\w.]+)$", path.read_text(), re.MULTILINE)
        tree = ast.parse("\n".join(lines))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if own(whole) is not None else node.module)
    return frozenset(names)


@cache
def imports_the_compiler(path: Path) -> bool:
    """Whether importing this file imports the compiler itself. (A function may ask it for threads once it is loaded.)"""
    todo: list[ast.AST] = [ast.parse(path.read_text())]
    while todo:
        node = todo.pop()
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0] in COMPILER for name in names):
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            todo.extend(ast.iter_child_nodes(node))
    return False


def own_imports(path: Path) -> set[str]:
    return {module for name in imported_names(path) if (module := own(name)) is not None}


def room(module: str) -> str:
    return module.split(".")[0] or "root"


def paper(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "papers" and len(parts) > 1 else None


def is_exception(importing: str, imported: str) -> bool:
    return any(re.fullmatch(left, importing) and re.fullmatch(right, imported) for left, right in EXCEPTIONS)


def arrows() -> Iterator[tuple[str, str]]:
    """(importing module, imported module) within the package."""
    for module, path in modules().items():
        yield from ((module, other) for other in sorted(own_imports(path)))


def test_every_room_is_known():
    assert {room(module) for module in modules()} == set(MAY_IMPORT)


def test_no_paper_imports_another_paper():
    wrong = [
        f"{module} imports {other}"
        for module, other in arrows()
        if paper(module) and paper(other) and paper(module) != paper(other)
    ]
    assert wrong == []


def test_arrows_point_one_way():
    wrong = [
        f"{module} imports {other}"
        for module, other in arrows()
        if room(module) != room(other)
        and room(other) not in MAY_IMPORT[room(module)]
        and not is_exception(module, other)
    ]
    assert wrong == []


def test_scripts_of_a_paper_import_their_own_paper_and_shared_layers():
    wrong = []
    for path in sorted((HOME / "scripts").glob("*/*.py")):
        for module in sorted(own_imports(path)):
            known = room(module) in SHARED_LAYERS or module in ("pipeline", "pipeline.jobs")
            if not known and paper(module) != path.parent.name:
                wrong.append(f"{path.relative_to(HOME)} imports {module}")
    assert wrong == []


def direct_users() -> Iterator[tuple[str, Path]]:
    """(who, file) of scripts and rules, which no module imports; who is a paper or 'pipeline'."""
    papers = {name for module in modules() if (name := paper(module))}
    for path in (HOME / "scripts").rglob("*.py"):
        yield path.parent.name if path.parent.name in papers else "pipeline", path
    for path in [*(HOME / "workflow" / "rules").glob("*.smk"), HOME / "Snakefile"]:
        yield path.stem if path.stem in papers else "pipeline", path


def users() -> dict[str, set[str]]:
    """Who uses each module, directly or through others: papers, 'library', 'atlas', 'pipeline'."""
    found: dict[str, set[str]] = {module: set() for module in modules()}

    def mark(start: set[str], who: str) -> None:
        todo = list(start)
        while todo:
            module = todo.pop()
            if who not in found[module]:
                found[module].add(who)
                todo.extend(own_imports(modules()[module]))

    for module in modules():
        if room(module) in ("library", "atlas", "pipeline"):
            mark({module}, room(module))
        elif name := paper(module):
            mark({module}, name)
    for who, path in direct_users():
        mark(own_imports(path), who)
    return found


def test_what_one_paper_alone_uses_lives_with_that_paper():
    alone = {
        module: who
        for module, who in users().items()
        if room(module) in SHARED_LAYERS and len(who) == 1 and not who & {"library", "atlas", "pipeline"}
        if modules()[module].name != "__init__.py"
    }
    wrong = {module: who for module, who in alone.items() if module not in USED_BY_ONE}
    assert wrong == {}, wrong
    assert set(USED_BY_ONE) <= set(alone), "an exception that is none any more"


def drawing_and_gathering() -> dict[str, list[Path]]:
    """Name -> the files that such a job starts from: functions that the figure tables name, and scripts that gather."""
    cases: dict[str, list[Path]] = {}
    for table in sorted((HOME / "workflow" / "figures").glob("*.yaml")):
        for key, module in re.findall(r"\b(draw|judge): *['\"]?(papers\.[\w.]+):\w+", table.read_text()):
            cases[f"{key} {module}"] = [HOME / "scripts" / f"{key}.py", modules()[module]]
    for path in sorted((HOME / "scripts").glob("*/aggregate*.py")):
        cases[f"{path.parent.name}/{path.name}"] = [path]
    return cases


def way_to_the_compiler(files: list[Path]) -> list[str]:
    """The chain of files from one of ``files`` to one that imports the compiler; empty if there is none."""
    chains = [[path] for path in files]
    seen = set(files)
    while chains:
        chain = chains.pop(0)
        if imports_the_compiler(chain[-1]):
            return [str(path.relative_to(HOME)) for path in chain]
        for module in own_imports(chain[-1]):
            # importing a.b.c runs a and a.b first
            parts = module.split(".")
            for length in range(len(parts) + 1):
                path = modules()[".".join(parts[:length])]
                if path not in seen:
                    seen.add(path)
                    chains.append([*chain, path])
    return []


@pytest.mark.parametrize("name", drawing_and_gathering())
def test_what_draws_judges_or_gathers_loads_no_compiler(name):
    assert way_to_the_compiler(drawing_and_gathering()[name]) == []


def test_the_walk_finds_the_compiler_where_it_is_loaded():
    assert way_to_the_compiler([modules()["dynamics.energy_flow.flow"]])
    assert way_to_the_compiler([HOME / "scripts" / "spheres" / "compute_flow.py"])
