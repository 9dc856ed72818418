"""Eigenvalues inside kernels against LAPACK."""

import numpy as np
import pytest

from attention_atlas.numerics.symmetric_eigenvalues import symmetric_eigenvalues


def eigenvalues(matrix):
    size = len(matrix)
    values, beside = np.empty(size + 2), np.empty(size + 2)
    larger = np.full((size + 2, size + 2), 7.0)
    larger[:size, :size] = matrix
    symmetric_eigenvalues(larger, size, values, beside)
    return np.sort(values[:size])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 60])
def test_random_matrices(size):
    root = np.random.default_rng(size).standard_normal((size, size))
    for matrix in (root + root.T, root @ root.T, root[:, :1] @ root[:, :1].T):
        expected = np.linalg.eigvalsh(matrix)
        np.testing.assert_allclose(eigenvalues(matrix), expected, rtol=0, atol=1e-13 * size * np.abs(expected).max())


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((4, 4)),
        np.eye(5),
        np.ones((6, 6)),
        np.diag([1e200, 1.0, -1e-200]),
        np.diag([3.0, 1.0, 2.0]) + np.diag([1e-9, 0.0], 1) + np.diag([1e-9, 0.0], -1),
        np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]),
    ],
)
def test_degenerate_matrices(matrix):
    expected = np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose(eigenvalues(matrix), expected, rtol=1e-13, atol=1e-14 * np.abs(expected).max())


def test_nan_ends():
    assert np.isnan(eigenvalues(np.full((4, 4), np.nan))).any()
