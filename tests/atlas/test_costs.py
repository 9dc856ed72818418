"""Costs of figures: sums over jobs, shared jobs once, what was not measured said so."""

import pandas as pd
import pytest

from attention_atlas.atlas.chains import Job
from attention_atlas.atlas.costs import figure_cost, job_costs, rule_graph

JOBS = {
    "run 0": Job("p_run", {"slab": "0"}, "jobs/p_run/0.tsv", ()),
    "run 1": Job("p_run", {"slab": "1"}, "jobs/p_run/1.tsv", ()),
    "gather": Job("p_gather", {}, "jobs/p_gather/job.tsv", ("run 0", "run 1")),
    "draw": Job("p_draw", {}, None, ("gather", "run 0")),
}
SCRIPTS = {"p_run": "run.py", "p_gather": "gather.py", "p_draw": "draw.py"}
TABLE = pd.DataFrame(
    {
        "rule": ["p_run", "p_run", "p_gather"],
        "job": ["0", "1", "job"],
        "seconds": [10.0, 20.0, 0.5],
        "cpu_seconds": [9.0, 19.0, 0.4],
        "max_rss_mb": [100.0, 300.0, float("nan")],
    }
)


def test_seconds_are_summed_and_memory_is_the_largest():
    cost = figure_cost(["draw", "gather"], JOBS, job_costs([TABLE]), SCRIPTS)
    assert cost.seconds == pytest.approx(30.5)
    assert cost.memory == 300
    assert [(rule.rule, rule.jobs, rule.seconds, rule.memory) for rule in cost.rules] == [
        ("p_run", 2, 30.0, 300.0),
        ("p_gather", 1, 0.5, None),
        ("p_draw", 1, None, None),
    ]


def test_the_graph_has_an_arrow_for_each_pair_of_rules():
    rules, edges = rule_graph(JOBS, job_costs([TABLE]), SCRIPTS)
    assert [rule.script for rule in rules] == ["run.py", "gather.py", "draw.py"]
    assert edges == [("p_gather", "p_draw"), ("p_run", "p_draw"), ("p_run", "p_gather")]
