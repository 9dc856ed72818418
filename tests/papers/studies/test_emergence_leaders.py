"""Leaders and many dimensions: the engine as twin, exact solutions, eigenvalues, claims of tables, figures."""

import math

import numpy as np
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.papers.studies.drawing.emergence_leaders import high_figure, leaders_figure
from attention_atlas.papers.studies.emergence_leaders import (
    euler_tokens,
    leader_claims,
    leader_row,
    rescaled_in_eigenbasis,
    sparse_eigenvalues,
)
from attention_atlas.papers.studies.tables.emergence_leaders import tables

SETTINGS = {
    "leaders": {"tokens": 12, "runs": 4, "half_width": 5.0, "seed": 3, "step": 0.1, "shown_times": [0, 1, 10]},
    "sparse": {"tokens": 10, "dimension": 12, "density": 0.4, "time": 6.0, "step": 0.1, "seed": 4},
}


def generator(seed):
    return np.random.Generator(np.random.Philox(seed))


def test_euler_steps_are_those_of_the_engine():
    starts = generator(1).uniform(-1, 1, (9, 2))
    value, root = (factor @ factor.T for factor in generator(2).uniform(-1, 1, (2, 2, 2)))
    found = euler_tokens(starts, root, value, 0.1, [0, 0.5, 2.0])
    engine = attention_flow(
        starts, space="free", beta=1.0, value=value, query=root, key=root, times=[0, 0.5, 2.0], method="euler", step=0.1,
        observe=["positions"],
    )  # fmt: skip
    np.testing.assert_allclose(found, engine.positions[0], rtol=1e-10)


def test_huge_scores_leave_the_largest_one():
    """Two tokens on the line, V = A = 1: each attends to itself once the scores are far apart, and grows by 1 + h a step."""
    end = euler_tokens(np.array([[2e12], [-3e12]]), np.eye(1), np.eye(1), 0.1, [1.0])[-1]
    np.testing.assert_allclose(end[:, 0], [2e12 * 1.1**10, -3e12 * 1.1**10], rtol=1e-12)


def test_leaders_of_tokens_on_an_axis():
    tokens = np.array([[-30.0, 0.0], [20.0, 0.0], [40.0, 0.0], [3.0, 0.0]])
    assert leader_row(tokens, np.eye(2), np.diag([1.0, 0.5])) == {"leaders": 2, "inner": 0.0}
    # at score differences of order one every token is a leader, the most inner one at 0.03, 0.33 from the nearer end
    row = leader_row(tokens / 100, np.eye(2), np.diag([1.0, 0.5]))
    assert row["leaders"] == 4 and row["inner"] == pytest.approx(0.33 / 0.4)


def test_rescaled_tokens_are_those_of_the_engine():
    """Coordinates of both signs, in the eigenbasis, until scores are large."""
    values, starts = np.array([-1.5, 1.2, 1.8]), generator(5).uniform(-1, 1, (7, 3))
    found = rescaled_in_eigenbasis(starts, values, 0.05, 40)
    engine = attention_flow(
        starts, space="free", normalisation="rescaled", beta=1.0, value=values, times=[2.0], method="rk4", step=0.05,
        observe=["positions"],
    )  # fmt: skip
    np.testing.assert_allclose(found[-1], engine.positions[0, 0], rtol=1e-8, atol=1e-10)


def test_followers_of_one_leader_have_a_closed_form():
    """Far apart on the line of lambda > 0, each token follows the leader: z - z_leader falls as e^(-lambda t), and rises for lambda < 0."""
    starts = np.array([[100.0, 0.5], [40.0, -0.25]])
    end = rescaled_in_eigenbasis(starts, np.array([1.0, -2.0]), 0.01, 100)[-1]
    np.testing.assert_allclose(end[0], starts[0], rtol=1e-12)
    assert end[1, 0] == pytest.approx(100 - 60 * math.exp(-1), rel=1e-8)
    assert end[1, 1] == pytest.approx(0.5 - 0.75 * math.exp(2), rel=1e-6)


def test_eigenvalues_keep_their_signs_and_leave_the_middle():
    found = sparse_eigenvalues(generator(6), 60, 0.1)
    entries = generator(6)
    plain = entries.uniform(-1, 1, (60, 60)) * (entries.random((60, 60)) < 0.1)
    kept = np.linalg.eigvalsh((plain + plain.T) / 2)
    assert (np.abs(found) > 1).all() and (found > 0).sum() == (kept > 0).sum()
    np.testing.assert_allclose(np.sort(found[np.abs(found) > 2]), np.sort(kept[np.abs(kept) > 2]))


def test_claims_and_figures(tmp_path):
    found = tables(SETTINGS)
    judged = {claim.id: claim for claim in leader_claims(found, {})}
    assert judged["emergence-high-positive"].holds == judged["emergence-high-negative"].holds == "yes"
    assert judged["emergence-high-small"].holds == "not judged"
    runs = found["emergence_leader_runs"]
    for inner, verdict in ((0.0, "yes"), (0.5, "no")):
        claim = next(leader_claims(found | {"emergence_leader_runs": runs.assign(inner=inner)}, {}))
        assert claim.holds == verdict
    paths = {}
    for name, table in found.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    figure = leaders_figure(paths["emergence_leaders"], paths["emergence_links"])
    assert [axes.get_title() for axes in figure.axes[:3]] == ["$t$ = 0", "$t$ = 1", "$t$ = 10"]
    high = found["emergence_high"]
    positive = high.loc[high["eigenvalue"] > 0, "coordinate"].nunique()
    assert len(high_figure(paths["emergence_high"]).axes[0].lines) == min(6, positive)
