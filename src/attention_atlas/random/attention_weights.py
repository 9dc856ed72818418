"""Random weight matrices of attention: Q^T K and V, all with entries of order one.

Gaussian product: A B / sqrt(d) with A, B of independent standard normals.
Wigner: symmetric, standard normals on and above the diagonal. GOE: the same with
variance 2 on the diagonal, (G + G^T) / sqrt(2). Wishart-like: G G^T / sqrt(d).

Matrices of linear layers, for Q, K and V each by itself: independent entries, uniform in +-1/sqrt(d) (what PyTorch's
``nn.Linear`` starts with: Kaiming's uniform law at a = sqrt(5)), normal of variance 2/d (Kaiming's normal law) or of variance 1/d.
"""

import numpy as np

from attention_atlas.errors import AtlasError

__all__ = ["LINEAR_LAYERS", "QUERY_KEYS", "VALUES", "draw_linear", "draw_weights"]

QUERY_KEYS = ("gaussian", "wigner", "goe", "identity")
VALUES = ("identity", "wishart", "plus", "minus")
LINEAR_LAYERS = ("kaiming_uniform", "kaiming_normal", "normal")


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
    matrices = _query_keys(generator, query_key, shape)
    if value == "identity":
        return matrices, None
    if value == "wishart":
        root = generator.standard_normal(shape)
        return matrices, root @ np.swapaxes(root, 1, 2) / scale
    return matrices, matrices if value == "plus" else -matrices


def _query_keys(generator: np.random.Generator, kind: str, shape: tuple[int, int, int]) -> np.ndarray:
    if kind == "identity":
        return np.tile(np.eye(shape[-1]), (shape[0], 1, 1))
    first = generator.standard_normal(shape)
    if kind == "gaussian":
        return first @ generator.standard_normal(shape) / np.sqrt(shape[-1])
    if kind == "goe":
        return (first + np.swapaxes(first, 1, 2)) / np.sqrt(2)
    return np.triu(first) + np.swapaxes(np.triu(first, 1), 1, 2)


def draw_linear(key: tuple[int, ...], kind: str, dimension: int) -> np.ndarray:
    """The (d, d) matrix of a linear layer; ``key`` alone decides the numbers.

    Raises
    ------
    AtlasError
        ``kind`` is not one of ``LINEAR_LAYERS``.
    """
    if kind not in LINEAR_LAYERS:
        raise AtlasError(f"weights: {kind!r} is not known; give one of {', '.join(LINEAR_LAYERS)}")
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(list(key))))
    if kind == "kaiming_uniform":
        return generator.uniform(-1.0, 1.0, (dimension, dimension)) / np.sqrt(dimension)
    scale = np.sqrt((2.0 if kind == "kaiming_normal" else 1.0) / dimension)
    return generator.standard_normal((dimension, dimension)) * scale
