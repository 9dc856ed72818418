"""Costs of figures: the jobs of their families, shared ones in full, and the graph that the names of rules make."""

import pandas as pd
import pytest

from attention_atlas.atlas.costs import figure_cost, job_costs, rule_graph
from attention_atlas.pipeline.figures import read_paper_table

YAML = """
title: P
paper: Somebody
summary: Sentences.
claims: {judge: papers.p.claims:claims, tables: [f.csv], made_by: [check]}
figures:
  fa: {title: A, kind: picture, text: x, draw: m:f, rule: f, tables: {t: f.csv}}
  fb: {title: B, kind: picture, text: x, draw: m:f, rule: f, tables: {t: f.csv}}
  film: {title: F, kind: animation, text: x, draw: m:g, tables: {run: runs/f.npz}, made_by: [f]}
  other: {title: O, kind: picture, text: x, draw: m:h, tables: {t: other.csv}}
  off: {title: N, kind: picture, text: x, draw: m:h, made_by: [f], enabled: p.off}
"""
JOBS = pd.DataFrame(
    [
        ("p_f_compute", "0", 10.0, 9.0, 100.0),
        ("p_f_compute", "1", 20.0, 19.0, 300.0),
        ("p_f_aggregate", "job", 0.5, 0.4, float("nan")),
        ("p_f_plot", "fa", 1.0, 1.0, 90.0),
        ("p_f_plot", "fb", 2.0, 2.0, 400.0),
        ("p_film_plot", "job", 4.0, 4.0, 50.0),
        ("p_check_compute", "job", 3.0, 3.0, 10.0),
        ("p_claims", "job", 1.0, 1.0, 10.0),
        ("q_f_compute", "0", 1000.0, 1.0, 1.0),
    ],
    columns=["rule", "job", "seconds", "cpu_seconds", "max_rss_mb"],
)


@pytest.fixture
def table(tmp_path):
    (tmp_path / "p.yaml").write_text(YAML)
    return read_paper_table(tmp_path / "p.yaml", {"p": {"off": False}})


def test_seconds_are_summed_and_memory_is_the_largest(table):
    cost = figure_cost(table.figures["fa"], table, job_costs([JOBS]))
    assert cost.seconds == pytest.approx(31.5)
    assert cost.memory == 300
    assert [(rule.rule, rule.jobs, rule.seconds, rule.memory, rule.shared) for rule in cost.rules] == [
        ("p_f_compute", 2, 30.0, 300.0, 2),
        ("p_f_aggregate", 1, 0.5, None, 2),
        ("p_f_plot", 1, 1.0, 90.0, 0),
    ]
    assert cost.shared


def test_a_rule_that_draws_one_thing_has_one_job(table):
    cost = figure_cost(table.figures["film"], table, job_costs([JOBS]))
    assert [rule.rule for rule in cost.rules] == ["p_f_compute", "p_f_aggregate", "p_film_plot"]


def test_what_nobody_measured_has_no_cost(table):
    cost = figure_cost(table.figures["other"], table, job_costs([JOBS]))
    assert (cost.rules, cost.seconds, cost.memory, cost.shared) == ((), None, None, False)


def test_the_graph_holds_the_measured_rules_of_the_paper(table):
    rules, edges = rule_graph(table, job_costs([JOBS]))
    assert [(rule.rule, rule.jobs) for rule in rules] == [
        ("p_f_compute", 2),
        ("p_f_aggregate", 1),
        ("p_f_plot", 2),
        ("p_film_plot", 1),
        ("p_check_compute", 1),
        ("p_claims", 1),
    ]
    assert edges == [
        ("p_check_compute", "p_claims"),
        ("p_f_aggregate", "p_claims"),
        ("p_f_aggregate", "p_f_plot"),
        ("p_f_aggregate", "p_film_plot"),
        ("p_f_compute", "p_f_aggregate"),
    ]
