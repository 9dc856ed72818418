"""Profiles and rules fit together: groups of small jobs, what slabs ask a cluster for, names that Slurm can hold."""

import pytest
import yaml
from workflow_rules import rule_directives


@pytest.fixture(scope="module")
def profile(home):
    return yaml.safe_load((home / "profiles" / "slurm" / "config.yaml").read_text())


@pytest.fixture(scope="module")
def rules(home):
    return rule_directives(home)


def groups(rules):
    return {name: rule["group"] for name, rule in rules.items() if "group" in rule}


def test_every_drawing_and_table_is_in_a_group_of_its_paper(rules):
    """A Slurm job takes longer to start than they take."""
    small = {name for name in rules if name.endswith(("_plot", "_aggregate"))}
    assert len(small) > 80
    assert small <= set(groups(rules))
    for rule, group in groups(rules).items():
        paper = group.removesuffix("_compute").removesuffix("_aggregate").removesuffix("_plot")
        assert rule.startswith(f"{paper}_"), rule


def test_profile_lists_groups_that_exist_and_no_rules(profile, rules):
    assert set(profile["group-components"]) <= set(groups(rules).values())
    assert "groups" not in profile


def test_both_profiles_ask_for_more_at_each_attempt(home, profile):
    default = yaml.safe_load((home / "profiles" / "default" / "config.yaml").read_text())
    assert profile["default-resources"] == default["default-resources"]
    assert all(text.startswith("attempt * ") for text in default["default-resources"].values())
    assert set(default["default-resources"]) == {"mem_mb", "runtime"}


def test_squeue_says_how_jobs_are(profile):
    assert profile["slurm-status-command"] == "squeue"
    # Slurm's usual MinJobAge
    assert 3 * profile["slurm-init-seconds-before-status-checks"] <= 300


def test_names_of_groups_are_names_of_files(profile, rules):
    """The Slurm plugin's folders are named after a group and up to five of its rules; job scripts are not, see the profile.

    Where such a name is too long the group is never sent, and the run never ends.
    """
    assert profile["jobname"] == "job.{jobid}.sh"
    for group in set(groups(rules).values()):
        longest = sorted((rule for rule, name in groups(rules).items() if name == group), key=len)[-5:]
        assert len(f"group_{group}_{'_'.join(longest)}_...") <= 255, group
