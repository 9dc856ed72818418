"""Six normalisations: the two equations, their relations, the engine beside them, claims and figures."""

import math

import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.drawing.normalisation import (
    particles_figure,
    random_figure,
    tail_figure,
    theory_figure,
)
from attention_atlas.papers.studies.normalisation import (
    SCHEMES,
    claims,
    first_pull,
    first_step_table,
    reduction,
    scheme_options,
    start_speed,
    theory_tables,
)

SETTINGS = {"tokens": 12, "beta": 2.0, "radius": 1.0, "alpha": 1.0, "switch_time": 1.0, "level_time": 60.0}
TIMES = np.linspace(0, 4, 9)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_engine_follows_the_two_equations(scheme):
    settings = SETTINGS | {"radius": 1.5, "alpha": 0.7}
    starts = token_starts("orthogonal", tokens=12, dimension=12)
    if scheme in ("pre_ln", "peri_ln"):
        starts = 1.5 * starts
    expected = reduction(scheme, TIMES, settings | ({"radius": 1.0} if scheme == "mix_ln" else {}))
    flow = attention_flow(
        starts, beta=2.0, times=TIMES, tolerance=1e-11, observe=["mean_inner_product", "radius"],
        **scheme_options(scheme, settings),
    )  # fmt: skip
    np.testing.assert_allclose(flow.observables["mean_inner_product"][0], expected["gamma"], atol=1e-8)
    if scheme in ("pre_ln", "mix_ln", "peri_ln"):
        np.testing.assert_allclose(flow.observables["radius"][0], expected["radius"], atol=1e-7)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_speed_at_the_start_is_its_closed_form(scheme):
    first = reduction(scheme, np.array([0.0, 1.0]), SETTINGS)["speed"].iloc[0]
    assert first == pytest.approx(start_speed(scheme, SETTINGS), rel=1e-12)
    n, e = 256, math.exp(5)
    usual = {"tokens": n, "beta": 5.0, "radius": 1.0, "alpha": 1.0, "switch_time": 1.0}
    expected = 0.0133986 if scheme in ("peri_ln", "ngpt") else 2 / (e + n - 1)
    assert start_speed(scheme, usual) == pytest.approx(expected, abs=1e-7)


def test_relations_between_schemes():
    post, pre = (reduction(scheme, TIMES, SETTINGS)["gamma"] for scheme in ("post_ln", "pre_ln"))
    late = reduction("mix_ln", TIMES, SETTINGS | {"switch_time": 1e9})["gamma"]
    early = reduction("mix_ln", TIMES, SETTINGS | {"switch_time": 0.0})["gamma"]
    np.testing.assert_allclose(late, post, atol=1e-9)
    np.testing.assert_allclose(early, pre, atol=1e-9)
    # Pre-LN has no scale of its own: a larger radius is a slower clock
    far = reduction("pre_ln", 1e4 * TIMES, SETTINGS | {"radius": 1e4})["gamma"]
    np.testing.assert_allclose(far, pre, atol=1e-8)
    # square-root scaling is Post-LN at the time 2 (sqrt(t + 1) - 1)
    rooted = reduction("sqrt", TIMES, SETTINGS)["gamma"]
    np.testing.assert_allclose(rooted, reduction("post_ln", 2 * (np.sqrt(TIMES + 1) - 1), SETTINGS)["gamma"], atol=1e-9)


def test_two_tokens_without_beta():
    """n = 2, beta = 0: d gamma/dt = (1 - gamma)(1 + gamma)."""
    found = reduction("post_ln", TIMES, SETTINGS | {"tokens": 2, "beta": 0.0})
    np.testing.assert_allclose(found["gamma"], np.tanh(TIMES), atol=1e-10)


def test_published_times_and_the_precision_of_tails():
    settings = SETTINGS | {"tokens": 256, "beta": 5.0, "switch_time": 2.0}
    curves, reached = theory_tables(settings, np.array([0.0, 200.0, 400.0, 800.0]))
    pre = curves[curves["scheme"] == "pre_ln"]["distance"].to_numpy()
    np.testing.assert_allclose(pre[1:], [2.230e-4, 5.389e-5, 1.325e-5], rtol=5e-4)
    times = reached[reached["scheme"] == "post_ln"]["time"].to_numpy()
    np.testing.assert_allclose(times, [2.547, 3.819, 4.931, 6.131], atol=6e-4)
    post = curves[curves["scheme"] == "post_ln"]["distance"].to_numpy()
    assert post[2] / post[1] == pytest.approx(math.exp(-400), rel=1e-6)


def test_first_pull_is_that_of_softmax():
    points = np.random.default_rng(1).standard_normal((5, 4))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    weights = np.exp(1.5 * points @ points.T)
    slow = max(np.linalg.norm(row @ points / row.sum()) for row in weights)
    assert first_pull(points, 1.5) == pytest.approx(slow, rel=1e-13)
    table = first_step_table({"sizes": [16, 64], "runs": 2, "seed": 1, "beta": 1.0})
    assert (table["pull"] < 2 * table["scale"]).all()


def test_claims_and_figures(tmp_path):
    settings = SETTINGS | {"tokens": 256, "beta": 5.0, "switch_time": 2.0}
    times = np.unique(np.concatenate([[0.0, 100.0], np.geomspace(0.01, 1e4, 200)]))
    curves, reached = theory_tables(settings, times)
    particles = curves[curves["time"] <= 40].assign(theory=lambda t: t["gamma"])
    random = pd.concat(
        pd.DataFrame({"scheme": scheme, "time": [0.0, 1.0 + place, 10.0], "mean": [0.0, 0.5, 0.99]})
        for place, scheme in enumerate(["ngpt", "peri_ln", "post_ln", "mix_ln", "pre_ln", "sqrt"])
    ).assign(low=0.0, high=1.0)
    tables = {
        "norm_theory": curves,
        "norm_times": reached,
        "norm_start": pd.DataFrame(
            {"scheme": SCHEMES, "engine": [start_speed(s, settings) for s in SCHEMES]}
        ).assign(exact=lambda t: t["engine"]),
        "norm_particles": particles,
        "norm_cone": pd.concat(
            pd.DataFrame(
                {"scheme": s, "run": 0, "time": [0.1, 2.0], "variance": [1e-5, 1e-6], "rate": [np.nan, 2.0], "radius_share": 2}
            )
            for s in SCHEMES
        ),
        "norm_clusters": pd.DataFrame({"clusters": [1.0, 1.0]}),
        "norm_first_step": first_step_table({"sizes": [256, 512], "runs": 1, "seed": 1, "beta": 1.0}),
        "norm_random": random,
    }  # fmt: skip
    everything = {
        "flows": {"equal_angles": settings, "cone": {"delta": 1e-5}, "clusters": {"beta": 1.0}},
        "random": {"tokens": 400, "dimension": 512},
    }  # fmt: skip
    judged = {claim.id: claim.holds for claim in claims(tables, everything)}
    values = {f"norm-random-{scheme}" for scheme in SCHEMES}
    assert {judged.pop(id) for id in values} == {"no"}  # made-up curves
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["norm_clusters"] = pd.DataFrame({"clusters": [1.0, 2.0]})
    assert {claim.id: claim.holds for claim in claims(tables, everything)}["norm-one-cluster"] == "no"
    paths = {}
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    assert len(theory_figure(paths["norm_theory"], 20.0).axes) == 3
    assert len(particles_figure(paths["norm_particles"]).axes) == 3
    assert len(random_figure(paths["norm_random"]).axes) == 2
    assert len(tail_figure(paths["norm_cone"], paths["norm_first_step"]).axes) == 3
