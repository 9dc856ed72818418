"""Types of what the kernels of attention hand to one another, compiled one by one (see ``numerics.separate``)."""

from numba import typeof, types

from attention_atlas.dynamics.attention.law import Law

__all__ = [
    "COUNTS",
    "FORMS",
    "GRAPH",
    "INT",
    "INTS",
    "LAW",
    "LIMITS",
    "MATRICES",
    "MATRIX",
    "NONE",
    "POSITIONS",
    "REAL",
    "SPACE",
    "STACK",
    "TRUTH",
    "VECTOR",
    "WORDS",
]

INT, REAL, TRUTH, NONE = types.int64, types.float64, types.boolean, types.none
VECTOR, MATRIX, STACK = types.float64[::1], types.float64[:, ::1], types.float64[:, :, ::1]
INTS, COUNTS = types.int64[::1], types.int64[:, ::1]
GRAPH, WORDS = types.uint8[:, ::1], types.uint64[:, ::1]
LAW = typeof(Law(0, 0, 0, 1, 2, 8, 1, 1, 0, 1.0, 1.0, 1.0, 0.0, 1.0, True, False))
POSITIONS = types.float64[:, :, :, ::1]
# weights of the heads and forms of their matrices; matrices of keys and values
FORMS, MATRICES = types.Tuple((VECTOR, INTS, INTS)), types.UniTuple(STACK, 2)
# working memory: rows of tokens, tables of the law, pulls, sums
SPACE = types.Tuple((MATRIX, STACK, VECTOR, MATRIX))
LIMITS = types.UniTuple(types.float64, 3)
