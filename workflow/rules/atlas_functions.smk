# What only the workflow knows and the atlas shows: which jobs, rules and scripts stand behind each figure, what its views read.
import re
from functools import cache

from attention_atlas.atlas.chains import RuleFiles, find_jobs


def rule_scripts():
    """Rule -> name of its script, for all rules that are written out in the rule files."""
    scripts = {}
    for path in sorted((HOME / "workflow" / "rules").glob("*.smk")):
        for block in re.split(r"(?m)^(?= *rule\s+\w+:)", path.read_text()):
            if name := re.match(r" *rule\s+(\w+):", block):
                script = re.search(r'script:\s*"\.\./\.\./scripts/([\w/]+\.py)"', block)
                scripts[name[1]] = script and script[1]
    scripts.update(dict.fromkeys(drawings_by_rule(TABLES), "draw.py"))
    scripts.update({f"{paper}_claims": "judge.py" for paper, table in TABLES.items() if table.claims})
    return scripts


@cache
def atlas_plan():
    """Jobs behind the figures and claims, as plain values that can be handed to a script."""
    scripts = rule_scripts()
    described = {}
    for name, script in scripts.items():
        # collecting rules have no script and make nothing
        if script and rules.has(name) and not name.startswith("atlas_"):
            rule_files = getattr(rules, name)
            try:
                cost = str(rule_files.benchmark)
            except (AttributeError, TypeError):
                cost = None  # a rule that costs nothing worth measuring
            described[name] = RuleFiles(
                tuple(str(path) for path in rule_files.output), tuple(rule_files.input), cost, script
            )
    targets = {f"{paper}_{figure}": files for paper in FIGURES for figure, files in FIGURES[paper].items()}
    claims = {f"{paper}_claims": [claims_file(paper)] for paper in FIGURES}
    jobs, makers = find_jobs(targets | claims, described)
    return {
        "jobs": [[job.rule, dict(job.wildcards), job.cost, list(job.needs)] for job in jobs.values()],
        "makers": makers,
        "scripts": scripts,
    }


def atlas_view_inputs(wildcards):
    """Results that the interactive views read."""
    # here and not at the top: it loads a good part of the library, and every job reads these files
    from attention_atlas.atlas.views.catalogue import view_inputs

    return view_inputs(FIGURES, config)
