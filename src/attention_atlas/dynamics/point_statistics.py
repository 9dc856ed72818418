"""Clusters and span of one set of points inside kernels (coordinate c of point i is ``x[c, i]``)."""

import numpy as np
from numba import njit

__all__ = ["cluster_count", "gram_matrix", "second_moment", "span_dimension", "span_dimension_of"]

_MODEL = {"cache": True, "error_model": "numpy"}
# sums whose order the compiler may choose, so that they run in lanes
_SUMS = {**_MODEL, "fastmath": {"reassoc", "contract", "nsz"}}
# A pivot that is exactly zero gets this size: the count is then one of the two neighbours' counts.
_TINY = 1e-300


@njit(**_MODEL)
def gram_matrix(x, particles, gram):
    """gram[i, j] = <x_i, x_j>, both halves; ``gram`` is (particles, particles)."""
    d = x.shape[0]
    gram[:] = 0.0
    for i in range(particles):
        for c in range(d):
            factor = x[c, i]
            for j in range(particles):
                gram[i, j] += factor * x[c, j]


@njit(**_MODEL)
def cluster_count(gram, threshold, stack, unseen):
    """Connected components of the graph that joins i and j when gram[i, j] > threshold.

    ``stack`` and ``unseen`` are integer scratch, one entry a particle.
    """
    particles = gram.shape[0]
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
                if gram[i, j] > threshold:
                    stack[depth] = j
                    depth += 1
                    left -= 1
                    unseen[place] = unseen[left]
                else:
                    place += 1
    return clusters


@njit(**_SUMS)
def second_moment(x, particles, out):
    """sum_i x_i x_i^T, (d, d): the same non-zero spectrum as the Gram matrix. Only the lower half is written."""
    d = x.shape[0]
    for a in range(d):
        for b in range(a + 1):
            total = 0.0
            for i in range(particles):
                total += x[a, i] * x[b, i]
            out[a, b] = total


@njit(**_MODEL)
def span_dimension(matrix, threshold, row):
    """Number of eigenvalues of a symmetric matrix above ``threshold`` (> 0), by Sylvester's law of inertia.

    The pivots of the elimination of matrix - threshold I have the signs of its
    eigenvalues. Reads and overwrites the lower half; ``row`` is scratch of
    one row. Costs size**3 / 6 instead of a whole spectrum.
    """
    size = matrix.shape[0]
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
            row[a] = matrix[a, k]
        for a in range(k + 1, size):
            factor = row[a] / pivot
            for b in range(k + 1, a + 1):
                matrix[a, b] -= factor * row[b]
    return positive


def span_dimension_of(points: np.ndarray, threshold: float) -> int:
    """Eigenvalues above ``threshold`` of the Gram matrix of points (n, d), as the kernels count them."""
    x = np.ascontiguousarray(points.T)
    d, n = x.shape
    matrix = np.empty((min(n, d), min(n, d)))
    if d <= n:
        second_moment(x, n, matrix)
    else:
        gram_matrix(x, n, matrix)
    return int(span_dimension(matrix, threshold, np.empty(len(matrix))))
