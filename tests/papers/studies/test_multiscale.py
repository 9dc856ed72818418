"""Three time scales: closed forms against the engine and against slow twins, claims and figures."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.geometry.sphere import circle_points, random_points
from attention_atlas.papers.studies.drawing.multiscale import (
    alignment_figure,
    backward_figure,
    error_figure,
    forward_figure,
    pairing_figure,
    phases_figure,
)
from attention_atlas.papers.studies.multiscale import (
    aligned_share,
    claims,
    cluster_energy,
    cluster_flow,
    decoupled,
    gaussian_variance,
    l1_distance,
    merge_time,
    mixture_quantiles,
    normal_quantiles,
    pair_gap,
    pairing_run,
    tight_groups,
    wrapped_density,
)


def test_lonely_tokens_follow_the_decoupled_flow():
    points = random_points(3, range(5), 1, 3)
    diagonal = [1.0, 0.5, -0.2]
    flow = attention_flow(points, beta=7.0, value=diagonal, times=[1.3], tolerance=1e-12, observe=["positions"])
    np.testing.assert_allclose(flow.positions[:, 0], decoupled(points, diagonal, 1.3), atol=1e-10)


def test_share_near_the_poles_is_that_of_uniform_tokens():
    points = random_points(4, [0], 40_000, 3)[0]
    moved = decoupled(points, [1.0, 0.5, 0.5], 8.0)
    share = (np.abs(moved[:, 0]) >= math.cos(0.05)).mean()
    assert share == pytest.approx(aligned_share(0.05, 8.0, 0.5), abs=0.01)
    assert aligned_share(0.05, 10.0, 0.5) == pytest.approx(0.8666, abs=1e-4)


def test_variance_of_one_gaussian_obeys_its_equation():
    """dv/dt = -2 gamma v / (1 + beta v): tokens go to the mean of their softmax, which is x/(1 + 1/(beta v))."""
    for sign in (1, -1):
        step = 1e-5
        ahead, back = (gaussian_variance(0.04, 50.0, 0.3 + s, sign) for s in (step, -step))
        v = gaussian_variance(0.04, 50.0, 0.3, sign)
        assert (ahead - back) / (2 * step) == pytest.approx(-2 * sign * v / (1 + 50 * v), rel=1e-7)
    assert gaussian_variance(0.04, 200.0, 1.0, 1) == pytest.approx(0.031236, abs=1e-6)
    angles = normal_quantiles(801, 0.2)
    flow = attention_flow(circle_points(angles), beta=200.0, times=[1.0], observe=["positions"], sums="modes")
    end = np.arctan2(flow.positions[0, 0, :, 1], flow.positions[0, 0, :, 0])
    assert end.var() == pytest.approx(gaussian_variance(angles.var(), 200.0, 1.0, 1), rel=0.02)


def test_densities_and_their_distance():
    mass, _ = quad(lambda x: float(wrapped_density(np.array([x]), [1.0, 6.0], 0.3, [0.2, 0.8])[0]), 0, 2 * np.pi)
    assert mass == pytest.approx(1, abs=1e-9)
    angles = mixture_quantiles(30_000, [1.0, 3.0], 0.3)
    assert l1_distance(angles, [1.0, 3.0], 0.09, 60) < 2e-3
    assert l1_distance(angles, [1.2, 3.2], 0.09, 60) > 0.3


def test_pair_follows_its_closed_form_and_the_engine():
    grid = np.linspace(0, 0.8, 5)
    far = pairing_run([0.0, 0.6], [1, 1], 2000.0, grid)
    np.testing.assert_allclose(far[:, 1] - far[:, 0], pair_gap(0.6, grid), atol=1e-6)
    # in its own time: a small beta, by the engine
    times = np.linspace(0, 3, 4)
    flow = attention_flow(
        circle_points(np.array([0.0, 0.6, 2.5])), beta=3.0, times=times, tolerance=1e-11, observe=["positions"]
    )
    angles = np.arctan2(flow.positions[0, ..., 1], flow.positions[0, ..., 0])
    np.testing.assert_allclose(cluster_flow(np.array([0.0, 0.6, 2.5]), np.ones(3) / 3, 3.0, times), angles, atol=1e-8)


def test_clusters_with_masses_are_as_many_tokens():
    masses, angles, times = np.array([3, 1, 2]) / 6, np.array([0.0, 1.0, 2.5]), np.array([0.0, 2.0])
    tokens = np.repeat(angles, [3, 1, 2])
    flow = attention_flow(
        circle_points(tokens), beta=2.0, times=times, tolerance=1e-11, observe=["positions", "energy"]
    )
    end = np.arctan2(flow.positions[0, 1, [0, 3, 4], 1], flow.positions[0, 1, [0, 3, 4], 0])
    found = cluster_flow(angles, masses, 2.0, times)
    np.testing.assert_allclose(found[1], end, atol=1e-8)
    np.testing.assert_allclose(cluster_energy(found, masses, 2.0), flow.observables["energy"][0], rtol=1e-8)


def test_initial_time_change_lets_the_pair_meet():
    running = pairing_run([0.0, 0.6], [1, 1], 100.0, np.array([0.0, 0.1]))
    initial = pairing_run([0.0, 0.6], [1, 1], 100.0, np.array([0.0, 0.1]), running=False)
    assert np.diff(running[1])[0] == pytest.approx(pair_gap(0.6, 0.1), abs=0.01)
    assert abs(np.diff(initial[1])[0]) < 1e-3


def test_time_of_merging_is_that_of_the_flow():
    whole, leading = merge_time(0.8, 10.0, last=0.1)
    path = cluster_flow(np.array([0.0, 0.8]), np.array([0.5, 0.5]), 10.0, np.array([0.0, math.exp(whole)]))
    assert np.diff(path[1])[0] == pytest.approx(0.1, abs=1e-5)
    whole, leading = merge_time(0.8, 2000.0)
    assert whole == pytest.approx(leading, abs=0.01)


def test_groups():
    points = circle_points(np.array([0.0, 1.0, 0.01, 1.01, 3.0]))
    assert tight_groups(points, 0.05).tolist() == [0, 1, 0, 1, 2]


@pytest.fixture
def tables():
    grid = np.linspace(0, 1, 3)
    pairs = []
    for beta in (20.0, 50.0, 100.0, 200.0):
        run = pairing_run([0.0, 0.6, 2.5], [1, 1, 1], beta, grid)
        gap = run[:, 1] - run[:, 0]
        pairs.append(
            pd.DataFrame(
                {"beta": beta, "s": grid, "gap": gap, "closed": pair_gap(0.6, grid), "engine": gap, "s_initial": grid, "initial": gap,
                 "third_moved": np.abs(run[:, 2] - 2.5)}
            )
        )  # fmt: skip
    merging = {
        "kind": ["masses", "slope", "slope_leading"], "beta": 200.0, "value": [1.0, 199.0, 200.0], "expected": [1.0, 200.0, 200.0],
    }  # fmt: skip
    energy = {
        "time": [0.0, 1.0, 10.0, 20.0, 100.0, 200.0, 1e3, 1e4, 1e6], "energy": np.arange(9) + 1.0,
        "clusters": [50, 4, 4, 3, 3, 2, 2, 1, 1], "height": [0.5, *[0.0] * 8], "components": 4,
    }  # fmt: skip
    return {
        "multi_errors": pd.DataFrame({"beta": [10.0, 100.0], "time": 2.0, "error": [0.1, 0.03], "median": [0.1, 0.02]}),
        "multi_shares": pd.DataFrame({"time": [10.0], "beta": [100.0], "share": [0.87], "exact": [0.8666]}),
        "multi_variance": pd.DataFrame(
            {"beta": [50.0], "start": [0.04], "time": [1.0], "sign": [1], "variance": [0.03], "exact": [0.03]}
        ),
        "multi_forward_l1": pd.DataFrame({"beta": [50.0, 200.0], "time": 1.0, "l1": [0.05, 0.01]}),
        "multi_clusters": pd.DataFrame({"angle": [1.0, 4.0], "away": [0.01, 0.02], "components": 2}),
        "multi_pairs": pd.concat(pairs),
        "multi_merging": pd.DataFrame(merging),
        "multi_energy": pd.DataFrame(energy),
        "multi_alignment": pd.DataFrame(
            {"panel": "axis", "time": [0.0, 1.0], "x": [1.0, 0.0], "y": 0.0, "z": [0.0, 1.0]}
        ),
        "multi_backward": pd.DataFrame({"time": [0.0, 0.0, 5.0], "angle": [1.0, 4.0, 1.0]}),
        "multi_forward": pd.DataFrame({"beta": 50.0, "time": 1.0, "angle": [1.0, 2.0], "density": [0.1, 0.2]}),
    }


def test_claims_hold_for_such_tables_and_fail_for_others(tables):
    judged = {claim.id: claim.holds for claim in claims(tables, {})}
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["multi_energy"].loc[3, "energy"] = 0.5
    tables["multi_shares"]["share"] = 0.95
    tables["multi_pairs"]["engine"] += 0.01
    judged = {claim.id: claim.holds for claim in claims(tables, {})}
    assert judged["multi-energy"] == judged["multi-share-10"] == judged["multi-pair-engine"] == "no"


def test_figures_are_drawn(tables, tmp_path):
    paths = {}
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    heat = {"width": 0.2, "centres": [1.0, 4.0], "beta": 10.0}
    assert len(alignment_figure(paths["multi_alignment"], "axis").axes) == 2
    assert len(error_figure(paths["multi_errors"], paths["multi_shares"]).axes) == 2
    assert [len(axes.lines) for axes in backward_figure(paths["multi_backward"], heat).axes] == [2, 1]
    assert len(forward_figure(paths["multi_forward"], heat).axes) == 1
    assert len(pairing_figure(paths["multi_pairs"]).axes) == 3
    assert len(phases_figure(paths["multi_energy"]).axes) == 2
