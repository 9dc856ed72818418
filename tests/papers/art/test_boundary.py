"""Boundary, box counts and dimension against shapes whose answer is known."""

import numpy as np
import pytest

from attention_atlas.papers.art.boundary import (
    boundary_mask,
    box_counts,
    fit_dimension,
    near_boundary,
    richest_corner,
)


def _carpet(levels: int) -> np.ndarray:
    """Product of two Cantor-like sets that keep the outer half of the quarters: dimension 1, side 4**levels."""
    line = np.ones(1, bool)
    for _ in range(levels):
        line = np.concatenate([line, np.zeros_like(line), np.zeros_like(line), line])
    return line[:, None] & line[None, :]


def test_boundary_of_a_half_plane_is_its_two_rows():
    converged = np.zeros((8, 8), bool)
    converged[3:] = True
    mask = boundary_mask(converged)
    assert mask.sum() == 16
    assert mask[2].all()
    assert mask[3].all()


def test_near_boundary_includes_diagonals_and_nothing_further():
    converged = np.zeros((9, 9), bool)
    converged[4, 4] = True
    expected = np.zeros((9, 9), bool)
    expected[3:6, 3:6] = True
    assert np.array_equal(near_boundary(converged), expected)
    assert not near_boundary(np.ones((5, 5), bool)).any()


def test_counts_of_a_full_plane_a_line_and_a_point():
    full, line, point = np.ones((64, 64), bool), np.zeros((64, 64), bool), np.zeros((64, 64), bool)
    line[10], point[5, 7] = True, True
    boxes, counts = box_counts(full)
    assert boxes.tolist() == [1, 2, 4, 8, 16]
    assert counts.tolist() == [(64 // box) ** 2 for box in boxes]
    for mask, dimension in ((full, 2), (line, 1), (point, 0)):
        fit = fit_dimension(*box_counts(mask), 1, 16)
        assert fit.slope == pytest.approx(dimension, abs=1e-12)
        assert fit.error == pytest.approx(0, abs=1e-7)
        assert fit.used.all()


def test_dimension_of_a_cantor_product():
    boxes, counts = box_counts(_carpet(4))
    powers_of_four = np.isin(boxes, [1, 4, 16, 64])
    fit = fit_dimension(boxes[powers_of_four], counts[powers_of_four], 1, 64)
    assert fit.slope == pytest.approx(1, abs=1e-12)


def test_a_fit_needs_two_boxes_with_boundary():
    fit = fit_dimension(np.array([1, 2, 4]), np.array([9, 0, 0]), 1, 4)
    assert np.isnan(fit.slope)
    assert fit.used.tolist() == [True, False, False]


def test_richest_corner_holds_most():
    mask = np.zeros((20, 20), bool)
    mask[12:15, 4:9] = True
    mask[0, 0] = True
    row, column = richest_corner(mask, 6)
    assert mask[row : row + 6, column : column + 6].sum() == 15
