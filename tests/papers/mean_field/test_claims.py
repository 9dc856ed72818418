"""Verdicts from tables that hold, and from tables that do not."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.mean_field.claims import claims


def spectra(gap=0.0, quasi=1e-5):
    """Four orbits from fixed to period 24, with three exponents."""
    rows = []
    for beta, name, period, largest in ((0.0, "fixed", 1, -1.0), (1.25, "quasi-periodic", 0, quasi)):
        rows.append((beta, name, period, largest))
    rows += [(1.5, "chaotic", 0, 0.05), (3.0, "periodic", 24, -0.1)]
    table = pd.DataFrame(rows, columns=["beta", "class", "period", "lyapunov_1"])
    table["lyapunov_2"] = -1.0
    table["log_det"] = table["lyapunov_1"] + table["lyapunov_2"] + gap
    table["error_1"] = 1e-5
    table["arrival_step"] = 0
    for k in (1, 2):
        table[f"status_{k}"] = "ok"
    return table


def finite_size(power=-0.5, factor=1.0):
    rows = []
    for spins in (99, 990, 9900):
        law = spins**-0.5
        for observable in ("m_1", "m_2"):
            rows.append((spins, observable, 1, factor * spins**power, law))
            rows.append((spins, observable, 2, 2 * law, np.nan))
    return pd.DataFrame(rows, columns=["spins", "observable", "step", "error", "theory"])


def matches(distance=1e-4, kind="transient", distinct=45_000, every=1e-4):
    rows: list[dict] = [
        {"kind": "attractor", "distance": distance, "distinct_values": 28, "chaotic_values": 28, "distance_all": every},
        {"kind": kind, "distance": 1e-3, "distinct_values": distinct, "chaotic_values": 44_000},
    ]
    return pd.DataFrame(rows).assign(worst_exponent=12)


def windows(periods=(16, 44, 28, 56)):
    """The orbits of ``spectra`` and one of each period."""
    rows = spectra().iloc[[3] * len(periods)].assign(period=periods, beta=1.26, arrival_step=0)
    return pd.concat([spectra(), rows], ignore_index=True)


def chains(left=16):
    """Three values of beta, followed both ways; to the left the smallest is of period 16, to the right of period 4."""
    right = pd.DataFrame({"chain": 0, "beta": [1.0, 1.1, 1.2], "class": "periodic", "period": [4, 16, 16]})
    return pd.concat([right, right.assign(chain=1, period=[left, 16, 16])], ignore_index=True)


SETTINGS = {
    "model": {"positional_bits": 2},
    **{f"bifurcation{name}": {"positional_bits": None} for name in ("", "_zoom", "_attention", "_both", "_epsilon")},
    "bifurcation_bits5": {"positional_bits": 5},
}


def tables(**changes):
    found = {
        "checks": pd.DataFrame(
            {"check": ["start", "start by definition", "jacobian"], "beta": [3.0, 3.0, 1.0], "value": [1e-9, 0.5, 1e-9]}
        ),
        "lyapunov": spectra(),
        "lyapunov_zoom": windows(),
        **{f"lyapunov_{name}": spectra() for name in ("attention", "both", "epsilon")},
        "lyapunov_bits5": spectra().assign(period=[1, 0, 0, 32]),
        "trajectories_classes": spectra().iloc[1:],
        "continuation_zoom": chains(),
        "coexistence": pd.DataFrame({"beta": [1.0, 1.0], "runs": [40, 24], "late_runs": [2, 0]}),
        "published_match": matches(),
        "finite_size": finite_size(),
        "neighbours": pd.DataFrame(
            {"beta": [1.28], "slope": 0.141, "slope_error": 0.002, "lyapunov_1": 0.144, "error_1": 1e-4}
        ),
        "sigma": pd.DataFrame(
            [
                (name, share, step, -1 if name == "loop 4" and share == 0 and step % 2 else word[step % 4])
                for name, word in (("loop 4", (1, 2, 1, 0)), ("no duplicate", (1, 2, 3, 0)))
                for share in (0.0, 0.5)
                for step in range(8)
            ],
            columns=["configuration", "epsilon", "step", "pattern"],
        ),
        "manual": pd.DataFrame(
            {"epsilon": 0.0, "beta": [0.5, 2.0], "amplitude": [0.0, 0.9575], "root": [0.0, 0.957504]}
        ),
        "tokens": pd.DataFrame(
            {
                "class": "quasi-periodic",
                "period": 0,
                "lyapunov_2": [-0.0105, -0.0009],
                "network_distance": 0.0035,
                "step_noise": 0.001,
            }
        ),
    }
    return found | changes


def verdicts(**changes):
    return {claim.id: claim.holds for claim in claims(tables(**changes), SETTINGS)}


def test_everything_holds_but_the_definition_of_the_start():
    found = verdicts()
    assert found.pop("mean_field_start_by_definition") == "no"
    assert found.pop("mean_field_speed") == "not judged"
    assert set(found.values()) == {"yes"}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("mean_field_determinant", {"lyapunov": spectra(gap=0.1)}),
        ("mean_field_quasi_periodic", {"lyapunov_zoom": spectra(quasi=0.01)}),
        ("mean_field_spectrum", {"published_match": matches(distance=0.01)}),
        ("mean_field_spectrum_all", {"published_match": matches(every=1.1)}),
        ("mean_field_published_found", {"published_match": matches(kind="none")}),
        ("mean_field_published_transient", {"published_match": matches(distinct=70_000)}),
        ("mean_field_finite_size", {"finite_size": finite_size(power=-0.4)}),
        ("mean_field_finite_size_law", {"finite_size": finite_size(factor=1.2)}),
        ("mean_field_transient_chaos", {"coexistence": pd.DataFrame({"beta": [1.0], "runs": [64], "late_runs": [0]})}),
        ("mean_field_coexistence", {"coexistence": pd.DataFrame({"beta": [1.0], "runs": [64], "late_runs": [1]})}),
        ("mean_field_chaos", {"lyapunov": spectra().iloc[:2].reset_index(drop=True)}),
        ("mean_field_period_24", {"lyapunov": spectra().assign(period=23)}),
    ],
)
def test_a_claim_that_does_not_hold_says_no(name, changes):
    assert verdicts(**changes)[name] == "no"


def test_without_published_numbers_nothing_of_them_is_judged():
    found = verdicts(published_match=pd.DataFrame(columns=["kind", "distance"]))
    for name in (
        "mean_field_spectrum",
        "mean_field_spectrum_all",
        "mean_field_published_found",
        "mean_field_published_transient",
    ):
        assert found[name] == "not judged"


def test_classes_windows_and_hysteresis():
    found = verdicts()
    names = [
        "trajectories",
        "window_16",
        "window_56",
        "lyapunov_bits5",
        "multiples",
        "hysteresis",
        "hysteresis_periods",
    ]
    assert [found[f"mean_field_{name}"] for name in names] == ["yes"] * len(names)
    assert verdicts(lyapunov_zoom=windows((16, 28, 56)))["mean_field_window_44"] == "no"
    assert verdicts(lyapunov_bits5=spectra())["mean_field_multiples"] == "no"  # period 24 with 32 patterns
    same = verdicts(continuation_zoom=chains(left=4))
    assert same["mean_field_hysteresis"] == same["mean_field_hysteresis_periods"] == "no"
