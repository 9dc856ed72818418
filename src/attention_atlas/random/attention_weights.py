"""Random weight matrices of attention: Q^T K and V, all with entries of order one.

Gaussian product: A B / sqrt(d) with A, B of independent standard normals.
Wigner: symmetric, standard normals on and above the diagonal. GOE: the same with
variance 2 on the diagonal, (G + G^T) / sqrt(2). Wishart-like: G G^T / sqrt(d).
"""

import numpy as np

from attention_atlas.errors import AtlasError

__all__ = ["QUERY_KEYS", "VALUES", "draw_weights"]

QUERY_KEYS = ("gaussian", "wigner", "goe")
VALUES = ("identity", "wishart", "plus", "minus")


def draw_weights(
    key: tuple[int, ...], query_key: str, value: str, dimension: int, layers: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """Matrices Q^T K and V of ``layers`` layers, each (layers, d, d); V is None for the identity.

    ``key`` (seed and indices) alone decides the numbers, through NumPy's counter-based Philox generator.
    """
    if query_key not in QUERY_KEYS or value not in VALUES:
        raise AtlasError(
            f"weights: {query_key!r}, {value!r} are not known; give one of {', '.join(QUERY_KEYS)} "
            f"and one of {', '.join(VALUES)}"
        )
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(list(key))))
    shape, scale = (layers, dimension, dimension), np.sqrt(dimension)
    first = generator.standard_normal(shape)
    if query_key == "gaussian":
        matrices = first @ generator.standard_normal(shape) / scale
    elif query_key == "goe":
        matrices = (first + np.swapaxes(first, 1, 2)) / np.sqrt(2)
    else:
        matrices = np.triu(first) + np.swapaxes(np.triu(first, 1), 1, 2)
    if value == "identity":
        return matrices, None
    if value == "wishart":
        root = generator.standard_normal(shape)
        return matrices, root @ np.swapaxes(root, 1, 2) / scale
    return matrices, matrices if value == "plus" else -matrices
