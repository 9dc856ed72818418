"""Verdicts of the perspective on constructed tables: good ones hold, spoiled ones do not."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.perspective.claims import claims

SETTINGS = {
    "phase": {
        "particles": 32,
        "dimensions": [2, 128],
        "flows": {
            "sa": {"last_time": 30.0, "integrator": "published"},
            "usa": {"last_time": 1.0, "integrator": "adaptive"},
        },
    },
    "phase_sameness": {"dimensions": [2]},
    "clustering_theorems": {},
    "films": {"flow": "sa", "panels": {"c": {"region": "hemisphere", "beta": 1.0, "particles": 9}}},
    "seminar": {"dimensions": []},
    "phase_random": {
        "dimensions": [8],
        "variants": {
            "one": {"value": "identity", "flow": "sa", "draw": "system"},
            "two": {"value": "minus", "flow": "sa", "draw": "system"},
        },
    },
}


def boundary(shift, last):
    beta = np.array([0.1, 1.0, 9.0])
    times = np.array([5.0, 6.0, np.nan])
    return pd.DataFrame(
        {
            "beta": beta,
            "half_time": times * (1 + shift),
            "reduced_time": [5.0, 6.0, 180.0],
            "reduced_steps_time": times * (1 + shift),
            "last_probability": [1.0, 1.0, last],
        }
    )


@pytest.fixture
def tables():
    layers = np.array([2, 32, 64, 128])
    good = {
        "phase_sa_d2": boundary(0.3, 0.3),
        "phase_usa_d2": boundary(0.3, 0.4),
        "phase_sa_d128": boundary(0.05, 0.0),
        "phase_usa_d128": boundary(0.05, 0.0) / [1, 30, 30, 30, 1],
        "phase_sameness_d2": pd.DataFrame(
            {
                "beta": [1.0, 9.0],
                "time": [0.5, 0.5],
                "published": [0.2, 0.4],
                "adaptive": [0.2, 0.41],
                "adaptive_fine": [0.2, 0.41],
                "published_steps": [100.0, 1e5],
                "adaptive_steps": [50.0, 200.0],
            }
        ),
        "symmetries": pd.DataFrame(
            {
                "symmetry": ["rotation", "permutation", "3-fold", "energy fall"],
                "flow": "sa",
                "beta": 1.0,
                "dimension": 2,
                "worst": [1e-15, 1e-15, 1e-13, 0.0],
            }
        ),
        "energy": pd.DataFrame({"flow": "sa", "time": [0.0, 1.0, 2.0], "energy": [1.0, 1.5, 2.0]}),
        "energy_plateaus": pd.DataFrame({"flow": "sa", "clusters": [3], "start": [1.0], "end": [50.0]}),
        "particles_2d_clusters": pd.DataFrame({"off_sphere": [1e-16]}),
        "particles_3d_clusters": pd.DataFrame({"off_sphere": [1e-16]}),
        "deep_limit": pd.DataFrame({"model": "attention", "layers": layers, "error": 1 / layers}),
        "theorems_zero_beta": pd.DataFrame({"dimension": 3, "time": [0.0, 9.0], "collapsed": [0.0, 1.0]}),
        "theorems_hemisphere_rates": pd.DataFrame({"rate": [0.99, 1.0]}),
        "random_starts": pd.DataFrame(
            {"case": ["a", "b"], "dimension": 2, "particles": [4, 3], "beta": 1.7, "time": 1e6, "collapsed": 1.0}
        ),
        "phase_random_d8": pd.DataFrame(
            {"variant": ["one", "two"] * 2, "beta": [1.0, 1.0, 9.0, 9.0], "last_median_clusters": [1.0, 1.0, 4.0, 1.0]}
        ),
        "films_clusters": pd.DataFrame({"panel": "c", "time": [0.0, 9.0], "clusters": [9, 1]}),
        "theorems_high_dimension": pd.DataFrame(
            {"dimension": [16, 1024], "mean": 0.0, "reduced": 0.0, "spread": [1 / 4, 1 / 32]}
        ),
    }
    return good


def verdicts(tables):
    return {claim.id: claim.holds for claim in claims(tables, {}, SETTINGS)}


def test_good_tables_hold(tables):
    assert {name for name, holds in verdicts(tables).items() if holds != "yes"} == set()


@pytest.mark.parametrize(
    ("table", "column", "value", "claim"),
    [
        ("phase_sa_d128", "half_time", 7.0, "phase_sa_d128_curve"),
        ("phase_sa_d2", "last_probability", 0.9, "phase_sa_d2_clusters"),
        ("phase_sameness_d2", "adaptive", 0.6, "phase_sameness_d2_published"),
        ("phase_sameness_d2", "adaptive_fine", 0.6, "phase_sameness_d2_tolerance"),
        ("symmetries", "worst", 1e-6, "rotation"),
        ("symmetries", "worst", 1e-6, "rotational_symmetry"),
        ("energy", "energy", [2.0, 1.5, 1.0], "energy_sa"),
        ("particles_3d_clusters", "off_sphere", 1e-9, "particles_3d_norms"),
        ("deep_limit", "error", 1.0, "deep_limit_attention"),
        ("theorems_zero_beta", "collapsed", 0.5, "zero_beta_d3"),
        ("theorems_hemisphere_rates", "rate", [np.nan, 1.0], "hemisphere_rate"),
        ("theorems_hemisphere_rates", "rate", [-0.1, 1.0], "hemisphere_rate"),
        ("theorems_high_dimension", "mean", 0.1, "high_dimension_mean"),
        ("films_clusters", "clusters", 2, "films_c_hemisphere"),
        ("theorems_high_dimension", "spread", 0.1, "high_dimension_spread"),
    ],
)
def test_a_spoiled_table_does_not_hold(tables, table, column, value, claim):
    tables[table] = tables[table].assign(**{column: value})
    assert verdicts(tables)[claim] == "no"


def test_low_dimension_is_not_judged_by_the_reduction(tables):
    settings = SETTINGS | {"phase": SETTINGS["phase"] | {"dimensions": [2]}}
    found = {claim.id: claim.holds for claim in claims(tables, {}, settings)}
    assert found["phase_sa_d2_curve"] == "not judged"


def test_random_starts_and_weights(tables):
    tables["random_starts"]["particles"] = [4, 8]  # 8 particles need beta >= 6.5 on the circle
    found = verdicts(tables)
    assert (found["random_starts_a"], found["random_starts_b"]) == ("yes", "not judged")
    assert found["random_weights_d8"] == "yes"
    tables["random_starts"]["collapsed"] = 0.998
    tables["phase_random_d8"]["last_median_clusters"] = 2.0
    found = verdicts(tables)
    assert found["random_starts_a"] == found["random_weights_d8"] == "no"
