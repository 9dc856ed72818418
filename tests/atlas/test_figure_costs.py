"""Costs of figures whose rules have a job for each of several figures."""

import pytest

from attention_atlas.atlas.costs import figure_cost
from attention_atlas.pipeline.figures import FigureRow, PaperTable

MEASURED = {
    ("p_start_compute", "job"): (1.0, 1.0, 50.0),
    ("p_diagram_compute", "diagram_0"): (10.0, 9.0, 100.0),
    ("p_diagram_compute", "diagram_1"): (12.0, 9.0, 110.0),
    ("p_diagram_compute", "diagram_zoom_0"): (100.0, 99.0, 300.0),
}


def row(key, **content):
    return FigureRow(paper="p", key=key, title=key, kind="picture", text=key, **content)


FIGURES = {
    figure.key: figure
    for figure in (
        row("diagram", made_by=("start", "diagram"), jobs={"diagram": "diagram"}),
        row("spectrum", made_by=("start", "diagram"), jobs={"diagram": "diagram"}),
        row("diagram_zoom", made_by=("start", "diagram"), jobs={"diagram": "diagram_zoom"}),
    )
}


def costs(*more):
    figures = FIGURES | {figure.key: figure for figure in more}
    table = PaperTable("p", "P", "", "", figures, None)
    return {key: figure_cost(figure, table, MEASURED) for key, figure in figures.items()}


def test_a_figure_costs_its_own_job_and_the_slabs_of_it():
    found = costs()
    assert [found[key].seconds for key in FIGURES] == pytest.approx([23.0, 23.0, 101.0])
    assert [(rule.rule, rule.jobs, rule.shared) for rule in found["diagram"].rules] == [
        ("p_start_compute", 1, 2),
        ("p_diagram_compute", 2, 1),
    ]
    assert [rule.shared for rule in found["diagram_zoom"].rules] == [2, 0]


def test_a_figure_that_names_no_job_stands_on_all_of_them():
    found = costs(row("all_of_them", made_by=("diagram",)))
    assert found["all_of_them"].seconds == pytest.approx(122.0)
    assert [rule.shared for rule in found["diagram_zoom"].rules] == [2, 1]
