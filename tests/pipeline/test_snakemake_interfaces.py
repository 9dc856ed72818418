"""Everything of Snakemake that this project reads or sets, against a list of what is public and meant for it.

Whoever adds a line here has looked it up in Snakemake's documentation. Attributes that begin with an underscore never belong here.
"""

import ast
import re
from pathlib import Path

import pytest

# What may be imported: module -> names.
IMPORTED = {
    # https://github.com/snakemake/snakemake-interface-logger-plugins, README
    "snakemake_interface_logger_plugins.base": {"LogHandlerBase"},
    "snakemake_interface_logger_plugins.common": {"LogEvent"},
    "snakemake_interface_logger_plugins.settings": {"LogHandlerSettingsBase"},
    # Snakemake, "Snakefiles and Rules", "Depend on a minimum Snakemake version"
    "snakemake.utils": {"min_version"},
}
# Folder of the file of rules that is being read, also in a module of another workflow, where ``basedir`` is that one's folder.
# And the files that ``configfile:`` and ``--configfile`` name, for messages that say in which line a wrong value stands.
# And the number of ``--cores``: "Snakefiles and Rules", "Threads"; with none Snakemake waits for ever.
WORKFLOW = {"current_basedir", "configfiles", "cores"}
# "Rules": what a script is given, and what other rules may refer to by ``rules.<name>``.
SCRIPT = {"config", "input", "log", "output", "params", "resources", "threads", "wildcards"}
RULE = {"input", "output"}
# Fields of log records; most are named in the README of the logger plugins.
RECORD = {
    "cmd", "created", "done", "event", "exception", "job_id", "jobid", "levelno", "log", "rule_name", "stats", "threads",
    "total", "wildcards",
}  # fmt: skip
# Hooks of Python that are the user's or Snakemake's.
HOOKS = ("sys.excepthook", "threading.excepthook", "sys.unraisablehook", "signal.signal", "atexit.register", "sys.argv")


def texts(home, *patterns):
    """Path -> text of the files of the project."""
    return {path: path.read_text() for pattern in patterns for path in sorted(home.glob(pattern))}


@pytest.fixture(scope="module")
def python(home):
    return {path: ast.parse(text) for path, text in texts(home, "src/**/*.py", "scripts/**/*.py").items()}


@pytest.fixture(scope="module")
def rules(home):
    return texts(home, "Snakefile", "workflow/rules/*.smk")


def imports(text):
    """(module, names) of imports from Snakemake in a file of rules."""
    for module, names in re.findall(r"(?m)^[ \t]*from[ \t]+(snakemake[\w.]*)[ \t]+import[ \t]+(.+)$", text):
        yield module, set(re.findall(r"\w+", names))
    for module in re.findall(r"(?m)^[ \t]*import[ \t]+(snakemake[\w.]*)", text):
        yield module, {"all of it"}


def test_imports(python, rules):
    found = [(path, module, names) for path, text in rules.items() for module, names in imports(text)]
    for path, tree in python.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0].startswith("snakemake"):
                found.append((path, node.module, {alias.name for alias in node.names}))
            elif isinstance(node, ast.Import):
                found += [(path, a.name, {"all of it"}) for a in node.names if a.name.startswith("snakemake")]
    assert found
    own = "snakemake_logger_plugin_atlas"
    assert [
        (path.name, module, names)
        for path, module, names in found
        if not module.startswith(own) and not names <= IMPORTED.get(module, set())
    ] == []


def test_attributes_of_the_workflow_and_of_rules(rules):
    for path, text in rules.items():
        assert set(re.findall(r"\bworkflow\.(?!smk)(\w+)", text)) <= WORKFLOW, path
        assert set(re.findall(r"\brules\.\w+\.(\w+)", text)) <= RULE, path
        assert not re.findall(r"\b(?:checkpoints|onstart|onerror|onsuccess)\b[.:]", text), path
        assert not re.findall(r"getattr\((?:workflow|rules)\b", text), path


def test_attributes_of_what_a_script_is_given(python):
    used = {
        node.attr: path
        for path, tree in python.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "snakemake"
    }
    assert used
    assert set(used) <= SCRIPT, used


def test_fields_of_log_records(python):
    """Also those that are asked for by name; the text of a message is shown and never looked into."""
    found = set()
    for path, tree in python.items():
        if path.parent.name != "snakemake_logger_plugin_atlas":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "record":
                found.add(node.attr)
            elif isinstance(node, ast.Call) and ast.unparse(node).startswith("getattr(record, "):
                found.add(ast.literal_eval(node.args[1]))
    assert found == RECORD


def test_nothing_private_and_no_hooks(python, rules):
    for path, tree in python.items():
        text = path.read_text()
        assert not [hook for hook in HOOKS if hook in text and not _is_program(path)], path
        if path.parent.name == "snakemake_logger_plugin_atlas":
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__"):
                    assert ast.unparse(node.value) == "self", f"{path}: {ast.unparse(node)}"
    for path, text in rules.items():
        assert not [hook for hook in HOOKS if hook in text], path


def _is_program(path: Path) -> bool:
    """Whether a module is also a program of its own, which reads its command line."""
    return '__name__ == "__main__"' in path.read_text() and "scripts" not in path.parts
