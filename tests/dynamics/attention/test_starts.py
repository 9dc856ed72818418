"""Laws of the starts, and the numbers of other generators."""

import numpy as np
import pytest

from attention_atlas.dynamics.attention.starts import STARTS, token_starts
from attention_atlas.geometry.sphere import random_points, torch_points

BY_RUN = [
    "uniform",
    "hemisphere",
    "cap",
    "orthogonal",
    "equiangular",
    "box",
    "gaussian",
    "correlated",
    "wrapped_normals",
]


@pytest.mark.parametrize("kind", [kind for kind in STARTS if kind != "points"])
def test_runs_do_not_depend_on_what_is_chosen(kind):
    more = {"tokens": 3, "dimension": 3, "runs": 5, "seed": 7}
    whole = token_starts(kind, **more)
    assert whole.shape == (5, 3, 3)
    np.testing.assert_array_equal(token_starts(kind, chosen=[4, 1], **more), whole[[4, 1]])


@pytest.mark.parametrize(
    "kind", ["uniform", "hemisphere", "cap", "orthogonal", "equiangular", "wrapped_normals", "torch_cpu", "numpy"]
)
def test_on_the_sphere(kind):
    points = token_starts(kind, tokens=3, dimension=3, runs=8)
    np.testing.assert_allclose(np.linalg.norm(points, axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(
        np.linalg.norm(token_starts(kind, tokens=3, dimension=3, runs=8, radius=2.5), axis=-1), 2.5
    )


def test_uniform_is_that_of_the_library():
    np.testing.assert_array_equal(token_starts(tokens=5, dimension=4, runs=3, seed=2), random_points(2, range(3), 5, 4))


@pytest.mark.parametrize("dimension", [2, 3, 5])
def test_cap_is_uniform(dimension):
    points = token_starts("cap", tokens=40_000, dimension=dimension, angle=1.0)[0]
    polar = np.arccos(points[:, -1])
    assert polar.max() <= 1.0 + 1e-12
    grid = np.linspace(0, 1.0, 100_001)
    density = np.sin(grid) ** (dimension - 2)
    share = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    expected = np.interp([0.3, 0.6, 0.9], grid, share / share[-1])
    np.testing.assert_allclose([(polar <= angle).mean() for angle in (0.3, 0.6, 0.9)], expected, atol=0.01)
    assert np.abs(points[:, :-1].mean(axis=0)).max() < 0.01


def test_hemisphere():
    points = token_starts("hemisphere", tokens=2000, dimension=3)[0]
    assert (points[:, 2] >= 0).all()
    assert points[:, 2].mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("cosine", [-0.2, 0.0, 0.4, 1.0])
def test_equal_angles(cosine):
    points = token_starts("equiangular", tokens=5, dimension=7, cosine=cosine)[0]
    expected = np.full((5, 5), cosine)
    np.fill_diagonal(expected, 1.0)
    np.testing.assert_allclose(points @ points.T, expected, atol=1e-14)


def test_correlated():
    points = token_starts("correlated", tokens=200, dimension=2000, cosine=0.3)[0]
    units = points / np.linalg.norm(points, axis=1, keepdims=True)
    gram = units @ units.T
    assert gram[~np.eye(200, dtype=bool)].mean() == pytest.approx(0.3, abs=0.03)


def test_wrapped_normals():
    points = token_starts(
        "wrapped_normals", tokens=20_000, dimension=2, centres=[1.0, 4.0], width=0.2, shares=[0.25, 0.75]
    )[0]
    angles = np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)
    near = np.abs(angles - 1.0) < 1.2
    assert near.mean() == pytest.approx(0.25, abs=0.02)
    assert angles[near].std() == pytest.approx(0.2, abs=0.01)
    assert angles[~near].mean() == pytest.approx(4.0, abs=0.01)
    sphere = token_starts("wrapped_normals", tokens=5000, dimension=3)[0]
    assert np.arcsin(sphere[:, 2]).std() == pytest.approx(np.pi / np.sqrt(12), rel=0.03)


def test_generators():
    np.testing.assert_array_equal(
        token_starts("torch_cpu", tokens=8, dimension=4, runs=2, seed=42), torch_points(42, 8, 4, 2)
    )
    angles = 2 * np.pi * np.random.default_rng(3).random((2, 9))
    points = token_starts("numpy", tokens=9, dimension=2, runs=2, seed=3, law="angles")
    np.testing.assert_allclose(points, np.stack([np.cos(angles), np.sin(angles)], axis=-1))
    points = token_starts("torch_cuda", tokens=20_000, dimension=2, seed=12345, law="angles")[0]
    np.testing.assert_allclose(
        np.arctan2(points[:3, 1], points[:3, 0]) % (2 * np.pi), [1.16581823, 5.8317627, 5.91570196], atol=1e-8
    )


def test_given_points():
    points = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(token_starts("points", tokens=4, dimension=3, runs=2, points=points)[1], points)
