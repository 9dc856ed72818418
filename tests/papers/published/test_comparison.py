"""Comparisons with published numbers: which points belong together, their differences, the lines of the summary."""

import copy

import numpy as np
import pandas as pd
import pytest
import yaml

from attention_atlas.claims import COLUMNS as CLAIM_COLUMNS
from attention_atlas.papers.published.comparison import (
    COMPARISONS,
    compare,
    summary_row,
    summary_table,
    summary_without,
)
from attention_atlas.papers.published.drawing.overlays import VIEWS
from attention_atlas.papers.published.points import POINT_COLUMNS, binomial_bars, side_by_side
from attention_atlas.papers.published.settings import COMPARED, SUMMARY_COLUMNS, check

NO_CLAIMS = pd.DataFrame(columns=CLAIM_COLUMNS)


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


@pytest.fixture
def blocks(config):
    """The blocks that a comparison is given, at the published parameters."""
    return lambda id: {name: copy.deepcopy(config[COMPARED[id].paper][name]) for name in COMPARED[id].blocks}


def claim(id, holds="yes", expected="≤ 0.1", tolerance=""):
    row = {"id": id, "figure": "f", "statement": "s", "expected": expected, "computed": "0.01"}
    return row | {"tolerance": tolerance, "holds": holds, "source": "x"}


def test_every_comparison_has_text_files_and_a_view():
    assert list(COMPARED) == list(COMPARISONS) == list(VIEWS)


def test_rows_are_matched_in_single_precision_and_none_is_lost():
    theirs = pd.DataFrame({"delta": [0.1 + 3e-8, 0.3], "a": [1.0, 2.0]})
    ours = pd.DataFrame({"delta": [0.1, 0.2], "a": [1.5, 7.0]})
    both = side_by_side(theirs, ours, "delta")
    assert both["delta"].tolist() == [0.1, 0.2, 0.3]
    assert both["a_published"].fillna(-1).tolist() == [1.0, -1, 2.0]
    assert both["a"].fillna(-1).tolist() == [1.5, 7.0, -1]


def test_tables_without_a_common_point():
    both = side_by_side(pd.DataFrame({"x": [5.0], "a": [1.0]}), pd.DataFrame({"x": [], "a": []}), "x")
    assert both["x"].tolist() == [5.0]
    assert both["a"].isna().all()


def test_wilson_bars():
    low, high = binomial_bars([0, 50, 3], [100, 100, 0])
    # closed form of Wilson's interval for no success: z² / (n + z²)
    assert low[:2] == pytest.approx([0.0, 0.4038], abs=1e-4)
    assert high[:2] == pytest.approx([1.959964**2 / (100 + 1.959964**2), 0.5962], abs=1e-4)
    assert np.isnan([low[2], high[2]]).all()


SWEEP = {"delta": [0.5, 1.0], "single": [20, 100], "antipodal": [80, 0], "other": [0, 0], "mean_energy": [1.6, 2.7]}
SWEEP |= {"top_dirac_energy": [2.7, 2.7], "mean_min_abs_inner": [1.0, 1.0], "min_min_abs_inner": [1.0, 1.0]}


def split(single):
    theirs = pd.DataFrame(SWEEP)
    ours = theirs.assign(single=[single, 100], antipodal=[100 - single, 0])
    runs = pd.DataFrame({"delta": np.repeat([0.5, 1.0], 4), "energy": [1.0, 2.0, 1.0, 2.0, 2.7, 2.7, 2.7, 2.7]})
    return theirs, {"spheres/data/fig2.csv": ours, "spheres/data/fig2_runs.csv": runs}


@pytest.mark.parametrize(("single", "noise"), [(24, True), (60, False)])
def test_shares_are_judged_by_their_noise(blocks, single, noise):
    theirs, tables = split(single)
    id = "spheres_fig2_outcomes"
    points = compare(id, theirs, tables, blocks(id))
    assert list(points.columns) == POINT_COLUMNS
    first = points[(points["series"] == "one cluster") & (points["x"] == 0.5)].iloc[0]
    assert first["difference"] == pytest.approx(single / 100 - 0.2)
    pooled = (20 + single) / 200
    assert first["uncertainty"] == pytest.approx(np.sqrt(pooled * (1 - pooled) / 50))
    assert (first["p_value"] > 0.05) == noise
    row = summary_row(id, points, pd.DataFrame([claim("fig2-published", "yes" if noise else "no", "p ≥ 0.001")]))
    assert row["points"] == 6
    assert row["tolerance"] == "p ≥ 0.001"
    assert row["verdict"] == ("yes" if noise else "no")
    assert (float(row["largest_in_standard_errors"]) < 2) == noise


def test_spread_of_energies_gives_the_error_of_their_difference(blocks):
    theirs, tables = split(20)
    tables["spheres/data/fig2.csv"]["mean_energy"] = [1.5, 2.7]
    id = "spheres_fig2_energy"
    points = compare(id, theirs, tables, blocks(id))
    spread = np.std([1.0, 2.0, 1.0, 2.0], ddof=1)
    assert points["uncertainty"][0] == pytest.approx(spread * np.sqrt(1 / 4 + 1 / 100))
    assert np.isnan(points["uncertainty"][1])  # all runs alike: no noise to judge by
    assert summary_row(id, points, NO_CLAIMS)["verdict"] == "no claim"


def test_four_particles_that_fail_are_not_compared(blocks):
    theirs = pd.DataFrame({"delta": [0.5, 1.0, 2.0, 3.0], "mean_tanh_ratio": [0.5, 1.0, 0.0, 0.0]})
    ours = pd.DataFrame({"delta": [0.5, 1.0, 2.0, 3.0], "tau": 0.05, "mean_tanh_ratio": [0.57, 1.00001, 0.0, 3.0]})
    ours["converged"] = [False, True, False, True]
    id = "spheres_fig4_tau005"
    points = compare(id, theirs, {"spheres/data/fig4.csv": ours}, blocks(id))
    assert points["difference"].notna().tolist() == [False, True, False, False]
    assert points["note"][0] == "at δ = 0.5 our descent has not come to rest (ratio 0.5700), published is 0.5"
    assert points["note"].tolist()[1:] == ["", "fails in both", "fails in theirs only"]
    row = summary_row(
        id, points, pd.DataFrame([claim("fig4-published-0.05-zeros"), claim("fig4-published-0.05-values", "no")])
    )
    assert row["claim"] == "fig4-published-0.05-values; fig4-published-0.05-zeros"  # in the order of the comparison
    assert row["verdict"] == "no; yes"
    assert row["points"] == 1
    assert "fails in both" in row["remark"]


def test_weights_errors_rates_and_energies(blocks):
    angles = -np.pi + 2 * np.pi * np.arange(4) / 4
    weights = pd.DataFrame({"epsilon": 0.1, "angle": angles, "weight": [0.1, 0.4, 0.1, 0.4]})
    theirs = pd.DataFrame({"d2=1.10": [0.1, 0.4, 0.1, 0.4 + 1e-6], "d2=0.95": 0.25})
    id = "spheres_fig5_weights"
    points = compare(id, theirs, {"spheres/data/fig5.csv": weights}, blocks(id))
    assert points["series"].unique().tolist() == ["ε = 0.10", "ε = −0.05"]
    assert points["difference"].notna().sum() == 4  # the other density is theirs alone
    assert points["difference"].abs().max() == pytest.approx(4e-6)
    errors = pd.DataFrame({"epsilon": [-0.1, 0.0], "first_order_printed": [0.003, 0.0], "guess_printed": [0.002, 0.0]})
    published = pd.DataFrame(
        {"epsilon": [-0.1, 0.0], "first_order_l2": [0.003, 0.0], "exponential_guess_l2": [0.001, 0.0]}
    )
    published["first_order_rate_l2"] = [0.03, 0.0]
    tables = {"spheres/data/fig5_errors.csv": errors}
    points = compare("spheres_fig5_errors", published, tables, blocks("spheres_fig5_errors"))
    assert points["relative_difference"].tolist() == pytest.approx([0.0, np.nan, 1.0, np.nan], nan_ok=True)
    points = compare("spheres_fig5_rates", published, tables, blocks("spheres_fig5_rates"))
    assert points["difference"].tolist() == pytest.approx([0.0], abs=1e-15)
    energies = pd.DataFrame({"delta": [0.0], "single_at_e2": [1.0], "pair_on_e1": [1.5], "pair_on_e2": [1.0]})
    id = "spheres_fig7_energies"
    points = compare(id, energies, {"spheres/data/fig7.csv": energies}, blocks(id))
    assert len(points) == 3
    assert (points["difference"] == 0).all()


def spectra():
    """Two published runs: one on an orbit of period 28, one that was chaotic for 0.4 of its steps first."""
    orbit, chaos = -0.1 * np.arange(1, 13), 0.2 - 0.1 * np.arange(1, 13)
    names = [f"lyapunov_{k}" for k in range(1, 13)]
    published = pd.DataFrame([orbit + 1e-5, 0.4 * chaos + 0.6 * orbit], columns=names)
    published = published.assign(
        index=[656, 658], beta=[1.1, 1.2], distinct_values=[28, 4020], author_seconds=[100.0, 200.0]
    )
    matches = pd.DataFrame(
        {"index": [656, 658], "beta": [1.1, 1.2], "kind": ["attractor", "transient"], "attractor": 0}
    )
    matches = matches.assign(period=28, chaotic_share=[0.0, 0.4], chaotic_values=[28, 4028])
    attractors = pd.DataFrame([orbit, orbit, chaos], columns=names)
    attractors = attractors.assign(beta=[1.1, 1.2, 1.2], attractor=[0, 0, 1], runs=[5, 4, 1], period=[28, 28, 0])
    attractors["class"] = ["periodic", "periodic", "chaotic"]
    costs = pd.DataFrame({"rule": ["mean_field_published_compute", "another"], "seconds": [20.0, 3.0]})
    tables = {"mean_field/data/published_match.csv": matches, "mean_field/data/published_attractors.csv": attractors}
    return published, tables | {"provenance/mean_field_jobs.csv": costs}


def test_spectra_are_compared_with_attractor_or_mixture(blocks):
    published, tables = spectra()
    id = "mean_field_exponents_1_to_3"
    points = compare(id, published, tables, blocks(id))
    assert len(points) == 6
    assert points["difference"].abs().max() == pytest.approx(1e-5)
    assert points["note"][1] == "chaotic at first, compared with the mixture"
    id = "mean_field_exponents_4_to_12"
    points = compare(id, published, tables, blocks(id))
    assert points["x"].unique().tolist() == [1.1]  # the mixture is left out
    assert len(points) == 9
    tables["mean_field/data/published_match.csv"]["kind"] = ["attractor", "none"]
    points = compare("mean_field_exponents_1_to_3", published, tables, blocks("mean_field_exponents_1_to_3"))
    assert points["difference"].notna().tolist() == [True, False] * 3


def test_distinct_values_and_seconds(blocks):
    published, tables = spectra()
    id = "mean_field_distinct_values"
    points = compare(id, published, tables, blocks(id))
    assert points["ours"].tolist() == [28, 4028]
    assert points["series"].tolist() == ["settled", "chaotic at first"]
    late = compare(id, published.assign(distinct_values=[900, 4020]), tables, blocks(id))
    assert "had not settled" in late["note"][0]
    points = compare("mean_field_seconds", published, tables, blocks("mean_field_seconds"))
    assert points["ours"].tolist() == [2.0, 2.0]  # 20 s for ten runs
    assert points["theirs"].tolist() == [100.0, 200.0]


@pytest.mark.parametrize(
    ("id", "path", "value"),
    [
        ("spheres_fig7_energies", ["fig7", "beta"], 2.0),
        ("spheres_fig7_energies", ["fig7", "first_entry"], -2.0),
        ("mean_field_distinct_values", ["model", "weights", "seed"], 2),
        ("mean_field_distinct_values", ["published_run", "saved"], 100),
    ],
)
def test_other_parameters_are_shown_but_no_test(blocks, id, path, value):
    settings = blocks(id)
    inner = settings
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    published, tables = spectra()
    if id.startswith("spheres"):
        published = pd.DataFrame({"delta": [0.0], "single_at_e2": [1.0], "pair_on_e1": [1.5], "pair_on_e2": [1.0]})
        tables = {"spheres/data/fig7.csv": published}
    points = compare(id, published, tables, settings)
    assert (points["parameters"] == "other").all()
    assert "no test" in summary_row(id, points, NO_CLAIMS)["remark"]
    assert (compare(id, published, tables, blocks(id))["parameters"] == "published").all()


def test_without_published_numbers_every_row_says_so():
    table = summary_table([summary_without(id) for id in COMPARISONS])
    assert list(table.columns) == SUMMARY_COLUMNS
    assert (table["verdict"] == "not compared").all()
    assert table["remark"].str.contains("is not in the folder `published`").all()


def test_no_common_point_is_said(blocks):
    theirs = pd.DataFrame({"delta": [0.0], "single_at_e2": [1.0], "pair_on_e1": [1.5], "pair_on_e2": [1.0]})
    id = "spheres_fig7_energies"
    points = compare(id, theirs, {"spheres/data/fig7.csv": theirs.assign(delta=0.5)}, blocks(id))
    row = summary_row(id, points, NO_CLAIMS)
    assert row["points"] == 0
    assert row["remark"] == "no point in common with the published numbers"


def test_source_block_is_checked(config):
    block = copy.deepcopy(config["published_source"])
    assert list(check(block)) == []
    block["spheres"]["folder"] = "a/../../b"
    block["mean_field"]["indices"] = [2, 1]
    lines = list(check(block))
    assert any("spheres.folder" in line and "leads out" in line for line in lines)
    assert any("mean_field.indices" in line for line in lines)
