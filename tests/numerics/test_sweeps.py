"""Sweeps of the configuration, as a list or as first, last and count."""

import numpy as np
import pytest

from attention_atlas.numerics.sweeps import sweep_length, sweep_matrices, sweep_values


@pytest.mark.parametrize(
    ("sweep", "values"),
    [({"first": 0.0, "last": 1.0, "count": 5}, [0.0, 0.25, 0.5, 0.75, 1.0]), ([1.0, 2.0], [1.0, 2.0])],
)
def test_values_and_their_number(sweep, values):
    assert sweep_values(sweep).tolist() == values
    assert sweep_length(sweep) == len(values)


def test_one_diagonal_entry_is_swept():
    matrices = sweep_matrices([[1.0, 0.5], [0.5, 2.0]], 1, np.array([3.0, 4.0]))
    assert matrices.tolist() == [[[1.0, 0.5], [0.5, 3.0]], [[1.0, 0.5], [0.5, 4.0]]]
