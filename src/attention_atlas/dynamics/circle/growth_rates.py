"""Growth rates of the modes of the uniform measure under self-attention.

On the sphere S^{d-1} the flow of unnormalised self-attention (USA) is the
gradient flow of W(t) = e^{beta t} / beta, t = <x, y>. A perturbation of the
uniform measure by a spherical harmonic of degree l grows at the rate

    lambda_l = l (l + d - 2) a_l(W),
    a_l(W) = Gamma(d/2) (2/beta)^{d/2 - 1} I_{l + d/2 - 1}(beta) / beta

(Funk and Hecke's formula; I is the modified Bessel function). On the circle,
d = 2, this is k^2 I_k(beta) / beta. Dividing the velocity by its mass (SA)
divides every rate by beta a_0(W), because the numerator vanishes at the
uniform measure.

USA is fast: its rates hold a factor e^beta. Everything here is computed in the
*rescaled* time s = e^beta t, whose rates e^{-beta} lambda_l stay finite; the
derivation stands in ``docs/metastability.md``.
"""

import numpy as np
from scipy.special import gammaln, ive, logsumexp

from attention_atlas.errors import AtlasError

__all__ = [
    "growth_rates",
    "large_beta_cluster_number",
    "largest_growth_rate",
    "log_funk_hecke_coefficient",
    "log_growth_rates",
    "most_unstable_degree",
    "selfattention_growth_rates",
]

# Below, SciPy's scaled Bessel function is near its underflow.
MIN_BESSEL = 1e-280


def _check(beta: float, dimension: int) -> None:
    if not (np.isfinite(beta) and beta > 0):
        raise AtlasError(f"beta: {beta}, the bound is a finite number > 0; set a positive beta")
    if dimension < 2:
        raise AtlasError(f"dimension: {dimension} is below the bound 2; set 2 for the circle, 3 for the sphere")


def _log_series(order: float, beta: float) -> float:
    """log of Gamma(order + 1) (2/beta)^order I_order(beta) = 0F1(order + 1; beta^2/4): a series of positive terms."""
    j = np.arange(int(2 * beta) + 200)
    terms = 2 * j * np.log(beta / 2) - gammaln(j + 1) - gammaln(order + 1 + j)
    return float(logsumexp(terms) + gammaln(order + 1))


def log_funk_hecke_coefficient(degrees: np.ndarray | int, beta: float, dimension: int = 2) -> np.ndarray:
    """log of e^{-beta} times the eigenvalue of convolution with e^{beta <x, y>} on harmonics of each degree.

    The eigenvalue is Gamma(d/2) (2/beta)^{d/2-1} I_{l+d/2-1}(beta) for the uniform probability measure on
    the sphere. SciPy's scaled Bessel function serves where it does not underflow, the power
    series elsewhere (large d or l), so that the logarithm is finite for every beta > 0, l and d.
    """
    _check(beta, dimension)
    degrees = np.atleast_1d(np.asarray(degrees, dtype=float))
    order = dimension / 2 - 1
    constant = gammaln(order + 1) + order * np.log(2 / beta)
    scaled = ive(degrees + order, beta)
    result = np.empty(len(degrees))
    for index, degree in enumerate(degrees):
        if scaled[index] > MIN_BESSEL:
            result[index] = constant + np.log(scaled[index])
        else:
            ratio = gammaln(order + 1) - gammaln(order + 1 + degree) + degree * np.log(beta / 2)
            result[index] = ratio + _log_series(degree + order, beta) - beta
    return result


def log_growth_rates(degrees: np.ndarray | int, beta: float, dimension: int = 2) -> np.ndarray:
    """log(e^{-beta} lambda_l), finite where the rate itself is too small for a float; -inf for l = 0."""
    degrees = np.atleast_1d(np.asarray(degrees, dtype=float))
    with np.errstate(divide="ignore"):
        return np.log(degrees * (degrees + dimension - 2) / beta) + log_funk_hecke_coefficient(degrees, beta, dimension)


def growth_rates(degrees: np.ndarray | int, beta: float, dimension: int = 2) -> np.ndarray:
    """e^{-beta} lambda_l: rate of each degree per unit of rescaled time s = e^beta t, under USA.

    Parameters
    ----------
    degrees
        Degree(s) l ≥ 0 (on the circle: wave number k).
    beta
        Inverse temperature > 0.
    dimension
        d of S^{d-1}, at least 2.

    Raises
    ------
    AtlasError
        ``beta`` or ``dimension`` out of bounds.
    """
    rates = np.exp(log_growth_rates(degrees, beta, dimension))
    return rates if np.ndim(degrees) else rates[0]


def selfattention_growth_rates(degrees: np.ndarray | int, beta: float, dimension: int = 2) -> np.ndarray:
    """Rates per unit of ordinary time under SA: l (l + d - 2) I_{l+d/2-1}(beta) / (beta I_{d/2-1}(beta))."""
    mass = log_funk_hecke_coefficient(0, beta, dimension)
    rates = np.exp(log_growth_rates(degrees, beta, dimension) - mass)
    return rates if np.ndim(degrees) else rates[0]


def _degrees_to_search(beta: float, dimension: int) -> np.ndarray:
    # the maximum lies near sqrt(2 beta) on the circle and below sqrt(d beta) + d in general
    return np.arange(1, int(3 * np.sqrt(dimension * beta)) + dimension + 4)


def most_unstable_degree(beta: float, dimension: int = 2) -> int:
    """k_max: the degree with the largest growth rate; the smaller one of two equal."""
    degrees = _degrees_to_search(beta, dimension)
    return int(degrees[np.argmax(log_growth_rates(degrees, beta, dimension))])


def largest_growth_rate(beta: float, dimension: int = 2) -> float:
    """e^{-beta} lambda_{k_max}."""
    return float(growth_rates(_degrees_to_search(beta, dimension), beta, dimension).max())


def large_beta_cluster_number(beta: float | np.ndarray, dimension: int = 2) -> float | np.ndarray:
    """sqrt(2 beta) - (d - 2)/2: k_max for large beta, before rounding.

    For large beta the kernel is a Gaussian of variance 1/beta, narrow against
    the radius, with the transform e^{-m^2/(2 beta)} at m = l + (d - 2)/2. The
    rate m^2 e^{-m^2/(2 beta)} is largest at m = sqrt(2 beta) in every
    dimension; curvature only shifts l.
    """
    return np.sqrt(2 * np.asarray(beta)) - (dimension - 2) / 2
