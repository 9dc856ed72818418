"""What jobs load: one that draws, gathers or judges does without Numba, whose loading takes as long as many of them work."""

import ast

import pytest
from workflow_rules import rule_directives, rule_files

PACKAGE = "attention_atlas"


def imported_at_once(path):
    """Names of modules, and of what may be one, that a file imports when it is loaded."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def loaded(paths, source):
    """Names of all modules that are loaded with these files, with the chain of files behind each."""
    found, todo = {}, [(path, ()) for path in paths]
    seen = set(paths)
    while todo:
        path, chain = todo.pop()
        for name in imported_at_once(path):
            found.setdefault(name, (*chain, path.name))
            parts = name.split(".")
            for length in range(1, len(parts) + 1):
                base = source.joinpath(*parts[:length])
                for file in (base.with_suffix(".py"), base / "__init__.py"):
                    if parts[0] == PACKAGE and file.is_file() and file not in seen:
                        seen.add(file)
                        todo.append((file, (*chain, path.name)))
    return found


@pytest.mark.parametrize("stage", ["plot", "aggregate", "claims"])
def test_jobs_that_compute_nothing_do_not_load_numba(home, stage):
    rules = {name: rule for name, rule in rule_directives(home).items() if name.endswith(f"_{stage}")}
    assert rules
    chains = {name: loaded(rule_files(home, rule), home / "src").get("numba") for name, rule in rules.items()}
    assert {name: " > ".join(chain) for name, chain in chains.items() if chain} == {}


def test_jobs_that_compute_do_not_load_matplotlib(home):
    rules = {name: rule for name, rule in rule_directives(home).items() if name.endswith("_compute")}
    assert rules
    chains = {name: loaded(rule_files(home, rule), home / "src").get("matplotlib") for name, rule in rules.items()}
    assert {name: " > ".join(chain) for name, chain in chains.items() if chain} == {}
