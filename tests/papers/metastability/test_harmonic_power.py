"""Power per degree against Legendre polynomials, and its exact values."""

import numpy as np
import pytest
from scipy.special import eval_gegenbauer, eval_legendre

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.metastability.harmonic_power import harmonic_power


@pytest.mark.parametrize("dimension", [2, 3, 6])
def test_against_scipy(dimension):
    points = random_points(3, [0, 1], 50, dimension)
    index = dimension / 2 - 1
    for run in range(2):
        inner = np.clip(points[run] @ points[run].T, -1, 1)
        if dimension == 2:
            expected = [np.cos(k * np.arccos(inner)).mean() for k in range(9)]
        elif dimension == 3:
            expected = [eval_legendre(k, inner).mean() for k in range(9)]
        else:
            expected = [(eval_gegenbauer(k, index, inner) / eval_gegenbauer(k, index, 1.0)).mean() for k in range(9)]
        np.testing.assert_allclose(harmonic_power(points, 9)[run], expected, atol=1e-12)


def test_one_cluster_has_power_one_and_uniform_points_one_over_n():
    one = np.tile([0.6, 0.8, 0.0], (40, 1))
    np.testing.assert_allclose(harmonic_power(one, 6), 1)
    powers = harmonic_power(random_points(1, range(60), 200, 3), 6)[:, 1:]
    # mean of 60 runs of a variable whose spread is at most its mean, 1/200
    assert powers.mean() == pytest.approx(1 / 200, rel=0.25)
    assert powers.min() >= -1e-12


def test_points_off_the_sphere():
    with pytest.raises(AtlasError, match="points"):
        harmonic_power(np.ones((3, 3)), 4)


def test_products_with_a_reference():
    points, reference = random_points(1, [0], 30, 3)[0], random_points(2, [0], 30, 3)[0]
    inner = points @ reference.T
    expected = [eval_legendre(k, inner).mean() for k in range(6)]
    np.testing.assert_allclose(harmonic_power(points, 6, reference), expected, atol=1e-13)
    np.testing.assert_allclose(harmonic_power(points, 6, points), harmonic_power(points, 6), atol=1e-15)
