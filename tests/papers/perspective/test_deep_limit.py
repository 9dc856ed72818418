"""Residual networks against fields whose solution is known."""

import numpy as np
import pytest

from attention_atlas.papers.perspective.deep_limit import attention_errors, perceptron_errors, residual_errors
from attention_atlas.papers.perspective.slopes import fitted_slope


def test_error_of_the_exponential_in_closed_form():
    # dx/dt = x from 1: the network gives (1 + 1/L)^l, the worst layer is the last
    errors = residual_errors(np.array([1.0]), lambda x: x, [4, 10])
    assert errors == pytest.approx([np.e - 1.25**4, np.e - 1.1**10], rel=1e-9)


def test_a_constant_field_has_no_error():
    assert residual_errors(np.zeros(3), lambda x: np.ones(3), [1, 7]).max() < 1e-12


@pytest.mark.parametrize("name", ["perceptron", "attention"])
def test_errors_fall_like_one_over_layers(name):
    layers = np.array([32, 64, 128, 256])
    if name == "perceptron":
        errors = perceptron_errors(1, 5, 16, 3, layers)
    else:
        errors = attention_errors(1, 3, 8, 2.0, 3, layers)
    assert errors.shape == (3, 4)
    assert all(fitted_slope(layers, row) == pytest.approx(-1, abs=0.05) for row in errors)


def test_runs_are_keyed_by_their_number():
    layers = [4, 8]
    assert np.array_equal(perceptron_errors(2, 3, 6, 1, layers)[0], perceptron_errors(2, 3, 6, 4, layers)[0])
