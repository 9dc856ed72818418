"""Causal attention: centres by the definition, exact means, the flow's closed forms, claims of tables."""

import math

import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.geometry.sphere import circle_points, random_points
from attention_atlas.papers.studies.causal import (
    captured,
    centres_of,
    claims,
    expected_strong,
    kernel_pull,
    leading_space,
    lemma_table,
    parking_table,
    projected,
)
from attention_atlas.papers.studies.drawing.causal import atlas_figure, capture_figure, circle_figure, parking_figure

SETTINGS = {"circle": {"tokens": 200, "beta": 64.0, "cars": 4.0, "radius": 1.0, "last_time": 150.0}}


def plain_centres(points, separation):
    """By the definition, token after token."""
    centres, strong = [], []
    for k in range(len(points)):
        far = [math.acos(np.clip(points[k] @ points[j], -1, 1)) > separation for j in range(k)]
        if all(far[j] for j in centres):
            centres.append(k)
            strong.append(all(far))
    return centres, strong


@pytest.mark.parametrize("dimension", [2, 3])
def test_centres_are_those_of_the_definition(dimension):
    for run in range(5):
        points = random_points(5, [run], 120, dimension)[0]
        centres, strong = centres_of(points, 0.5)
        slow = plain_centres(points, 0.5)
        assert (centres.tolist(), strong.tolist()) == slow
        # strong centres by their own definition are all Rényi centres
        all_strong = [
            k for k in range(120) if all(math.acos(np.clip(points[k] @ points[j], -1, 1)) > 0.5 for j in range(k))
        ]
        assert centres[strong].tolist() == all_strong


def test_mean_number_of_strong_centres():
    assert expected_strong(0.5, 2) == pytest.approx(6.283, abs=1e-3)
    assert expected_strong(math.pi, 3) == 1  # all other points are nearer than pi
    # one point is a centre, two are with probability 1 - p
    assert expected_strong(0.5, 3, 2) == pytest.approx(2 - math.sin(0.25) ** 2)
    table = parking_table(
        {"dimensions": [2, 3], "runs": 400, "tokens": 50, "seed": 1, "cars": 4.0}, np.array([16.0, 64.0])
    )
    error = (table["strong"] - table["strong_exact"]) / (table["strong_sd"] / np.sqrt(table["runs"]))
    assert (error.abs() < 4).all()


def test_two_tokens_at_beta_0():
    """The first one rests, the second one feels half of it: tan(gap/2) falls as exp(-t/2)."""
    starts = circle_points(np.array([0.3, 2.0]))
    end = attention_flow(
        starts, beta=0.0, mask="causal", times=[1.7], tolerance=1e-12, observe=["positions"]
    ).positions[0, 0]
    gap = math.acos(end[0] @ end[1])
    assert math.tan(gap / 2) == pytest.approx(math.tan(0.85) * math.exp(-0.85), abs=1e-10)
    np.testing.assert_allclose(end[0], starts[0], atol=1e-15)


def test_strongest_pull_is_a_car_length_away():
    beta = 64.0
    angles = np.linspace(0, 1, 100_001)
    best = angles[np.argmax(kernel_pull(angles, beta))]
    assert math.cos(best) == pytest.approx((-1 + math.sqrt(4 * beta**2 + 1)) / (2 * beta), abs=1e-6)


def test_captured_share_and_lemma():
    positions = circle_points(np.array([[0.0, 1.0, 2.0, 0.1], [0.0, 0.05, 2.0, 0.1]]))
    np.testing.assert_allclose(captured(positions, np.array([0]), 0.2), [0.5, 0.75])
    table = lemma_table(positions, np.array([0.0, 1.0]), np.array([0, 1]), 4.0, [0.1])
    assert table["centre"].tolist() == [1]
    reach = 1.0 / 1.2
    assert table["until"].iloc[0] == pytest.approx(0.1 * reach / float(kernel_pull(reach, 4.0)))


def test_projection_to_the_leading_space():
    space = leading_space(np.diag([1.0, 1.0, -0.5]))
    assert space.shape == (3, 2)
    np.testing.assert_allclose(projected(np.array([3.0, 4.0, 7.0]), space), [0.6, 0.8, 0.0])


def test_ends_for_a_plane_of_top_eigenvectors():
    starts = random_points(8, range(2), 12, 3)
    flow = attention_flow(starts, beta=4.0, mask="causal", value=[1.0, 1.0, -0.5], times=[400.0], observe=["positions"])
    goal = projected(starts[:, :1], leading_space(np.diag([1.0, 1.0, -0.5])))
    np.testing.assert_allclose(flow.positions[:, 0], np.broadcast_to(goal, starts.shape), atol=1e-4)


@pytest.fixture
def tables():
    times = [0.0, 5.0, 10.0, 40.0, 150.0]
    kinds = {
        f"{kind}{part}": values
        for kind, values in {"renyi": [0.4, 0.79, 0.89, 0.98, 0.99], "strong": [0.3, 0.58, 0.72, 0.86, 0.90]}.items()
        for part in ("", "_low", "_high")
    }
    ends = {
        "run": [0], "to_projection": [1e-6], "smallest_inner": [1 - 1e-7], "spread": [0.0], "matrix": ["diag(1, 1, 0)"],
    }  # fmt: skip
    return {
        "causal_capture": pd.DataFrame({"time": times} | kinds),
        "causal_counts": pd.DataFrame({"renyi": [9, 9, 9, 10], "strong": [6, 6, 7, 6]}),
        "causal_centres": pd.DataFrame({"strong": [True, False], "moved_75": [0.01, 0.6]}),
        "causal_lemma": pd.DataFrame({"moved": [0.01], "bound": [0.02]}),
        "causal_ends": pd.concat(
            pd.DataFrame(ends | {"value": [name], "largest": [largest], "multiplicity": [count]})
            for name, largest, count in (("plane", 1.0, 2), ("axis", 1.0, 1), ("minus", -1.0, 3))
        ),
        "causal_theorem": pd.DataFrame({"dimension": [2], "distance": [1e-9], "first_moved": [0.0]}),
        "causal_parking": parking_table(
            {"dimensions": [2, 3], "runs": 60, "tokens": 3000, "seed": 2, "cars": 4.0}, np.array([16.0, 64.0])
        ),
        "causal_circle": pd.DataFrame(
            {"time": [0.0, 0.0], "token": [0, 1], "x": [1.0, 0.0], "y": [0.0, 1.0], "kind": ["strong", "renyi"]}
        ),
        "causal_paths": pd.DataFrame(
            {"value": "plane", "time": [0.0, 1.0], "token": 0, "x": [1.0, 0.0], "y": [0.0, 1.0], "z": [0.0, 0.0]}
        ),
    }


def test_claims_hold_for_such_tables_and_fail_for_others(tables):
    judged = {claim.id: claim.holds for claim in claims(tables, SETTINGS)}
    assert judged.pop("causal-end-minus") == "not judged"
    judged.pop("causal-renyi-200")  # of four starts
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["causal_lemma"]["moved"] = 0.03
    tables["causal_capture"]["strong"] += 0.05
    judged = {claim.id: claim.holds for claim in claims(tables, SETTINGS)}
    smaller = {claim.id: claim.holds for claim in claims(tables, {"circle": SETTINGS["circle"] | {"tokens": 60}})}
    assert smaller["causal-renyi-200"] == smaller["causal-capture-strong"] == "not judged"
    assert judged["causal-lemma"] == judged["causal-capture-strong"] == "no"


def test_figures_are_drawn(tables, tmp_path):
    paths = {}
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    assert len(atlas_figure(paths["causal_paths"], paths["causal_ends"]).axes) == 3
    assert circle_figure(paths["causal_circle"]).axes[0].get_title() == "$t$ = 0"
    assert len(capture_figure(paths["causal_capture"], paths["causal_counts"]).axes) == 2
    assert [axes.get_title() for axes in parking_figure(paths["causal_parking"]).axes] == ["$d$ = 2", "$d$ = 3"]
