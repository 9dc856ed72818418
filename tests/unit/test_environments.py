"""Pinned environments: conda, pip and what is installed agree, and scripts import only what their environment lists."""

import ast
import re
import sys
from importlib import metadata

import pytest
import yaml

# names on conda-forge that differ from those on the Python index
RENAMED = {"matplotlib-base": "matplotlib"}
# module -> package, where the two differ
MODULES = {
    "yaml": "pyyaml",
    "PIL": "pillow",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "llvmlite": "numba",
    "cycler": "matplotlib",
}


def pins(home):
    lines = [
        line
        for name in ("main", "without-dependencies")
        for line in (home / "requirements" / f"{name}.txt").read_text().splitlines()
    ]
    return dict(line.lower().split("==") for line in lines if line and not line.startswith("#"))


def environments(home):
    return sorted((home / "envs").glob("*.yaml"))


def conda_pins(path):
    text = yaml.safe_load(path.read_text())
    return {RENAMED.get(name, name): version for name, version in (line.split("=", 1) for line in text["dependencies"])}


def test_every_pin_is_exact(home):
    for name, version in pins(home).items():
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version), name
    for path in environments(home):
        for name, version in conda_pins(path).items():
            assert re.fullmatch(r"[0-9][0-9a-z.]*", version), f"{path.name}: {name}"


def test_conda_pins_equal_pip_pins(home):
    wanted = pins(home)
    for path in environments(home):
        for name, version in conda_pins(path).items():
            if name != "python" and name in wanted:
                assert wanted[name] == version, f"{path.name}: {name}"


def test_installed_versions_equal_pins(home):
    different = {}
    for name, version in pins(home).items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "nothing"
        if installed.split("+")[0] != version:
            different[name] = (installed, version)
    assert different == {}


def test_direct_packages_are_pinned(home):
    lines = (home / "requirements" / "direct.txt").read_text().splitlines()
    names = {line.lower() for line in lines if line and not line.startswith("#")}
    assert names <= set(pins(home))


def rule_environments(home):
    """(rule, script, environment) for each rule that runs a script."""
    for path in sorted((home / "workflow" / "rules").glob("*.smk")):
        for block in re.split(r"\n(?=(?:rule|checkpoint) \w+:)", path.read_text()):
            name = re.match(r"(?:rule|checkpoint) (\w+):", block)
            script = re.search(r"script:\s*\"\.\./\.\./(scripts/\w+\.py)\"", block)
            if name and script:
                environment = re.search(r"conda:\s*\"\.\./\.\./(envs/[\w-]+\.yaml)\"", block)
                yield name.group(1), script.group(1), environment and environment.group(1)


def test_every_rule_has_an_environment(home):
    rules = list(rule_environments(home))
    assert rules
    assert [name for name, _, environment in rules if not environment or not (home / environment).is_file()] == []


def imported(path, home, seen):
    """Third-party modules that a file imports, also through the library."""
    seen.add(path)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.split(".")[0] == "attention_atlas":
                base = home / "src" / name.replace(".", "/")
                # importing a module runs the __init__ files of the packages around it
                packages = [parent / "__init__.py" for parent in base.parents if home / "src" in parent.parents]
                for inner in (base.with_suffix(".py"), base / "__init__.py", *packages):
                    if inner.is_file() and inner not in seen:
                        found |= imported(inner, home, seen)
            elif name.split(".")[0] not in sys.stdlib_module_names | {"_library"}:
                found.add(name.split(".")[0])
    return found


def test_scripts_import_only_what_their_environment_lists(home):
    missing = []
    for rule, script, environment in rule_environments(home):
        listed = set(conda_pins(home / environment))
        for module in imported(home / script, home, set()):
            if not (home / "scripts" / f"{module}.py").exists() and MODULES.get(module, module) not in listed:
                missing.append(f"{rule}: {script} imports {module}, {environment} does not list it")
    assert missing == []


@pytest.mark.parametrize("version", ["requires-python"])
def test_python_of_the_environments_is_supported(home, version):
    wanted = re.search(rf'{version} = ">=(\d+)\.(\d+)"', (home / "pyproject.toml").read_text())
    assert wanted
    for path in environments(home):
        major, minor = conda_pins(path)["python"].split(".")[:2]
        assert (int(major), int(minor)) >= (int(wanted[1]), int(wanted[2]))
