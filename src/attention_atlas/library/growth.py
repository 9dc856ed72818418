"""How fast perturbations of the uniform measure grow, in closed form."""

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.circle import growth_rates as theory
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import checked_count, checked_number

__all__ = ["growth_rates", "most_unstable_degree"]

MIN_BETA = 1e-9
MAX_BETA = 1e6


def growth_rates(
    degrees: int | ArrayLike, beta: float, *, dimension: int = 2, softmax: bool = False
) -> float | np.ndarray:
    """Growth rate of a perturbation of the uniform measure by a spherical harmonic of each degree.

    λ_l = l (l + d - 2) Γ(d/2) (2/β)^(d/2-1) I_{l+d/2-1}(β) / β without the softmax, on the circle k² I_k(β) / β; returned is
    e^{-β} λ_l, the rate in the rescaled time s = e^β t of ``circle_flow``. With the softmax
    l (l + d - 2) I_{l+d/2-1}(β) / (β I_{d/2-1}(β)), in the time of ``sphere_flow``. The derivation stands in
    ``docs/metastability.md``, after Bruno, Pasqualotto and Agazzi, arXiv 2410.23228.

    Parameters
    ----------
    degrees
        Degree(s) l ≥ 0; on the circle the wave number k.
    beta
        β > 0.
    dimension
        d of the sphere S^(d-1), at least 2.
    softmax
        SA if true, USA if not.

    Returns
    -------
    float or numpy.ndarray
        One rate, or one a degree.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import numpy as np, attention_atlas as aa
    >>> rates = aa.growth_rates(np.arange(8), 7.0)
    >>> int(rates.argmax())
    4
    """
    wanted = np.asarray(degrees)
    if wanted.ndim > 1 or wanted.size == 0 or wanted.dtype.kind not in "iu" or (wanted < 0).any():
        raise AtlasError("degrees: give one whole number ≥ 0 or a list of them")
    strength, d = checked_number("beta", beta, MIN_BETA, MAX_BETA), checked_count("dimension", dimension, 2)
    rates = (theory.selfattention_growth_rates if softmax else theory.growth_rates)(wanted, strength, d)
    return rates if wanted.ndim else float(rates)


def most_unstable_degree(beta: float, *, dimension: int = 2) -> int:
    """The degree with the largest growth rate: how many clusters form first on the circle. About sqrt(2β) for large β.

    Parameters
    ----------
    beta
        β > 0.
    dimension
        d of the sphere S^(d-1), at least 2.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> [aa.most_unstable_degree(beta) for beta in (1.0, 7.0, 50.0)]
    [1, 4, 10]
    """
    return theory.most_unstable_degree(
        checked_number("beta", beta, MIN_BETA, MAX_BETA), checked_count("dimension", dimension, 2)
    )
