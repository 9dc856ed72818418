"""Measures of clustering against sets of points whose inner products are known."""

import numpy as np
import pytest

from attention_atlas.papers.language.inner_products import components_above, density, gram_matrix, measure, pair_values


def two_clusters(angle=np.pi / 3):
    """Three copies of e1 and two of a vector at ``angle``, of different lengths."""
    first, second = np.array([1.0, 0.0, 0.0]), np.array([np.cos(angle), np.sin(angle), 0.0])
    return np.array([2 * first, first, 5 * second, 0.1 * first, second])


def test_two_clusters():
    """10 pairs: 3 + 1 inside the clusters (1), 6 across (cos of the angle)."""
    found = measure(two_clusters(), bins=4)
    assert found.mean == pytest.approx((4 + 6 * 0.5) / 10)
    assert found.above_0_9 == found.above_0_99 == pytest.approx(0.4)
    assert found.components == 2
    np.testing.assert_allclose(found.quantiles, [0.5, 0.5, 0.5, 1.0, 1.0])
    # cos(60°) falls on a bin's edge: either side, by rounding
    assert found.counts[2] + found.counts[3] == 10


def test_self_pairs_are_the_authors_false_peak():
    """Orthogonal tokens have no cluster; with i = j a share 1/n sits at 1."""
    states = np.eye(8)
    assert measure(states, 10).above_0_99 == 0
    assert measure(states, 10, with_self=True).above_0_99 == pytest.approx(1 / 8)
    assert measure(states, 10, with_self=True).counts.sum() == 64
    assert measure(states, 10).counts.sum() == 28


def test_gram_matrix_is_clipped_and_double():
    generator = np.random.default_rng(0)
    row = generator.standard_normal(384).astype(np.float32)
    gram = gram_matrix(np.array([row, row, -3 * row]))
    assert gram.dtype == np.float64
    assert gram.max() <= 1
    assert gram.min() >= -1
    np.testing.assert_allclose(gram, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]], atol=1e-7)


def test_pairs_against_a_loop():
    gram = gram_matrix(np.random.default_rng(1).standard_normal((7, 3)))
    np.testing.assert_array_equal(pair_values(gram), [gram[i, j] for i in range(7) for j in range(i + 1, 7)])


def test_components_join_through_chains():
    """Neighbours 20° apart (cos 0.94 > 0.9): one chain, though its ends are 80° apart; a gap of 40° cuts it."""
    angles = np.deg2rad([0, 20, 40, 60, 80, 120, 140])
    gram = gram_matrix(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert components_above(gram, 0.9) == 2
    assert components_above(gram, 0.95) == 7
    assert components_above(gram, 0.7) == 1


def test_density_integrates_to_one():
    counts = measure(np.random.default_rng(2).standard_normal((50, 4)), bins=40).counts
    assert density(counts).sum() * (2 / 40) == pytest.approx(1)
    # inner products of uniform points in R^4: density 2/pi sqrt(1 - t²)
    fine = density(measure(np.random.default_rng(2).standard_normal((1500, 4)), bins=20).counts)
    centres = np.linspace(-0.95, 0.95, 20)
    np.testing.assert_allclose(fine, 2 / np.pi * np.sqrt(1 - centres**2), atol=0.02)


def test_an_empty_histogram_has_density_zero():
    assert not density(np.zeros((2, 5), int)).any()
