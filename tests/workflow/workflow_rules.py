"""What the rules say: Snakemake's own compilation of a rule file for rules written by hand, the tables for the others."""

import ast
import contextlib
import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import yaml
from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, ResourceSettings

from attention_atlas.pipeline.figures import drawings_by_rule, read_tables
from attention_atlas.pipeline.job_sizes import job_sizes
from attention_atlas.pipeline.source_files import module_file

# Files whose rules are made in a loop, from the tables.
LOOPS = {"figures.smk"}


def compilation(path: Path) -> str:
    """Python that Snakemake makes of a file of rules."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), SnakemakeApi(OutputSettings()) as api:
        api.workflow(snakefile=path, resource_settings=ResourceSettings(cores=1)).print_compilation()
    return out.getvalue()


def directive(call: ast.Call) -> tuple[str, object]:
    """Name of a directive and its value, if that is one text or number."""
    assert isinstance(call.func, ast.Attribute)
    values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    return call.func.attr, values[0] if len(values) == 1 else None


def written_rules(path: Path) -> dict[str, dict[str, object]]:
    """Rule -> directive -> value, for one file; what ``use rule`` does not say anew is its model's."""
    rules: dict[str, dict[str, object]] = {}
    for node in ast.walk(ast.parse(compilation(path))):
        calls = [call for call in getattr(node, "decorator_list", []) if isinstance(call, ast.Call)]
        said = dict(map(directive, calls))
        words = {
            word.arg: word.value
            for call in calls
            for word in call.keywords
            if directive(call)[0] in ("rule", "userule")
        }
        if "rule" in said:
            rules[ast.literal_eval(words["name"])] = said
        elif "userule" in said:
            (model,) = ast.literal_eval(words["rules"])
            rules[ast.literal_eval(words["name_modifier"])] = rules[model] | said
    return rules


@cache
def rule_directives(home: Path) -> dict[str, dict[str, object]]:
    """Rule -> directive -> value, for all rules that run something; what is no plain text or number is None.

    ``functions`` are those that a script calls by name, ``module:function``.
    """
    rules: dict[str, dict[str, object]] = {}
    for path in [home / "Snakefile", *sorted((home / "workflow" / "rules").glob("*.smk"))]:
        if path.name not in LOOPS:
            rules |= written_rules(path)
    config = yaml.safe_load((home / "config.yaml").read_text())
    tables, sizes = read_tables(home / "workflow" / "figures", config), job_sizes(config)
    for name, drawings in drawings_by_rule(tables).items():
        _, drawing = drawings[0]
        rules[name] = {
            "script": "../../scripts/draw.py",
            "conda": f"../../envs/{drawing.environment}.yaml",
            "group": f"{drawing.paper}_plot",
            "functions": [drawing.function for _, drawing in drawings],
        }
    for paper, table in tables.items():
        for entry in table.computed:
            rules[entry.rule] = {
                "script": "../../scripts/compute.py",
                "conda": "../../envs/compute.yaml",
                "functions": [entry.function],
            } | ({} if entry.rule in sizes else {"group": f"{paper}_compute"})
        if table.claims:
            rules[f"{paper}_claims"] = {
                "script": "../../scripts/judge.py",
                "conda": f"../../envs/{table.claims.environment}.yaml",
                "functions": [table.claims.function],
            }
    return {name: rule for name, rule in rules.items() if "norun" not in rule}


def rule_files(home: Path, rule: dict[str, object]) -> list[Path]:
    """The script of a rule and, where it calls a function by name, the file of the function."""
    modules = [str(function).partition(":")[0] for function in rule.get("functions", ())]
    return [from_rules(home, rule["script"]), *(module_file(module, home / "src") for module in modules)]


def from_rules(home: Path, path: object) -> Path:
    """A path that a rule names, from the folder of the rules."""
    return (home / "workflow" / "rules" / str(path)).resolve()


def listed_rules(home: Path, option: str = "--list-rules") -> set[str]:
    """Names of rules (``--list-target-rules``: of targets) that Snakemake lists."""
    words = [sys.executable, "-m", "snakemake", option, "--snakefile", str(home / "Snakefile")]
    return set(subprocess.run(words, cwd=home, capture_output=True, text=True, check=True).stdout.split())
