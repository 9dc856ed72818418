"""Points on the sphere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import (
    circle_angles,
    circle_points,
    cluster_centres,
    cluster_labels,
    equal_angles,
    normalise,
    principal_projection,
    random_points,
    tangent_projection,
    torch_points,
)
from attention_atlas.random.torch_mt19937 import torch_normal

ROUNDING = 1e-15


def test_normalise_gives_unit_rows():
    points = normalise(np.array([[[3.0, 4.0], [0.0, -2.0]]]))
    np.testing.assert_allclose(points, [[[0.6, 0.8], [0.0, -1.0]]], atol=ROUNDING)


@pytest.mark.parametrize("row", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_points_without_direction_are_refused(row):
    with pytest.raises(AtlasError, match="a point has length"):
        normalise(np.array([[1.0, 0.0], row]))


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
@settings(max_examples=20, deadline=None)
def test_tangent_projection_is_orthogonal_and_idempotent(seed, dimension):
    generator = np.random.default_rng(seed)
    points = normalise(generator.normal(size=(5, dimension)))
    projected = tangent_projection(points, generator.normal(size=(5, dimension)))
    assert np.abs((points * projected).sum(axis=1)).max() < 1e-14
    np.testing.assert_allclose(tangent_projection(points, projected), projected, atol=1e-14)


def test_starts_depend_on_seed_and_run_only():
    together = random_points(5, range(10), 7, 3)
    np.testing.assert_array_equal(random_points(5, range(4, 10), 7, 3), together[4:])
    np.testing.assert_array_equal(random_points(5, [9], 7, 3)[0], together[9])
    assert np.abs(together[0] - together[1]).max() > 0.1
    assert np.abs(random_points(6, [0], 7, 3) - together[:1]).max() > 0.1
    assert random_points(5, [], 7, 3).shape == (0, 7, 3)


def test_starts_are_uniform_on_the_sphere():
    points = random_points(1, range(50), 200, 3).reshape(-1, 3)
    count = len(points)
    np.testing.assert_allclose((points**2).sum(axis=1), 1, atol=ROUNDING)
    # each coordinate is uniform on [-1, 1]: mean 0, variance 1/3 (variance of x^2 is 4/45)
    assert np.abs(points.mean(axis=0)).max() < 4.5 * np.sqrt(1 / 3 / count)
    assert np.abs((points**2).mean(axis=0) - 1 / 3).max() < 4.5 * np.sqrt(4 / 45 / count)


def test_torch_points_are_one_stream_normalised():
    stream = torch_normal(42, (2, 16, 3)).astype(float)
    points = torch_points(42, 16, 3, runs=2)
    np.testing.assert_allclose(points * np.linalg.norm(stream, axis=2, keepdims=True), stream, atol=1e-14)
    np.testing.assert_array_equal(points[0], torch_points(42, 16, 3)[0])


def test_angles_and_points_of_the_circle_are_inverse():
    angles = equal_angles(12)
    assert angles[0] == -np.pi
    np.testing.assert_allclose(np.diff(angles), np.pi / 6, atol=ROUNDING)
    np.testing.assert_allclose(circle_angles(circle_points(angles[1:])), angles[1:], atol=ROUNDING)


def test_principal_projection_keeps_the_plane_of_the_points():
    generator = np.random.default_rng(0)
    frame = np.linalg.qr(generator.normal(size=(6, 6)))[0]
    plane = circle_points(generator.uniform(-np.pi, np.pi, 40)) * [1.0, 0.5]
    projected, axes = principal_projection(plane @ frame[:2])
    assert axes.shape == (3, 6)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-14)
    np.testing.assert_allclose(projected @ projected.T, plane @ plane.T, atol=1e-14)
    assert (np.abs(axes).max(axis=1) == axes.max(axis=1)).all()


def test_principal_projection_leaves_three_coordinates_alone():
    points = random_points(0, [0], 5, 3)[0]
    projected, axes = principal_projection(points)
    np.testing.assert_array_equal(projected, points)
    np.testing.assert_array_equal(axes, np.eye(3))


def test_clusters_are_chains_of_near_points():
    points = circle_points(np.array([0.0, 3.0, 0.08, 0.16, -3.1, 1.5]))
    labels = cluster_labels(points, 0.1)
    # 3.0 and -3.1 are 0.18 apart across pi: two clusters
    assert labels.tolist() == [0, 1, 0, 0, 2, 3]
    assert cluster_labels(points, 0.2).tolist() == [0, 1, 0, 0, 1, 2]
    centres = cluster_centres(points, labels)
    np.testing.assert_allclose(circle_angles(centres), [0.08, 3.0, -3.1, 1.5], atol=1e-14)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5, 3.0])
def test_cluster_labels_number_chains_in_the_order_of_their_first_points(threshold):
    points = random_points(7, [0], 60, 3)[0]
    near = np.linalg.norm(points[:, None] - points, axis=2) <= threshold
    expected, clusters = {}, 0
    for first in range(len(points)):
        if first not in expected:
            waiting = [first]
            while waiting:
                point = waiting.pop()
                expected[point] = clusters
                waiting += [other for other in np.flatnonzero(near[point]) if other not in expected]
            clusters += 1
    assert cluster_labels(points, threshold).tolist() == [expected[point] for point in range(len(points))]
