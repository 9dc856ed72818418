"""Pinned environments: conda, pip and what is installed agree, and scripts import only what their environment lists."""

import ast
import re
import sys
from importlib import metadata

import pytest
import yaml
from rattler import BuildString, MatchSpec, PackageRecord
from workflow_rules import from_rules, listed_rules, rule_directives, rule_files

from attention_atlas.pipeline.source_files import files_behind

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


def language_extras(home):
    lines = (home / "requirements" / "language-extras.txt").read_text().splitlines()
    return dict(line.lower().split("==") for line in lines if line and not line.startswith("#"))


def test_every_conda_pin_has_a_pip_pin(home):
    """Nothing can drift unseen: each name is in a list of versions that pip installs, pip itself is in no list."""
    known = set(pins(home)) | set(language_extras(home)) | {"python", "pip"}
    for path in environments(home):
        assert set(conda_pins(path)) <= known, path.name
    extras = conda_pins(home / "envs" / "language-extras.yaml")
    assert {name: extras[name] for name in ("huggingface_hub", "pyarrow")} == {
        name: language_extras(home)[name] for name in ("huggingface_hub", "pyarrow")
    }


def test_lists_of_versions_agree_where_both_name_a_package(home):
    main, extras = pins(home), language_extras(home)
    assert {name: main[name] for name in main.keys() & extras.keys()} == {
        name: extras[name] for name in main.keys() & extras.keys()
    }


def test_what_an_environment_installs_with_pip_is_pinned_alike(home):
    """The script that runs once in a new environment."""
    installed = {}
    for path in (home / "envs").glob("*.post-deploy.sh"):
        assert path.with_name(path.name.replace(".post-deploy.sh", ".yaml")).is_file(), path.name
        assert conda_pins(path.with_name(path.name.replace(".post-deploy.sh", ".yaml")))["pip"]
        installed |= dict(word.split("==") for word in path.read_text().split() if "==" in word)
    assert installed
    assert installed == {name: pins(home)[name] for name in installed}


@pytest.mark.parametrize("name", ["compute", "draw", "language", "language-extras"])
def test_dependencies_parse_as_conda_reads_them_and_match_what_is_installed(home, name):
    """rattler's own reading of each line against a record of the installed version; what is not installed only parses."""
    path = home / "envs" / f"{name}.yaml"
    text = yaml.safe_load(path.read_text())
    assert text["channels"] == ["conda-forge", "nodefaults"]
    matched = set()
    for line in text["dependencies"]:
        spec = MatchSpec(line, strict=True)
        package = RENAMED.get(str(spec.name.normalized), str(spec.name.normalized))
        if package == "python":
            version = ".".join(map(str, sys.version_info[:3]))
        elif package == "pip" or package in language_extras(home).keys() - pins(home).keys():
            continue
        else:
            version = metadata.version(package)
        record = PackageRecord(spec.name.normalized, version, BuildString("0"), 0, "linux-64", "linux", "x86_64")
        assert spec.matches(record), f"{path.name}: {line} does not match {version}"
        matched.add(package)
    assert {"numpy", "numba", "scipy", "pandas"} <= matched


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


def test_every_rule_runs_a_script_in_an_environment(home):
    rules = rule_directives(home)
    assert len(rules) > 100
    for name, rule in rules.items():
        assert from_rules(home, rule["script"]).is_file(), name
        assert from_rules(home, rule["conda"]).is_file(), name
        assert not {"shellcmd", "notebook", "wrapper", "cwl", "template_engine"} & set(rule), name
    used = {from_rules(home, rule["conda"]) for rule in rules.values()}
    assert used == set(environments(home))


def test_no_rule_is_overlooked(home):
    """What Snakemake lists beside the rules above are targets without a name in a table: they run nothing."""
    others = listed_rules(home) - set(rule_directives(home))
    assert set(rule_directives(home)) <= listed_rules(home)
    assert others <= listed_rules(home, "--list-target-rules")


def third_party(path):
    """Modules that a file imports and that are neither Python's nor the library's."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"attention_atlas"}


def test_scripts_import_only_what_their_environment_lists(home):
    missing = []
    for name, rule in rule_directives(home).items():
        listed = set(conda_pins(from_rules(home, rule["conda"])))
        for path in files_behind(rule_files(home, rule), home / "src"):
            missing += [
                f"{name}: {path} imports {module}, {rule['conda']} does not list it"
                for module in third_party(path)
                if MODULES.get(module, module) not in listed
            ]
    assert missing == []


@pytest.mark.parametrize("version", ["requires-python"])
def test_python_of_the_environments_is_supported(home, version):
    wanted = re.search(rf'{version} = ">=(\d+)\.(\d+)"', (home / "pyproject.toml").read_text())
    assert wanted
    for path in environments(home):
        major, minor = conda_pins(path)["python"].split(".")[:2]
        assert (int(major), int(minor)) >= (int(wanted[1]), int(wanted[2]))
