"""The profile for a cluster names rules that exist, and asks for slabs what an array can ask."""

import re

import pytest
import yaml


@pytest.fixture(scope="module")
def profile(home):
    return yaml.safe_load((home / "profiles" / "slurm" / "config.yaml").read_text())


@pytest.fixture(scope="module")
def rules(home):
    """Rule -> its text."""
    texts = {}
    for path in sorted((home / "workflow" / "rules").glob("*.smk")):
        for block in re.split(r"\n(?=(?:rule|checkpoint) \w+:)", path.read_text()):
            if name := re.match(r"(?:rule|checkpoint) (\w+):", block):
                texts[name.group(1)] = block
    return texts


def arrays(profile):
    return profile["slurm-array-jobs"].split(",")


def test_every_named_rule_exists(profile, rules):
    assert set(profile["groups"]) <= set(rules)
    assert set(arrays(profile)) <= set(rules)


def test_every_drawing_and_table_is_in_a_group(profile, rules):
    small = {name for name in rules if name.endswith(("_plot", "_aggregate"))}
    assert small <= set(profile["groups"])


def test_groups_are_of_one_paper_and_kind(profile):
    for rule, group in profile["groups"].items():
        paper, kind = group.rsplit("_", 1) if group != "provenance" else ("provenance", "")
        assert rule.startswith(f"{paper}_"), rule
        assert rule.endswith(kind), rule
    assert set(profile["groups"].values()) == set(profile["group-components"])


def test_slabs_that_go_as_arrays_are_in_no_group_and_ask_for_the_same(profile, rules):
    """An array asks once for all its tasks: with the resources of the first."""
    for rule in arrays(profile):
        assert rule not in profile["groups"]
        asked = re.findall(r"(?:threads: |mem_mb=|runtime=)(.*)", rules[rule])
        assert len(asked) == 3, rule
        assert all("wildcards" not in line for line in asked), rule


def test_arrays_fit_into_a_file_name(profile):
    """Snakemake looks whether an option of a profile is the name of a file, and a longer one is an error."""
    assert len(profile["slurm-array-jobs"]) < 255


def test_array_jobs_are_never_held_back(profile):
    """The plugin forgets jobs of an array if only some of the ready ones are given to it."""
    assert profile["scheduler"] == "greedy"
    assert profile["jobs"] >= 10_000
    assert int(profile["max-jobs-per-timespan"].split("/")[0]) >= 10_000
    assert "resources" not in profile


def test_squeue_says_how_jobs_are(profile):
    assert profile["slurm-status-command"] == "squeue"
    # Slurm's usual MinJobAge
    assert 3 * profile["slurm-init-seconds-before-status-checks"] <= 300


def test_every_rule_asks_for_memory_and_time_that_grow_with_the_attempt(rules):
    own = {name: text for name, text in rules.items() if "localrule: True" not in text}
    assert len(own) > 100
    for name, text in own.items():
        assert re.search(r"mem_mb=memory\(", text), name
        assert re.search(r"runtime=minutes\(", text), name
        assert re.search(r'threads: (\d+|config\["threads"\])$', text, re.MULTILINE), name


def test_names_of_groups_are_names_of_files(profile):
    """The plugin keeps a folder for each group, named after up to five of its rules; Snakemake's own files are named otherwise."""
    for group in profile["group-components"]:
        longest = sorted((rule for rule, name in profile["groups"].items() if name == group), key=len)[-5:]
        assert len(f"group_{group}_{'_'.join(longest)}_...") <= 255, group
    assert profile["jobname"] == "atlas.{jobid}.sh"
