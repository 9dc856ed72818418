"""Heads of attention and their matrices: given, or drawn once, for each run or for each layer."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.errors import AtlasError
from attention_atlas.random.attention_weights import (
    LINEAR_LAYERS,
    QUERY_KEYS,
    VALUES,
    draw_linear,
    draw_weights,
)

__all__ = ["DRAWN", "FORMS", "Head", "Matrices", "checked_heads", "layer_matrices", "random_heads"]

# How often random matrices are drawn: once for all, for each run, for each layer (the same in all runs), for each of both.
DRAWN = ("once", "run", "layer", "run_and_layer")
# How a matrix is stored; the place of a name is its code in the kernels.
FORMS = ("identity", "multiple", "diagonal", "matrix")
# A second key of random numbers that no other purpose uses
PURPOSE = 7

Matrix = None | float | np.ndarray | str


class Head(NamedTuple):
    """One head: its pull is ``weight`` times sum_j A_ij V x_j, A of the scores beta <Q x_i, K x_j>.

    ``query``, ``key``, ``value``, or ``query_key`` for the product Q^T K in place of the first two: None (the identity),
    a number (a multiple of it), d numbers (a diagonal), a (d, d) matrix, a stack (R, d, d) of one for each run, or
    the name of a random kind.
    """

    weight: float = 1.0
    query: Any = None
    key: Any = None
    query_key: Any = None
    value: Any = None


class Matrices(NamedTuple):
    """Matrices of S sets of weights of H heads, as the kernels take them.

    Attributes
    ----------
    scale : (H,) weights of the heads
    key_form, value_form : (H,) codes of ``FORMS``
    keys, values : (S, H, d, d); of a multiple the entry [0, 0] counts, of a diagonal the row [0]; (S, H, 0, 0) if all identities
    set_of_run : (R,) which set a run uses
    """

    scale: np.ndarray
    key_form: np.ndarray
    value_form: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    set_of_run: np.ndarray


def _checked_matrix(name: str, given: Any, runs: int, dimension: int, kinds: Sequence[str]) -> Matrix:
    if given is None or (isinstance(given, str) and given == "identity"):
        return None
    if isinstance(given, str):
        if given not in kinds:
            raise AtlasError(f"{name}: {given!r} is no random kind here; give one of {', '.join(kinds)}, or numbers")
        return given
    try:
        matrix = np.asarray(given)
        if matrix.dtype.kind not in "iuf":
            raise TypeError
    except (TypeError, ValueError):
        raise AtlasError(f"{name}: it is no array of real numbers; give a number, a diagonal or a matrix") from None
    matrix = matrix.astype(float)
    shapes = ((), (dimension,), (dimension, dimension), (runs, dimension, dimension))
    if matrix.shape not in shapes or not np.isfinite(matrix).all():
        raise AtlasError(
            f"{name}: shape {matrix.shape} or a number that is not finite; give finite numbers of one of the shapes "
            f"{', '.join(str(shape) for shape in shapes)}"
        )
    return float(matrix) if matrix.ndim == 0 else matrix


def _checked_head(head: Any, runs: int, dimension: int) -> Head:
    if isinstance(head, Mapping):
        unknown = sorted(set(head) - set(Head._fields))
        if unknown:
            raise AtlasError(f"heads: {unknown[0]!r} is not known; a head has {', '.join(Head._fields)}")
        head = Head(**head)
    if not isinstance(head, Head):
        raise AtlasError("heads: a head is neither a table nor a Head; give weight, query, key, query_key or value")
    weight = head.weight
    if isinstance(weight, bool) or not isinstance(weight, int | float | np.integer | np.floating):
        raise AtlasError(f"heads: the weight {weight!r} is no number; give one")
    if not math.isfinite(weight):
        raise AtlasError(f"heads: the weight {weight} is not finite; give a finite number")
    if head.query_key is not None and (head.query is not None or head.key is not None):
        raise AtlasError("query_key: it stands for the product of query and key; leave those out, or it")
    checked = Head(
        float(weight),
        _checked_matrix("query", head.query, runs, dimension, LINEAR_LAYERS),
        _checked_matrix("key", head.key, runs, dimension, LINEAR_LAYERS),
        _checked_matrix("query_key", head.query_key, runs, dimension, QUERY_KEYS),
        _checked_matrix("value", head.value, runs, dimension, (*VALUES, *LINEAR_LAYERS)),
    )
    if isinstance(checked.value, str) and checked.value in ("plus", "minus") and not isinstance(checked.query_key, str):
        raise AtlasError(
            f"value: {checked.value!r} is plus or minus the random Q^T K; give query_key: {', '.join(QUERY_KEYS)}"
        )
    return checked


def checked_heads(
    heads: int | Sequence[Head | Mapping[str, Any]] | None,
    query: ArrayLike | str | None,
    key: ArrayLike | str | None,
    query_key: ArrayLike | str | None,
    value: ArrayLike | str | None,
    runs: int,
    dimension: int,
) -> tuple[Head, ...]:
    """The heads of a call: one of the four matrices, ``heads`` equal ones of them, or a list of heads of their own.

    Raises
    ------
    AtlasError
        A matrix of a wrong shape or kind, or matrices beside a list of heads.
    """
    if heads is None or isinstance(heads, int | np.integer):
        count = 1 if heads is None else int(heads)
        if isinstance(heads, bool) or not 1 <= count <= 256:
            raise AtlasError(f"heads: {heads} is outside the bounds 1 to 256; choose a number between them")
        head = _checked_head(Head(1.0 / count, query, key, query_key, value), runs, dimension)
        return (head,) * count
    if any(matrix is not None for matrix in (query, key, query_key, value)):
        raise AtlasError("heads: each head of a list has matrices of its own; give none beside the list")
    if isinstance(heads, str | Mapping) or not isinstance(heads, Sequence) or not 1 <= len(heads) <= 256:
        raise AtlasError("heads: it is neither a number nor a list of 1 to 256 heads; give one of them")
    return tuple(_checked_head(head, runs, dimension) for head in heads)


def random_heads(heads: Sequence[Head]) -> bool:
    """Whether any matrix is drawn."""
    return any(isinstance(matrix, str) for head in heads for matrix in head[1:])


def _draw(head: Head, dimension: int, key: tuple[int, ...]) -> Head:
    """The head with its random matrices drawn; ``key`` alone decides the numbers."""
    query_key, value = head.query_key, head.value
    random_product = isinstance(query_key, str)
    random_value = isinstance(value, str) and value in VALUES
    if random_product or random_value:
        product, own = draw_weights(
            (*key, 0),
            query_key if random_product else QUERY_KEYS[0],
            value if random_value else "identity",
            dimension,
            1,
        )
        query_key = product[0] if random_product else query_key
        value = own[0] if random_value and own is not None else value
    drawn = {
        name: draw_linear((*key, place), matrix, dimension) if isinstance(matrix, str) else matrix
        for place, (name, matrix) in enumerate({"query": head.query, "key": head.key, "value": value}.items(), 1)
    }
    return Head(head.weight, drawn["query"], drawn["key"], query_key, drawn["value"])


def _of_run(matrix: Matrix, run: int) -> Matrix:
    return matrix[run] if isinstance(matrix, np.ndarray) and matrix.ndim == 3 else matrix


def _product(left: Matrix, right: Matrix) -> Matrix:
    """left^T right in the narrowest form."""
    if left is None or right is None:
        return right if left is None else _transposed(left)
    if isinstance(left, float) or isinstance(right, float):
        return left * right if isinstance(left, float) else right * _transposed(left)  # type: ignore[operator]
    assert isinstance(left, np.ndarray) and isinstance(right, np.ndarray)
    if left.ndim == 1 or right.ndim == 1:
        return left * right if left.ndim == right.ndim else _with_diagonal(left, right)
    return left.T @ right


def _transposed(matrix: Matrix) -> Matrix:
    return matrix.T if isinstance(matrix, np.ndarray) else matrix


def _with_diagonal(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return left[:, None] * right if left.ndim == 1 else left.T * right[None, :]


def _form(matrix: Matrix) -> int:
    return 0 if matrix is None else 1 + np.ndim(matrix)


def _stored(matrices: list[list[Matrix]], dimension: int) -> np.ndarray:
    """(S, H, d, d), or (S, H, 0, 0) if there is nothing to store."""
    if all(matrix is None for row in matrices for matrix in row):
        return np.zeros((len(matrices), len(matrices[0]), 0, 0))
    stored = np.zeros((len(matrices), len(matrices[0]), dimension, dimension))
    for place, row in enumerate(matrices):
        for head, matrix in enumerate(row):
            if isinstance(matrix, float):
                stored[place, head, 0, 0] = matrix
            elif isinstance(matrix, np.ndarray) and matrix.ndim == 1:
                stored[place, head, 0] = matrix
            elif isinstance(matrix, np.ndarray):
                stored[place, head] = matrix
    return stored


def layer_matrices(
    heads: Sequence[Head], drawn: str, seed: int, run_numbers: np.ndarray, layer: int, dimension: int
) -> Matrices:
    """The matrices of all heads in one layer.

    Random ones depend on (seed, head, and as ``drawn`` says on the layer and the global number of the run) only.
    """
    by_run = any(isinstance(matrix, np.ndarray) and matrix.ndim == 3 for head in heads for matrix in head[1:])
    by_run = by_run or (random_heads(heads) and drawn in ("run", "run_and_layer"))
    layer = layer if drawn in ("layer", "run_and_layer") else 0
    keys: list[list[Matrix]] = []
    values: list[list[Matrix]] = []
    for place in range(len(run_numbers) if by_run else 1):
        number = int(run_numbers[place]) if drawn in ("run", "run_and_layer") else 0
        row = [
            _draw(Head(head.weight, *(_of_run(matrix, place) for matrix in head[1:])), dimension, key)
            for head, key in ((head, (seed, PURPOSE, h, layer, number)) for h, head in enumerate(heads))
        ]
        keys.append([_product(head.query, head.key) if head.query_key is None else head.query_key for head in row])
        values.append([head.value for head in row])
    return Matrices(
        np.array([head.weight for head in heads]),
        np.array([_form(matrix) for matrix in keys[0]]),
        np.array([_form(matrix) for matrix in values[0]]),
        _stored(keys, dimension),
        _stored(values, dimension),
        np.arange(len(run_numbers)) if by_run else np.zeros(len(run_numbers), dtype=np.int64),
    )
