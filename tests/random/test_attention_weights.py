"""Moments, symmetries and keys of random attention weights."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.random.attention_weights import QUERY_KEYS, VALUES, draw_linear, draw_weights


@pytest.mark.parametrize("query_key", [kind for kind in QUERY_KEYS if kind != "identity"])
def test_entries_are_of_order_one(query_key):
    matrices, _ = draw_weights((1, 2), query_key, "identity", 20, 200)
    off = matrices[:, ~np.eye(20, dtype=bool)]
    # 76,000 entries: the variance is known to 2 %
    assert off.mean() == pytest.approx(0, abs=0.02) and off.var() == pytest.approx(1, rel=0.05)
    diagonal = np.diagonal(matrices, axis1=1, axis2=2).var()
    assert diagonal == pytest.approx(2 if query_key == "goe" else 1, rel=0.15)
    symmetric = np.array_equal(matrices, np.swapaxes(matrices, 1, 2))
    assert symmetric == (query_key != "gaussian")


def test_identity_leaves_all_numbers_to_the_values():
    matrices, values = draw_weights((3,), "identity", "wishart", 5, 2)
    assert np.array_equal(matrices, [np.eye(5)] * 2)
    assert not np.array_equal(values[0], values[1])


def test_values():
    for value in VALUES:
        matrices, values = draw_weights((3,), "goe", value, 6, 2)
        if value == "identity":
            assert values is None
        elif value == "wishart":
            assert (np.linalg.eigvalsh(values) > -1e-12).all() and values.shape == (2, 6, 6)
        else:
            assert np.array_equal(values, matrices if value == "plus" else -matrices)


def test_the_key_alone_decides():
    first = draw_weights((1, 2, 3), "gaussian", "wishart", 4, 2)
    again = draw_weights((1, 2, 3), "gaussian", "wishart", 4, 2)
    other = draw_weights((1, 2, 4), "gaussian", "wishart", 4, 2)
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_unknown_names_are_refused():
    with pytest.raises(AtlasError, match="weights"):
        draw_weights((1,), "cauchy", "identity", 3, 1)


@pytest.mark.parametrize(("kind", "variance"), [("kaiming_uniform", 1 / 3), ("kaiming_normal", 2.0), ("normal", 1.0)])
def test_linear_layers(kind, variance):
    matrix = draw_linear((1, 2), kind, 300)
    assert matrix.var() * 300 == pytest.approx(variance, rel=0.03)
    assert abs(matrix.mean()) < 0.001
    np.testing.assert_array_equal(matrix, draw_linear((1, 2), kind, 300))
    assert np.abs(matrix - draw_linear((1, 3), kind, 300)).max() > 0.01
    with pytest.raises(AtlasError, match="kaiming"):
        draw_linear((1,), "xavier", 3)
