"""Hardmax attention: exact runs, the limit of softmax, the flow for small alpha, claims and figures."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import yaml

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.papers.studies.drawing.hardmax import leaders_figure, limit_figure, panels_figure, softmax_figure
from attention_atlas.papers.studies.hardmax import (
    claims,
    exact_run,
    exact_table,
    followed_sets,
    random_table,
    rationals,
)

ALPHA = Fraction(1, 2)


@pytest.fixture(scope="module")
def settings(home):
    return yaml.safe_load((home / "config.yaml").read_text())["studies"]["hardmax"]


def averaged(points, steps, alpha=0.5, **kernel):
    step = alpha / (1 + alpha)
    kernel = {"kernel": "hardmax"} | kernel
    flow = attention_flow(
        np.asarray(points, dtype=float), space="free", normalisation="averaging", method="euler", step=step,
        times=step * np.arange(steps + 1), observe=["positions"], **kernel,
    )  # fmt: skip
    return flow.positions


def test_numbers_keep_the_value_that_they_were_written_with():
    assert rationals([[0.0988601, "-1/12"]]) == [(Fraction(988601, 10**7), Fraction(-1, 12))]


def test_token_that_becomes_a_leader_stops_at_its_exact_place(settings):
    positions, followed = exact_run(rationals(settings["rows"]["emerging"]), ALPHA, 3)
    assert followed[0][1] == (3,)
    assert followed[1][1] == (1,)
    assert positions[1][1] == positions[3][1] == (Fraction(-1, 18), Fraction(5, 36))


def test_tie_of_two_leaders_is_kept_exactly(settings):
    positions, followed = exact_run(rationals(settings["rows"]["faces"]), ALPHA, 30)
    assert {sets[4] for sets in followed} == {(2, 3)}
    assert {sets[5] for sets in followed} == {(0, 1)}
    assert positions[30][4] == (-1 + Fraction(1, 2) * Fraction(2, 3) ** 30, 0)


def test_engine_meets_the_exact_run(settings):
    for given in settings["rows"].values():
        exact = rationals(given)
        places = np.array(exact_run(exact, ALPHA, 30)[0], dtype=float)
        np.testing.assert_allclose(averaged(exact, 30, tie_tolerance=1e-9)[0], places, atol=1e-14)


def test_softmax_at_large_beta_is_hardmax(settings):
    points = rationals(settings["rows"]["triangle"])
    hard = averaged(points, 12, tie_tolerance=1e-9)
    np.testing.assert_allclose(averaged(points, 12, kernel="softmax", beta=1e5), hard, atol=2e-5)


def test_small_alpha_is_the_flow_to_the_followed_mean():
    """With k = t / alpha steps z tends to dz/dt = mean over C_i - z: here a leader and a follower, e^-t of the distance."""
    points = [[1.0, 0.0], [0.5, 0.25]]
    errors = []
    for alpha in (1e-2, 1e-3):
        end = averaged(points, round(1 / alpha), alpha=alpha)[0, -1]
        np.testing.assert_array_equal(end[0], points[0])
        errors.append(np.linalg.norm(end[1] - points[0]) / np.linalg.norm(np.subtract(*points)) - np.exp(-1))
    assert abs(errors[1]) < 0.15 * abs(errors[0]) < 1e-3


def test_random_starts_are_judged_by_what_happens():
    positions = averaged(np.random.default_rng(3).uniform(-1, 1, (6, 12, 2)), 40)
    table = random_table(positions)
    assert (table["lost"] == 0).all()
    assert (table["limit_error"] < 1e-5).all()
    assert (table["leaders_last"] >= table["leaders_first"]).all()
    backwards = random_table(positions[:, ::-1])
    assert (backwards["norm_fall"] > 1e-3).all()
    assert followed_sets(positions[:, -1]).any(axis=-1).all()


def test_claims_and_figures(settings, tmp_path):
    paths = {}
    tokens = pd.concat(
        exact_table(row, rationals(given), ALPHA, settings["steps"]) for row, given in settings["rows"].items()
    )
    positions = averaged(np.random.default_rng(3).uniform(-1, 1, (6, 12, 2)), 40)
    tables = {
        "hardmax_tokens": tokens,
        "hardmax_engine": pd.DataFrame({"row": "faces", "step": [0, 30], "with_tolerance": [0.0, 1e-16]}),
        "hardmax_random": random_table(positions),
        "hardmax_softmax": pd.DataFrame(
            {"row": "faces", "beta": [1.0, 9.0], "agreed_steps": [1, 3], "largest_distance": [1.0, 0.1]}
        ),
    }
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    judged = {claim.id: claim.holds for claim in claims(tables, settings)}
    assert judged.pop("hardmax-published") == "not judged"
    judged.pop("hardmax-count-d2")  # of six starts
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    wrong = tokens.assign(follows=tokens["follows"].replace("2+3", "3"))
    changed = {claim.id: claim.holds for claim in claims(tables | {"hardmax_tokens": wrong}, settings)}
    assert changed["hardmax-ties"] == changed["hardmax-faces-followed"] == "no"
    grid = panels_figure(paths["hardmax_tokens"], settings["shown_steps"])
    assert len(grid.axes) == 20
    assert len(limit_figure(paths["hardmax_tokens"], settings).axes[0].get_legend().get_texts()) == 5
    assert len(softmax_figure(paths["hardmax_softmax"]).axes) == 2
    assert leaders_figure(paths["hardmax_random"]).axes[0].patches
