"""Verdicts follow the numbers in the tables, whatever they are."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.metastability.claims import claims


def tables():
    frames = {
        "k_max": {"d": [2, 2], "beta": [5.0, 40.0], "k_max": [3, 9], "large_beta_limit": [3.16, 8.94]},
        "linear_phase": {
            "beta": [5.0, 5.0], "k": [3, 9], "fitted_rate": [1.01, 0.5], "theory": [1.0, 0.02], "standard_error": [0.01, 0.3],
            "relative_error": [0.01, 24.0], "share_of_largest": [1.0, 0.02],
        },
        "plateau_summary": {
            "beta": [5.0, 50.0], "k_max": [3, 10], "runs": [200, 200], "without_plateau": [0, 0],
            "fraction_k_max": [0.6, 0.1], "fraction_first_k_max": [0.7, 0.3],
        },
        "plateau_noise": {
            "beta": [5.0, 5.0], "equivalent": [1e4, 1e16], "k_max": [3, 3], "runs": [9, 9], "fraction_first_k_max": [0.2, 0.9],
        },
        "statements": {
            "beta": [5.0] * 6,
            "quantity": [
                "least uniform rate", "largest dirac rate", "gradient error", "least gap of starts", "least gap of ends",
                "share in consensus",
            ],
            "value": [0.1, -1.0, 1e-9, 0.5, 0.0, 1.0],
        },
        "symmetric": {"fold": [3], "beta": [9.0], "always": [True], "last_time": [60.0]},
        "pde_checks": {
            "mass_drift": [1e-14], "lowest": [1e-9], "k_max": [3], "peaks": [3], "periodic_share": [0.96],
        },
        "pde_order": {"order": [np.nan, 2.9]},
        "mean_field_slope": {"slope": [-0.51]},
        "exit_time": {"never": [0]},
        "exit_time_slopes": {"beta": [5.0], "slope": [4.5], "asymptotic_slope": [4.0], "linear_theory_slope": [4.4]},
        "sphere_rates": {
            "case": ["a"], "d": [3], "beta": [10.0], "degree": [4], "fitted_rate": [1.01], "theory": [1.0], "leading": [True],
        },
        "sphere_leaders": {"case": ["a", "a"], "leading_degree": [4, 7], "l_max": [4, 4]},
        "plateau_lifetime_slopes": {"clusters": [3], "slope": [1.46], "rate_slope": [1.47], "limit_slope": [1.5]},
        "staircase_merges": {
            "beta": [500.0, 4000.0], "merge": [1, 1], "rescaled_time": [0.41, 0.398], "limit_time": [0.4, 0.4],
            "largest_fall": [0.0, 0.0],
        },
        "multi_head": {"map": ["turned"]},
        "multi_head_runs": {
            "map": ["turned", "repulsion"], "x": [0.5, 0.0], "clusters": [5, 3], "stable": [True, False],
        },
    }  # fmt: skip
    return {name: pd.DataFrame(columns) for name, columns in frames.items()}


SETTINGS = {"staircase": {"angles": [0.0, 1.0]}, "talk": {}}


@pytest.fixture(autouse=True)
def without_the_talk(monkeypatch):
    """Its claims are judged in talk/test_claims.py."""
    monkeypatch.setattr("attention_atlas.papers.metastability.claims.talk_claims", lambda tables, settings: [])


def verdicts(changed):
    return {claim.id: claim.holds for claim in claims(changed, SETTINGS)}


def test_verdicts_of_good_tables():
    found = verdicts(tables())
    assert found["plateau-beta-5"] == "yes"
    assert found["plateau-beta-50"] == "no"
    assert found["exit-beta-5"] == "no"
    assert found["exit-race-beta-5"] == "yes"
    others = {
        name: holds
        for name, holds in found.items()
        if not name.startswith(("plateau-beta-50", "first-beta-50", "exit-beta"))
    }
    assert set(others.values()) == {"yes"}


@pytest.mark.parametrize(
    ("table", "column", "value", "claim"),
    [
        ("k_max", "k_max", 2, "k-max-beta-5"),
        ("linear_phase", "relative_error", -0.03, "linear-beta-5"),
        ("linear_phase", "fitted_rate", 9.0, "linear-pulls"),
        ("symmetric", "always", False, "symmetric-3"),
        ("pde_checks", "mass_drift", 1e-11, "pde-mass"),
        ("pde_checks", "lowest", -1e-20, "pde-positive"),
        ("pde_checks", "peaks", 2, "pde-peaks"),
        ("pde_order", "order", np.nan, "pde-order"),
        ("mean_field_slope", "slope", -0.4, "mean-field-slope"),
        ("exit_time", "never", 1, "exit-all"),
        ("sphere_rates", "fitted_rate", np.nan, "sphere-a-rate"),
        ("plateau_lifetime_slopes", "slope", 0.0, "lifetime-3"),
        ("staircase_merges", "largest_fall", 0.1, "staircase-energy"),
        ("multi_head_runs", "stable", False, "heads-stable"),
    ],
)
def test_a_bad_number_turns_its_claim(table, column, value, claim):
    changed = tables()
    changed[table][column] = value
    assert verdicts(changed)[claim] == "no"
