"""Close pairs, clusters and span of eight systems at once, from their inner products.

``products`` is the triangle of ``attention_octets``: <x_i, x_j> of the pairs j < i of unit vectors.
"""

from numba import njit

from attention_atlas.numerics.vectors import (
    BLOCK,
    OCTET,
    above,
    load_block,
    load_octet,
    store,
    sum_of_octets,
    uniform_block,
    uniform_octet,
)

__all__ = ["cluster_counts", "count_above", "span_dimensions"]

_MODEL = {"cache": True, "error_model": "numpy"}
# A pivot that is exactly zero gets this size: the count is then one of the two neighbours' counts.
_TINY = 1e-300


@njit(**_MODEL)
def count_above(products, n, threshold):
    """How many of the pairs of each system are above the threshold."""
    size = n * (n - 1) // 2 * OCTET
    blocks = size - size % BLOCK
    total = uniform_block(0.0)
    for at in range(0, blocks, BLOCK):
        total = total + above(load_block(products, at), threshold)
    rest = sum_of_octets(total)
    for at in range(blocks, size, OCTET):
        rest = rest + above(load_octet(products, at), threshold)
    return rest


@njit(**_MODEL)
def cluster_counts(products, n, threshold, labels, changes):
    """Connected components of the graph that joins i and j when <x_i, x_j> > threshold.

    Each particle takes the lower label of two that are joined, until nothing changes: the label is then the lowest
    number of the component. ``labels`` (n * OCTET) and ``changes`` (OCTET) are scratch.
    """
    for i in range(n):
        store(labels, i * OCTET, uniform_octet(float(i)))
    moving = True
    while moving:
        change = uniform_octet(0.0)
        pair = 0
        for i in range(n):
            mine = load_octet(labels, i * OCTET)
            for j in range(0, i * OCTET, OCTET):
                other = load_octet(labels, j)
                difference = (mine - other) * above(load_octet(products, pair), threshold)
                down = difference * above(difference, 0.0)
                mine = mine - down
                store(labels, j, other + (difference - down))
                change = change + difference * difference
                pair += OCTET
            store(labels, i * OCTET, mine)
        store(changes, 0, change)
        moving = changes.sum() > 0.0
    roots = uniform_octet(0.0)
    for i in range(n):
        roots = roots + above(load_octet(labels, i * OCTET), i - 0.5)
    return roots


@njit(**_MODEL)
def span_dimensions(products, n, threshold, rows):
    """Eigenvalues of the Gram matrix above ``threshold`` (> 0), by Sylvester's law of inertia.

    The pivots of the elimination of Gram - threshold I have the signs of its eigenvalues. Overwrites
    ``products``; ``rows`` is scratch of 2 n octets.
    """
    diagonal = n * OCTET
    for i in range(n):
        store(rows, diagonal + i * OCTET, uniform_octet(1.0 - threshold))
    positive = uniform_octet(0.0)
    for k in range(n):
        pivot = load_octet(rows, diagonal + k * OCTET)
        sign = above(pivot, 0.0)
        positive = positive + sign
        pivot = pivot - (1.0 - sign - above(0.0 - pivot, 0.0)) * _TINY
        inverse = 1.0 / pivot
        for i in range(k + 1, n):
            at = i * (i - 1) // 2 * OCTET
            mine = load_octet(products, at + k * OCTET)
            store(rows, i * OCTET, mine)
            factor = mine * inverse
            for j in range(k + 1, i):
                place = at + j * OCTET
                store(products, place, load_octet(products, place) - factor * load_octet(rows, j * OCTET))
            store(rows, diagonal + i * OCTET, load_octet(rows, diagonal + i * OCTET) - factor * mine)
    return positive
