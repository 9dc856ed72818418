"""Clusters and span of one set of points inside kernels (coordinate c of point i is ``x[c, i]``)."""

import numpy as np
from numba import njit

__all__ = ["cluster_count", "second_moment", "span_dimension"]

_MODEL = {"cache": True, "error_model": "numpy"}
# A pivot that is exactly zero gets this size: the count is then one of the two neighbours' counts.
_TINY = 1e-300


@njit(**_MODEL)
def cluster_count(x, particles, threshold, stack, unseen):
    """Connected components of the graph that joins i and j when <x_i, x_j> > threshold.

    ``stack`` and ``unseen`` are integer scratch of ``particles`` entries.
    """
    d = x.shape[0]
    for i in range(particles):
        unseen[i] = i
    left, clusters = particles, 0
    while left > 0:
        clusters += 1
        left -= 1
        stack[0] = unseen[left]
        depth = 1
        while depth > 0:
            depth -= 1
            i = stack[depth]
            place = 0
            while place < left:
                j = unseen[place]
                inner = 0.0
                for c in range(d):
                    inner += x[c, i] * x[c, j]
                if inner > threshold:
                    stack[depth] = j
                    depth += 1
                    left -= 1
                    unseen[place] = unseen[left]
                else:
                    place += 1
    return clusters


@njit(**_MODEL)
def second_moment(x, particles, out):
    """The smaller of the Gram matrix (n x n) and X^T X (d x d); returns its size. They share the non-zero spectrum."""
    d = x.shape[0]
    if d <= particles:
        for a in range(d):
            for b in range(a + 1):
                total = 0.0
                for i in range(particles):
                    total += x[a, i] * x[b, i]
                out[a, b] = total
                out[b, a] = total
        return d
    for i in range(particles):
        for j in range(i + 1):
            total = 0.0
            for c in range(d):
                total += x[c, i] * x[c, j]
            out[i, j] = total
            out[j, i] = total
    return particles


@njit(**_MODEL)
def span_dimension(matrix, size, threshold):
    """Number of eigenvalues of a symmetric matrix above ``threshold`` (> 0), by Sylvester's law of inertia.

    The pivots of the elimination of matrix - threshold I have the signs of its
    eigenvalues. ``matrix`` is overwritten. Costs size**3 / 3 instead of a whole spectrum.
    """
    for a in range(size):
        matrix[a, a] -= threshold
    positive = 0
    for k in range(size):
        pivot = matrix[k, k]
        if pivot == 0.0:
            pivot = -_TINY
        if pivot > 0.0:
            positive += 1
        for a in range(k + 1, size):
            factor = matrix[a, k] / pivot
            for b in range(k + 1, size):
                matrix[a, b] -= factor * matrix[k, b]
    return positive


def span_dimension_of(points: np.ndarray, threshold: float) -> int:
    """Eigenvalues above ``threshold`` of the Gram matrix of points (n, d), as the kernels count them."""
    x = np.ascontiguousarray(points.T)
    work = np.empty((min(x.shape), min(x.shape)))
    return int(span_dimension(work, second_moment(x, x.shape[1], work), threshold))
