"""Inner products of normalised hidden states: how far the tokens of a prompt have clustered.

The pairs are i < j. The authors' histograms also hold the pairs i = j, whose inner
product is 1 whatever the tokens do: n of n² entries that look like a first cluster.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["QUANTILES", "InnerProducts", "components_above", "density", "gram_matrix", "measure", "pair_values"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class InnerProducts(NamedTuple):
    """Summary of one layer."""

    mean: float
    quantiles: np.ndarray
    """(5,) at ``QUANTILES``"""
    above_0_9: float
    """fraction of pairs with inner product > 0.9"""
    above_0_99: float
    components: int
    """connected components of the graph with an edge where the inner product is > 0.9"""
    counts: np.ndarray
    """(bins,) pairs in equal bins from -1 to 1"""


def gram_matrix(states: np.ndarray) -> np.ndarray:
    """Inner products (n, n) of the normalised rows of ``states`` (n, d), clipped to [-1, 1], in double precision."""
    rows = np.asarray(states, dtype=np.float64)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.clip(rows @ rows.T, -1.0, 1.0)


def pair_values(gram: np.ndarray, with_self: bool = False) -> np.ndarray:
    """Entries of the pairs i < j; with ``with_self`` all n² entries, as the authors take them."""
    if with_self:
        return gram.ravel()
    return gram[np.triu_indices(len(gram), k=1)]


def components_above(gram: np.ndarray, threshold: float) -> int:
    """Number of connected components of the graph {<x_i, x_j> > threshold} on the tokens."""
    count, _ = connected_components(coo_array(gram > threshold), directed=False)
    return int(count)


def measure(states: np.ndarray, bins: int, with_self: bool = False, threshold: float = 0.9) -> InnerProducts:
    """Measure one layer.

    Parameters
    ----------
    states
        (n, d) hidden states, n >= 2, not normalised.
    bins
        Number of equal bins of the histogram on [-1, 1].
    with_self
        Count all n² entries as the authors do, not the n (n - 1) / 2 pairs.
    threshold
        Of the graph.
    """
    gram = gram_matrix(states)
    values = pair_values(gram, with_self)
    counts, _ = np.histogram(values, bins=bins, range=(-1.0, 1.0))
    return InnerProducts(
        mean=float(values.mean()),
        quantiles=np.quantile(values, QUANTILES),
        above_0_9=float((values > 0.9).mean()),
        above_0_99=float((values > 0.99).mean()),
        components=components_above(gram, threshold),
        counts=counts,
    )


def density(counts: np.ndarray) -> np.ndarray:
    """Histograms (..., bins) on [-1, 1] as probability densities."""
    total = counts.sum(axis=-1, keepdims=True)
    return counts / np.maximum(total, 1) * (counts.shape[-1] / 2)
