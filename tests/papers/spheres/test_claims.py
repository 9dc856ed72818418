"""Claims judged from small tables: what holds, what does not, what cannot be judged."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.claims import claims_table
from attention_atlas.papers.spheres.claims import claims
from attention_atlas.papers.spheres.density_approximations import density_errors, upsilon_table
from attention_atlas.papers.spheres.exponentiated_gradient import minimising_weights
from attention_atlas.papers.spheres.theory import indefinite_energies

SETTINGS = {
    "fig1": {"panels": {"a": {"D": np.eye(3).tolist()}, "b": {"D": np.diag([1.0, 3.0, 4.0]).tolist()}}},
    "fig2": {
        "D": [[0.0, 0.0], [0.0, 1.0]],
        "delta_axis": 0,
        "particles": 100,
        "steps": 1500,
        "step_size": 0.1,
        "beta": 1.0,
        "noise": 0.0,
    },
    "fig3": {"beta": 1.0, "panels": {"a": {"D": np.eye(3).tolist()}, "c": {"D": np.diag([1.0, 0.0, 1.0]).tolist()}}},
    "fig4": {
        "D": [[1.0, 0.0], [0.0, 0.0]],
        "delta_axis": 1,
        "beta": 1.0,
        "steps": 10000,
        "start_angles": [-0.75, -0.25, 0.25, 0.75],
    },
    "fig5": {"beta": 1.0, "angles": 1000, "rate": 0.1, "steps": 1500},
    "fig6": {"particles": 100, "cluster_distance": 0.1, "panels": {"a": {"D": (-np.eye(3)).tolist()}}},
    "fig7": {"first_entry": -1.0, "beta": 1.0},
    "pushforward": {"bins": 10, "samples": 1000},
}


def _runs(**columns):
    return pd.DataFrame({"panel": ["a"], "status": ["ok"], "worst_change": [1e-15]} | columns)


@pytest.fixture
def tables():
    epsilons = np.array([-0.1, -0.05, 0.0, 0.05, 0.1])
    flow = minimising_weights(np.array([np.diag([1, 1 + e]) for e in epsilons]), points=60, rate=0.5, steps=2000)
    weights = pd.DataFrame(
        {
            "epsilon": np.repeat(epsilons, 60),
            "angle": np.tile(flow.angles, len(epsilons)),
            "weight": flow.weights.ravel(),
        }
    )
    fig3 = {
        "energy": [np.sinh(1), 1.0],
        "mean_norm": [0.0, 0.0],
        "second_moment_error": [0.0, 0.5],
        "max_abs_form": [1, 0],
    }
    return {
        "fig4_halving": pd.DataFrame({"delta": [1.0], "mean_tanh_ratio": [1.0], "worst_change": [0.0]}),
        "pushforward": pd.DataFrame({"sampled": [0.16], "exact": [0.16]}),
        "diracs": pd.DataFrame({"epsilon": 0.1, "count": [1, 2], "energy": [2.7, 1.5], "uniform_energy": 1.6}),
        "fig1": pd.DataFrame({"panel": ["a", "b"], "quadratic_form": [1.0, 4.0], "abs_inner_top": [0.1, 1.0]}),
        "fig1_runs": _runs(),
        "fig2": pd.DataFrame(
            {
                "delta": [0.0, 1.0, 1.5],
                "single": [0, 100, 2],
                "antipodal": [100, 0, 98],
                "other": 0,
                "mean_energy": [1.6, np.e, 2.4],
                "top_dirac_energy": [np.e, np.e, np.exp(1.5)],
                "mean_min_abs_inner": 1.0,
            }
        ),
        "fig2_runs": _runs(),
        "fig3_runs": pd.concat([_runs(), _runs(panel=["c"])], ignore_index=True).assign(**fig3),
        "fig4": pd.DataFrame(
            {
                "delta": [5.0, 6.0],
                "tau": 0.05,
                "mean_tanh_ratio": [5.0, 0.0],
                "converged": [True, False],
                "status": "ok",
                "worst_change": [1e-16, 9.0],
            }
        ),
        "fig5": weights,
        "fig5_errors": density_errors(epsilons, flow.angles, flow.weights),
        "fig5_upsilon": upsilon_table(epsilons, flow.angles, flow.weights),
        "fig6": pd.DataFrame(
            {
                "panel": "a",
                "run": [0, 0],
                "particles": [53, 47],
                "x": 0.0,
                "y": 0.0,
                "z": [1.0, -1.0],
                "quadratic_form": -1.0,
            }
        ),
        "fig6_runs": _runs(mean_norm=[0.06]),
        "fig7": indefinite_energies(np.linspace(-1.0, 1.0, 101)),
    }


@pytest.fixture
def published_tables(tables):
    return {
        "split_sweep": pd.DataFrame(
            {"delta": [0.0, 1.0000001, 1.5], "single": [1, 100, 0], "antipodal": [99, 0, 100], "other": 0}
        ),
        "four_particle_tau0.05": pd.DataFrame({"delta": [5.0, 6.0], "mean_tanh_ratio": [5.000008, 0.0]}),
        "indefinite_energies": tables["fig7"] + 1e-7,
    }


def _verdicts(tables, published, settings=SETTINGS):
    table = claims_table(claims(tables, published, settings)).set_index("id")
    return table, table["holds"].to_dict()


def test_without_published_numbers_comparisons_are_not_judged(tables):
    table, holds = _verdicts(tables, {})
    compared = {id for id in holds if "published" in id}
    assert len(compared) == 9
    assert {id for id, verdict in holds.items() if verdict == "not judged"} == compared
    assert table.loc[sorted(compared), "computed"].str.contains("no published numbers").all()


def test_what_holds_and_what_does_not(tables):
    _, holds = _verdicts(tables, {})
    no = {id for id, verdict in holds.items() if verdict == "no"}
    # findings, not failures of this test's tables
    assert no == {"fig5-order-printed", "fig5-upsilon-printed", "fig6a-halves"}
    for id in (
        "fig1a-ends",
        "fig1b-ends",
        "fig3c-kernel",
        "fig4-failures",
        "fig5-response",
        "fig5-order-exact",
        "fig7-closed",
    ):
        assert holds[id] == "yes", id


def test_comparisons_with_published_numbers(tables, published_tables):
    _, holds = _verdicts(tables, published_tables)
    assert holds["fig2-published"] == "yes"
    assert holds["fig4-published-0.05-values"] == "yes"
    assert holds["fig4-published-0.05-zeros"] == "yes"
    assert holds["fig7-published"] == "yes"
    assert holds["fig4-published-0.0005-values"] == "not judged"
    published_tables["split_sweep"]["single"] = [40, 100, 0]
    published_tables["split_sweep"]["antipodal"] = [60, 0, 100]
    published_tables["four_particle_tau0.05"]["mean_tanh_ratio"] = [5.1, 6.0]
    table, holds = _verdicts(tables, published_tables)
    assert holds["fig2-published"] == "no"
    assert holds["fig4-published-0.05-values"] == "no"
    assert holds["fig4-published-0.05-zeros"] == "no"
    assert "ratio 0 at δ = 6, published 6" in table.loc["fig4-published-0.05-zeros", "computed"]


def test_other_parameters_are_not_compared(tables, published_tables):
    settings = SETTINGS | {"fig2": SETTINGS["fig2"] | {"step_size": 0.2}, "fig7": {"first_entry": -1.0, "beta": 2.0}}
    table, holds = _verdicts(tables, published_tables, settings)
    assert holds["fig2-published"] == "not judged"
    assert holds["fig7-published"] == "not judged"
    assert "parameters" in table.loc["fig2-published", "computed"]


def test_broken_science_is_reported(tables):
    tables["fig1"].loc[1, "abs_inner_top"] = 0.9
    tables["fig3_runs"].loc[0, "energy"] = 1.2
    tables["fig2_runs"]["worst_change"] = 0.1
    tables["fig6_runs"]["status"] = "blew_up"
    tables["fig7"].loc[0, "pair_on_e2"] = 1.0
    _, holds = _verdicts(tables, {})
    for id in ("fig1b-ends", "fig3a-energy", "fig2-monotone", "runs-status", "fig7-closed"):
        assert holds[id] == "no", id


def test_one_sided_epsilons_cannot_show_an_order(tables):
    tables["fig5"] = tables["fig5"][tables["fig5"]["epsilon"] >= 0]
    tables["fig5_errors"] = tables["fig5_errors"][tables["fig5_errors"]["epsilon"] >= 0]
    _, holds = _verdicts(tables, {})
    assert holds["fig5-response"] == holds["fig5-order-exact"] == "not judged"
