"""Numbers of the clustering theorems against cases with a known answer."""

import numpy as np
import pytest

from attention_atlas.papers.perspective.equiangular import equiangular_solution
from attention_atlas.papers.perspective.theorems import (
    collapsed_fraction,
    contraction_rate,
    hemisphere_points,
    inner_product_spread,
    largest_distances,
)


def test_contraction_rate_of_an_exponential():
    times = np.linspace(0, 10, 101)
    rate, deviation = contraction_rate(times, 2 * np.exp(-1.3 * times))
    assert rate == pytest.approx(1.3) and deviation < 1e-10


def test_a_run_that_never_contracts_has_no_rate():
    rate, deviation = contraction_rate(np.arange(5.0), np.ones(5))
    assert np.isnan(rate) and np.isnan(deviation)


def test_hemisphere_points_have_a_positive_first_coordinate():
    points = hemisphere_points(1, 4, 10, 3)
    assert points.shape == (4, 10, 3) and (points[..., 0] > 0).all()


def test_starts_in_a_hemisphere_contract_at_rate_one():
    times = np.linspace(0, 20, 101)
    distances = largest_distances(hemisphere_points(2, 3, 8, 3), 1.0, times)
    # near consensus the field is mean minus particle, whatever beta
    assert [contraction_rate(times, row)[0] for row in distances] == pytest.approx([1.0] * 3, abs=0.01)


def test_random_starts_collapse_at_beta_zero():
    fraction = collapsed_fraction(3, 3, 16, 64, np.array([0.0, 15.0]), 0.999)
    assert fraction.tolist() == [0.0, 1.0]


def test_inner_products_concentrate_on_the_reduced_equation():
    times = np.array([0.0, 1.0, 3.0])
    mean, spread = inner_product_spread(4, 2000, 8, 1.0, 8, times)
    # deviation of random inner products: 2000^(-1/2) = 0.022; 224 pairs
    assert spread[0] == pytest.approx(2000**-0.5, rel=0.2)
    assert np.abs(mean - equiangular_solution(times, "sa", 1.0, 8)).max() < 0.01
