"""Which environment each rule asks for, read from the rule files."""

import re


def rule_blocks(home):
    """(name, text) of each rule of the workflow; rules without a name of their own are called by their first line."""
    for path in [home / "Snakefile", *sorted((home / "workflow" / "rules").glob("*.smk"))]:
        for block in re.split(r"\n(?=[ \t]*(?:rule|checkpoint)\b[^\n]*:[ \t]*\n)", path.read_text()):
            name = re.match(r"[ \t]*(?:rule|checkpoint)\b[ \t]*(\w*):", block)
            if name:
                yield name.group(1) or f"a rule without a name in {path.name}", block


def rule_environments(home):
    """(rule, script, environment) for each rule that runs a script."""
    for name, block in rule_blocks(home):
        script = re.search(r"script:\s*\"\.\./\.\./(scripts/[\w/]+\.py)\"", block)
        if script:
            environment = re.search(r"conda:\s*\"\.\./\.\./(envs/[\w-]+\.yaml)\"", block)
            yield name, script.group(1), environment and environment.group(1)
