"""How well closed formulas approximate the minimising densities of Figure 5 (arXiv 2501.03096).

Everything is compared as weights on N equally spaced angles: w = density x 2 pi / N,
and errors are Euclidean distances of weights, as in the authors' published numbers.
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from attention_atlas.papers.spheres.theory import (
    first_order_coefficient,
    printed_first_order_coefficient,
    printed_upsilon,
)

__all__ = [
    "approximation_curves",
    "density_errors",
    "exponential_weights",
    "first_order_weights",
    "fitted_upsilon",
    "quadratic_through_zero",
    "upsilon_table",
]


def first_order_weights(epsilon: float, angles: np.ndarray, coefficient: float) -> np.ndarray:
    """(1 + epsilon c cos 2 phi) / N; in the paper's form alpha <x, Mx> + const with M = diag(0, 1), alpha = -2c."""
    return (1.0 + epsilon * coefficient * np.cos(2 * angles)) / len(angles)


def exponential_weights(upsilon: float, angles: np.ndarray) -> np.ndarray:
    """exp(Upsilon cos 2 phi), normalised to the sum 1."""
    weights = np.exp(upsilon * np.cos(2 * angles))
    return weights / weights.sum()


def fitted_upsilon(angles: np.ndarray, weights: np.ndarray) -> float:
    """The Upsilon whose weights are nearest to ``weights`` (Euclidean), by Brent's method.

    Its start brackets the value that gives the second moment of the weights:
    mean cos 2 phi = I_1(Upsilon) / I_0(Upsilon).
    """

    def distance(upsilon: float) -> float:
        return float(((weights - exponential_weights(upsilon, angles)) ** 2).sum()) * len(angles)

    guess = 2 * float(weights @ np.cos(2 * angles))
    width = max(0.1, abs(guess))
    # the square of a distance is flat to its eighth digit at the minimum: ask for more than that
    return float(minimize_scalar(distance, bracket=(guess - width, guess + width), method="brent", tol=1e-11).x)


def quadratic_through_zero(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Least squares coefficients (a, b) of y = a x + b x^2: without perturbation there is no response."""
    a, b = np.linalg.lstsq(np.stack([x, x**2], axis=1), y, rcond=None)[0]
    return float(a), float(b)


def density_errors(epsilons: np.ndarray, angles: np.ndarray, weights: np.ndarray, beta: float = 1.0) -> pd.DataFrame:
    """Distances of weights (E, N) from four approximations.

    Columns: epsilon; first_order_printed and first_order_exact (the ansatz with the authors' constant
    and with the exact one); guess_printed and guess_fitted (exp(Upsilon cos 2 phi) with the paper's
    Upsilon and with the fitted one). The printed formulas are those for beta = 1.
    """
    constants = {
        "first_order_printed": printed_first_order_coefficient(),
        "first_order_exact": first_order_coefficient(beta),
    }
    rows = []
    for epsilon, w in zip(np.asarray(epsilons, dtype=float), weights, strict=True):
        row = {name: first_order_weights(epsilon, angles, c) for name, c in constants.items()}
        row["guess_printed"] = exponential_weights(float(printed_upsilon(epsilon)), angles)
        row["guess_fitted"] = exponential_weights(fitted_upsilon(angles, w), angles)
        rows.append({"epsilon": epsilon, **{name: np.linalg.norm(w - other) for name, other in row.items()}})
    return pd.DataFrame(rows)


def approximation_curves(
    epsilons: np.ndarray, angles: np.ndarray, weights: np.ndarray, beta: float = 1.0, points: int = 200
) -> pd.DataFrame:
    """Densities over the angle, about ``points`` of them a curve.

    Columns: epsilon, angle, computed, first_order_exact, guess_printed, guess_fitted.
    """
    chosen = np.unique(np.linspace(0, len(angles) - 1, min(points, len(angles))).astype(int))
    unit = len(angles) / (2 * np.pi)
    tables = []
    for epsilon, w in zip(np.asarray(epsilons, dtype=float), weights, strict=True):
        curves = {
            "computed": w,
            "first_order_exact": first_order_weights(epsilon, angles, first_order_coefficient(beta)),
            "guess_printed": exponential_weights(float(printed_upsilon(epsilon)), angles),
            "guess_fitted": exponential_weights(fitted_upsilon(angles, w), angles),
        }
        columns = {name: curve[chosen] * unit for name, curve in curves.items()}
        tables.append(pd.DataFrame({"epsilon": epsilon, "angle": angles[chosen], **columns}))
    return pd.concat(tables, ignore_index=True)


def upsilon_table(epsilons: np.ndarray, angles: np.ndarray, weights: np.ndarray, beta: float = 1.0) -> pd.DataFrame:
    """The best Upsilon for each epsilon, a quadratic through it, the printed formula and the exact slope.

    Columns: epsilon, fitted, quadratic, printed, slope_line (c epsilon).
    """
    epsilons = np.asarray(epsilons, dtype=float)
    fitted = np.array([fitted_upsilon(angles, w) for w in weights])
    a, b = quadratic_through_zero(epsilons, fitted)
    return pd.DataFrame(
        {
            "epsilon": epsilons,
            "fitted": fitted,
            "quadratic": a * epsilons + b * epsilons**2,
            "printed": printed_upsilon(epsilons),
            "slope_line": first_order_coefficient(beta) * epsilons,
        }
    )
