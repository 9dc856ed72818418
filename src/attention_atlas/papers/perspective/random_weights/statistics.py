"""Close pairs, clusters and span of eight systems at once, from their inner products.

``products`` is the triangle of ``vector_kernels``: <x_i, x_j> of the pairs j < i of unit vectors. A particle may stand for several in
one place: ``masses`` has n vectors of how many. One of mass 0 is next to another, so that it forms no cluster.
"""

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import (
    BLOCK,
    NATIVE,
    above,
    load_block,
    load_native,
    sqrt,
    store,
    sum_of_vectors,
    uniform_block,
    uniform_native,
)

__all__ = ["cluster_counts", "count_above", "span_dimensions"]

# A pivot that is exactly zero gets this size: the count is then one of the two neighbours' counts.
_TINY = 1e-300


@inner
def count_above(products, masses, n, threshold):
    """How many of the pairs of each system are above the threshold, without those inside a particle that stands for several."""
    total, pair = uniform_native(0.0), 0
    for i in range(n):
        four, blocks = uniform_block(0.0), (i - i % 4) * NATIVE
        for j in range(0, blocks, BLOCK):
            four = four + load_block(masses, j) * above(load_block(products, pair + j), threshold)
        near = sum_of_vectors(four)
        for j in range(blocks, i * NATIVE, NATIVE):
            near = near + load_native(masses, j) * above(load_native(products, pair + j), threshold)
        total = total + near * load_native(masses, i * NATIVE)
        pair += i * NATIVE
    return total


@inner
def cluster_counts(products, n, threshold, labels, changes):
    """Connected components of the graph that joins i and j when <x_i, x_j> > threshold.

    Each particle takes the lower label of two that are joined, until nothing changes: the label is then the lowest
    number of the component. ``labels`` (n * NATIVE) and ``changes`` (NATIVE) are scratch.
    """
    for i in range(n):
        store(labels, i * NATIVE, uniform_native(float(i)))
    moving = True
    while moving:
        change = uniform_native(0.0)
        pair = 0
        for i in range(n):
            mine = load_native(labels, i * NATIVE)
            for j in range(0, i * NATIVE, NATIVE):
                other = load_native(labels, j)
                difference = (mine - other) * above(load_native(products, pair), threshold)
                down = difference * above(difference, 0.0)
                mine = mine - down
                store(labels, j, other + (difference - down))
                change = change + difference * difference
                pair += NATIVE
            store(labels, i * NATIVE, mine)
        store(changes, 0, change)
        moving = changes.sum() > 0.0
    roots = uniform_native(0.0)
    for i in range(n):
        roots = roots + above(load_native(labels, i * NATIVE), i - 0.5)
    return roots


@inner
def _weigh(products, masses, n, roots):
    """sqrt(m_i m_j) <x_i, x_j>, whose matrix has the eigenvalues of the Gram matrix of all that the particles stand for."""
    pair = 0
    for i in range(n):
        root = sqrt(load_native(masses, i * NATIVE))
        store(roots, i * NATIVE, root)
        for j in range(0, i * NATIVE, NATIVE):
            store(products, pair, load_native(products, pair) * (root * load_native(roots, j)))
            pair += NATIVE


@inner
def span_dimensions(products, masses, n, threshold, rows):
    """Eigenvalues of the Gram matrix above ``threshold`` (> 0), by Sylvester's law of inertia.

    The pivots of the elimination of Gram - threshold I have the signs of its eigenvalues. Overwrites
    ``products``; ``rows`` is scratch of 2 n vectors.
    """
    _weigh(products, masses, n, rows)
    diagonal = n * NATIVE
    for i in range(n):
        store(rows, diagonal + i * NATIVE, load_native(masses, i * NATIVE) - threshold)
    positive = uniform_native(0.0)
    for k in range(n):
        pivot = load_native(rows, diagonal + k * NATIVE)
        sign = above(pivot, 0.0)
        positive = positive + sign
        pivot = pivot - (1.0 - sign - above(0.0 - pivot, 0.0)) * _TINY
        inverse = 1.0 / pivot
        for i in range(k + 1, n):
            at = i * (i - 1) // 2 * NATIVE
            mine = load_native(products, at + k * NATIVE)
            store(rows, i * NATIVE, mine)
            factor = mine * inverse
            for j in range(k + 1, i):
                place = at + j * NATIVE
                store(products, place, load_native(products, place) - factor * load_native(rows, j * NATIVE))
            store(rows, diagonal + i * NATIVE, load_native(rows, diagonal + i * NATIVE) - factor * mine)
    return positive
