"""Attention without normalisation: geometry of the limits, two tokens on the line, claims and figures."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.drawing.emergence import hyperplanes_figure, polytope_figure, rank_figure
from attention_atlas.papers.studies.emergence import (
    attention_matrix,
    boundary_distance,
    claims,
    hull_violation,
    leading_coordinates,
    limit_groups,
    limit_table,
    line_groups,
    one_dimension_row,
)

SQUARE = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]])


def free(points, times, **setting):
    return attention_flow(
        points, space="free", normalisation="rescaled", beta=1.0, times=times, observe=["positions"], **setting
    ).positions


def test_two_tokens_on_the_line():
    """dg/dt = -g (P_12 + P_21) for V = 1, with the exponents e^(2t) z_i z_j."""
    start = np.array([0.7, -0.2])

    def velocity(t, z):
        scores = math.exp(2 * t) * np.outer(z, z)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return [p[0, 1] * (z[1] - z[0]), p[1, 0] * (z[0] - z[1])]

    slow = solve_ivp(velocity, (0, 1.5), start, rtol=1e-11, atol=1e-13).y[:, -1]
    found = free(start[:, None], [1.5], value=1.0, tolerance=1e-12)[0, 0, :, 0]
    np.testing.assert_allclose(found, slow, atol=1e-9)


def test_equal_tokens_rest():
    found = free(np.full((5, 2), 0.4), [3.0], value=np.diag([1.0, -0.5]))[0, 0]
    np.testing.assert_allclose(found, 0.4, atol=1e-12)


def test_exponents_of_any_size():
    tokens = 1e4 * np.array([[1.0, 0.0], [0.5, 0.0], [1.0, 1e-9]])
    shifted = attention_matrix(tokens)
    np.testing.assert_allclose(shifted.sum(axis=1), 1)
    np.testing.assert_allclose(shifted[0, [0, 2]], 0.5, atol=1e-9)


def test_leading_coordinate_is_that_of_the_dual_basis():
    value = np.array([[0.64709742, 0.81911926], [0.61210449, 0.63263484]])
    eigenvalues, vectors = np.linalg.eig(value)
    other = vectors[:, eigenvalues.argmin()].real
    assert leading_coordinates(value, other[None])[0, 0] == pytest.approx(0, abs=1e-12)
    point = np.array([[0.3, -0.8]])
    row = leading_coordinates(value, np.eye(2))[:, 0]
    np.testing.assert_allclose(row @ value, eigenvalues.max() * row, atol=1e-12)
    assert leading_coordinates(value, point)[0, 0] == pytest.approx(float(point[0] @ row))


def test_groups_limits_and_hulls():
    number, spread = line_groups(np.array([0.0, 0.001, 5.0, 5.002, 9.0]))
    assert (number, round(spread, 6)) == (3, 0.002)
    points = np.vstack([SQUARE, SQUARE + 1e-3, [[0.01, 0.0]]])
    assert len(limit_groups(points)) == 4
    assert limit_table(points)[:2] == (4, True)
    number, vertices, error = limit_table(np.vstack([points, [[0.5, 0.5]]]))
    assert (number, vertices) == (5, False)
    assert error == pytest.approx(1.0, abs=0.01)
    assert hull_violation(SQUARE, 0.9 * SQUARE) == 0
    assert hull_violation(SQUARE, 1.5 * SQUARE) == pytest.approx(0.5)
    np.testing.assert_allclose(boundary_distance(np.vstack([SQUARE, [[0.5, 0.0], [0.1, 0.0]]]))[-2:], [0.5, 0.1])


def test_rank_on_the_line():
    starts = token_starts("box", tokens=8, dimension=1, runs=6, seed=2)
    ends = free(starts, [8.0], value=1.0)[:, 0] * math.exp(8.0)
    rows = [one_dimension_row(start[:, 0], attention_matrix(end)) for start, end in zip(starts, ends, strict=True)]
    assert all(row["rank"] in (1, 2) and row["extreme"] and row["odd_rows"] <= 1 for row in rows)
    blurred = one_dimension_row(starts[0, :, 0], np.full((8, 8), 1 / 8))
    assert (blurred["rank"], blurred["odd_rows"]) == (1, 8)


def test_claims_and_figures(tmp_path):
    time = np.repeat([0.0, 1.0], 5)
    paths = pd.concat(
        pd.DataFrame(
            {
                "panel": panel, "time": time, "token": np.tile(np.arange(5), 2),
                "z1": np.tile([1.0, -1.0, 0.0, 0.2, 0.1], 2), "z2": np.tile([0.0, 0.0, 1.0, -1.0, 0.1], 2),
                "z3": np.tile([0.0, 0.3, 0.1, 0.2, 1.0], 2), "first": time, "second": -time,
            }
        )
        for panel in ("polytope", "polytope_3d", "plane", "mixed")
    )  # fmt: skip
    tables = {
        "emergence_paths": paths,
        "emergence_limits": pd.DataFrame({"limits": [4, 5], "vertices": True, "error": [0.01, 0.02]}),
        "emergence_hulls": pd.DataFrame({"violation": [0.0, 1e-15]}),
        "emergence_groups": pd.DataFrame(
            {"panel": ["plane", "symmetric"], "count": [1, 2], "groups": [2, 3], "spread": [1e-4, 1e-3]}
        ),
        "emergence_mixed": pd.DataFrame({"distance": [1e-5]}),
        "emergence_frozen": pd.DataFrame({"difference": [0.1]}),
        "emergence_line": pd.DataFrame({"rank": [1, 2], "odd_rows": [0, 1], "extreme": True, "deviation": [0.0, 1e-9]}),
        "emergence_ranks": pd.DataFrame({"flow": ["attention", "linear"], "rank": [5, 2]}),
        "emergence_attention": pd.DataFrame(
            [{"flow": flow, "i": i, "j": j, "weight": 0.5} for flow in ("attention", "linear") for i in (0, 1) for j in (0, 1)]
        ),
    }  # fmt: skip
    judged = {claim.id: claim.holds for claim in claims(tables, {})}
    reported = {"emergence-codimension-symmetric", "emergence-frozen", "emergence-published-rank"}
    assert {judged.pop(id) for id in reported} == {"not judged"}
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["emergence_line"]["odd_rows"] = [0, 2]
    assert {claim.id: claim.holds for claim in claims(tables, {})}["emergence-extreme"] == "no"
    files = {}
    for name, table in tables.items():
        files[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(files[name], index=False)
    assert len(polytope_figure(files["emergence_paths"], [0.0, 1.0]).axes) == 3
    assert len(hyperplanes_figure(files["emergence_paths"]).axes) == 4
    drawn = rank_figure(files["emergence_attention"], files["emergence_ranks"], files["emergence_line"])
    assert len(drawn.axes) == 4  # with the colour bar
