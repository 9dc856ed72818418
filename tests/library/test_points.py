"""Random starts: the sphere, the seeds, the runs."""

import numpy as np
import pytest

import attention_atlas as aa


def test_points_lie_on_the_sphere_and_are_uniform():
    points = aa.uniform_points(20_000, 4, seed=5)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1.0, rtol=0, atol=1e-15)
    # mean 0 and second moment I / d, within five standard errors
    assert np.abs(points.mean(axis=0)).max() < 5 / np.sqrt(4 * 20_000)
    assert np.abs(points.T @ points / 20_000 - np.eye(4) / 4).max() < 5 * 0.2 / np.sqrt(20_000)


def test_few_runs_are_the_first_of_many():
    assert np.array_equal(aa.uniform_points(7, 3, runs=5, seed=1)[:2], aa.uniform_points(7, 3, runs=2, seed=1))
    assert np.array_equal(aa.uniform_points(7, 3, runs=5, seed=1)[0], aa.uniform_points(7, 3, seed=1))
    assert np.array_equal(aa.uniform_angles(7, runs=5, seed=1)[0], aa.uniform_angles(7, seed=1))
    assert not np.array_equal(aa.uniform_points(7, 3, seed=1), aa.uniform_points(7, 3, seed=2))


def test_angles_are_ascending_and_uniform():
    angles = aa.uniform_angles(20_000, seed=3)
    assert (np.diff(angles) >= 0).all()
    # the distribution function, within the bound of Kolmogorov's test at one in ten thousand
    assert np.abs(angles / (2 * np.pi) - (np.arange(20_000) + 0.5) / 20_000).max() < 2.3 / np.sqrt(20_000)


def test_angles_and_points_are_inverse():
    angles = np.linspace(-3.1, 3.1, 9)
    np.testing.assert_allclose(aa.circle_angles(aa.circle_points(angles)), angles, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: aa.uniform_points(0, 3), "particles"),
        (lambda: aa.uniform_points(5, 1), "dimension"),
        (lambda: aa.uniform_points(5.0, 3), "particles"),
        (lambda: aa.uniform_points(5, 3, runs=0), "runs"),
        (lambda: aa.uniform_angles(5, seed=-1), "seed"),
        (lambda: aa.uniform_angles("five"), "particles"),
        (lambda: aa.circle_points(["a"]), "angles"),
        (lambda: aa.circle_angles([[1.0, 0.0, 0.0]]), "points"),
    ],
)
def test_bad_values_are_named(call, name):
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        call()
