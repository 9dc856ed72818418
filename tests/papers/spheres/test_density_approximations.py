"""Approximations of the minimising densities."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.geometry.sphere import equal_angles
from attention_atlas.papers.spheres import density_approximations as approximations
from attention_atlas.papers.spheres.exponentiated_gradient import minimising_weights

ANGLES = equal_angles(100)


def test_weights_sum_to_one():
    assert approximations.first_order_weights(0.2, ANGLES, 2.0).sum() == pytest.approx(1, abs=1e-14)
    assert approximations.exponential_weights(0.7, ANGLES).sum() == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("upsilon", [-0.5, 0.0, 1e-3, 0.6])
def test_fit_finds_the_exponent_that_made_the_weights(upsilon):
    weights = approximations.exponential_weights(upsilon, ANGLES)
    assert approximations.fitted_upsilon(ANGLES, weights) == pytest.approx(upsilon, abs=1e-8)


def test_fit_is_a_minimum_of_the_distance():
    weights = approximations.first_order_weights(0.3, ANGLES, 2.0)
    best = approximations.fitted_upsilon(ANGLES, weights)
    distances = [
        np.linalg.norm(weights - approximations.exponential_weights(best + h, ANGLES)) for h in (-1e-4, 0, 1e-4)
    ]
    assert distances[1] < min(distances[0], distances[2])


def test_quadratic_through_zero_recovers_its_coefficients():
    x = np.linspace(-0.1, 0.3, 9)
    assert approximations.quadratic_through_zero(x, 2 * x - 0.7 * x**2) == pytest.approx((2.0, -0.7), rel=1e-12)


@pytest.fixture(scope="module")
def densities():
    epsilons = np.array([-0.08, -0.04, 0.0, 0.04, 0.08])
    matrices = np.array([np.diag([1, 1 + e]) for e in epsilons])
    flow = minimising_weights(matrices, points=100, rate=0.5, steps=1000)
    return epsilons, flow.angles, flow.weights


def test_orders_of_the_errors(densities):
    errors = approximations.density_errors(*densities).set_index("epsilon")
    ratio = errors.loc[0.08] / errors.loc[0.04]
    assert ratio["first_order_exact"] == pytest.approx(4, rel=0.1)  # second order
    assert ratio["first_order_printed"] == pytest.approx(2, rel=0.1)  # first order only
    assert ratio["guess_printed"] == pytest.approx(2, rel=0.15)
    assert (errors.loc[0.0] < 1e-10).all()
    assert (errors["guess_fitted"] <= errors["guess_printed"] + 1e-12).all()


def test_upsilon_starts_with_the_exact_slope(densities):
    table = approximations.upsilon_table(*densities)
    assert list(table) == ["epsilon", "fitted", "quadratic", "printed", "slope_line"]
    away = table[table["epsilon"] != 0]
    np.testing.assert_allclose(away["fitted"], away["slope_line"], rtol=0.05)
    np.testing.assert_allclose(table["quadratic"], table["fitted"], atol=1e-3)


def test_published_errors(published):
    expected = pd.read_csv(published / "spheres" / "density_errors.csv").iloc[[1, 4]]
    matrices = np.array([np.diag([1, 0.95]), np.diag([1, 1.1])])
    flow = minimising_weights(matrices, points=1000, rate=0.1, steps=1500)
    errors = approximations.density_errors(np.array([-0.05, 0.1]), flow.angles, flow.weights)
    # the authors' angles and ours differ by up to one part in a thousand
    np.testing.assert_allclose(errors["first_order_printed"], expected["first_order_l2"], rtol=2e-3)
    np.testing.assert_allclose(errors["guess_printed"], expected["exponential_guess_l2"], rtol=3e-3)
