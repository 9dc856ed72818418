"""Weights of the 1-bit attention network and their correlations with the output.

Source of the model: Poc-López and Aguilera, "Dynamical Mean-Field Theory of
Self-Attention Neural Networks". The map of infinite size sees the semantic weights
only through their correlations with the output matrix.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attention_atlas.errors import AtlasError

__all__ = [
    "FIELDS",
    "KEY",
    "OUTPUT",
    "QUERY",
    "VALUE",
    "Correlations",
    "Weights",
    "correlations_of",
    "explicit_weights",
    "gaussian_correlations",
    "manual_correlations",
    "mean_correlations",
    "random_weights",
    "segment_weights",
]

# Order of the four matrices in every array below
OUTPUT, VALUE, QUERY, KEY = range(4)
FIELDS = ("output", "value", "query", "key")
PATTERNS = (1, 2, 3)
# The published figures: three segments of 33 spins
SEGMENTS = 3
SEGMENT_SPINS = 33


class Weights(NamedTuple):
    """Weights ±1 of the four matrices, in the order of ``FIELDS``.

    semantic : (4, M, N) int8
    positional : (4, M, B) int8
    """

    semantic: NDArray[np.int8]
    positional: NDArray[np.int8]


class Correlations(NamedTuple):
    """What the map of infinite size needs to know of the semantic weights.

    pair : (4, M, M), C^alpha_ba = (1/N) sum_i W^o_bi W^alpha_ai, indexed [alpha, b, a]
    quad : (4, M), (1/N) sum_i W^o_1i W^o_2i W^o_3i W^alpha_ai for M = 3, else zeros
    positional : (4, M, B) weights of the positional bits
    """

    pair: NDArray[np.float64]
    quad: NDArray[np.float64]
    positional: NDArray[np.float64]


def check_patterns(patterns: int) -> None:
    """M must have closed-form correlations."""
    if patterns not in PATTERNS:
        raise AtlasError(
            f"patterns: M = {patterns} is outside 1 to 3, the numbers of patterns whose correlations the theory gives;"
            " choose 1, 2 or 3"
        )


def check_bits(bits: int) -> None:
    if not 1 <= bits <= 8:
        raise AtlasError(
            f"positional_bits: B = {bits} is outside 1 to 8 (a window of up to 256 tokens); choose one of these"
        )


def segment_weights(
    seed: int, patterns: int = 3, bits: int = 2, segments: int = SEGMENTS, segment_spins: int = SEGMENT_SPINS
) -> Weights:
    """Weights that are constant over ``segments`` segments of spins.

    NumPy's legacy generator in the order of the published figures: a block of
    M x 99 bits that is thrown away, such blocks for o, v, q and k whose last B
    columns become the positional weights, then one bit for each matrix, pattern and
    segment. The blocks have 99 columns whatever the segments, so that a seed
    gives the same positional weights for every N.

    Raises
    ------
    AtlasError
        M outside 1 to 3, B outside 1 to 8, a negative seed or no spins.
    """
    check_patterns(patterns)
    check_bits(bits)
    if not 0 <= seed < 2**32:
        raise AtlasError(
            f"seed: {seed} is outside 0 <= seed < 2**32, the range of the legacy generator; choose one inside"
        )
    if segments < 1 or segment_spins < 1:
        raise AtlasError(
            f"segments, segment_spins: {segments} x {segment_spins} leaves no spins; set both to at least 1"
        )
    generator = np.random.RandomState(seed)
    width = SEGMENTS * SEGMENT_SPINS
    generator.randint(2, size=(patterns, width))
    blocks = np.array([generator.randint(2, size=(patterns, width)) for _ in FIELDS])
    signs = np.array([generator.randint(2) for _ in range(4 * patterns * segments)]).reshape(4, patterns, segments)
    semantic = np.repeat(2 * signs - 1, segment_spins, axis=2)
    positional = 2 * blocks[:, :, width - bits :] - 1
    return Weights(semantic.astype(np.int8), positional.astype(np.int8))


def _legacy_blocks(seed: int, patterns: int, bits: int, spins: int) -> tuple[np.random.RandomState, Weights]:
    """The legacy generator after a block that is thrown away, those of o, v, q and k, and their positional ones; and these weights."""
    check_patterns(patterns)
    check_bits(bits)
    if not 0 <= seed < 2**32 or spins < 1:
        raise AtlasError(f"seed, spins: {seed} and {spins} do not fit; set 0 <= seed < 2**32 and at least 1 spin")
    generator = np.random.RandomState(seed)
    generator.randint(2, size=(patterns, spins))
    semantic = np.array([generator.randint(2, size=(patterns, spins)) for _ in FIELDS])
    positional = np.array([generator.randint(2, size=(patterns, bits)) for _ in FIELDS])
    return generator, Weights((2 * semantic - 1).astype(np.int8), (2 * positional - 1).astype(np.int8))


def random_weights(seed: int, patterns: int = 3, bits: int = 2, spins: int = SEGMENTS * SEGMENT_SPINS) -> Weights:
    """Weights with a bit of its own for every spin, from NumPy's legacy generator: correlations of order N^(-1/2).

    Raises
    ------
    AtlasError
        M outside 1 to 3, B outside 1 to 8, a negative seed or no spins.
    """
    return _legacy_blocks(seed, patterns, bits, spins)[1]


def explicit_weights(semantic: ArrayLike, positional: ArrayLike) -> Weights:
    """Weights given as arrays (4, M, N) and (4, M, B) of ±1.

    Raises
    ------
    AtlasError
        Wrong shapes, or entries other than ±1.
    """
    spins, bits = np.asarray(semantic), np.asarray(positional)
    if spins.ndim != 3 or bits.ndim != 3 or spins.shape[0] != 4 or bits.shape[:2] != spins.shape[:2] or not spins.size:
        raise AtlasError(
            f"weights: shapes {spins.shape} and {bits.shape} do not fit; give (4, M, N) semantic and (4, M, B)"
            " positional weights, matrices in the order output, value, query, key"
        )
    check_patterns(spins.shape[1])
    check_bits(bits.shape[2])
    for name, array in (("semantic", spins), ("positional", bits)):
        if not np.isin(array, (-1, 1)).all():
            raise AtlasError(f"weights: the {name} weights hold values other than -1 and 1; 1-bit weights are -1 or 1")
    return Weights(spins.astype(np.int8), bits.astype(np.int8))


def correlations_of(weights: Weights) -> Correlations:
    """Correlations of the semantic weights with the output matrix."""
    semantic = weights.semantic.astype(np.int64)
    patterns, spins = semantic.shape[1:]
    output = semantic[OUTPUT]
    pair = np.einsum("bi,fai->fba", output, semantic) / spins
    quad = np.zeros((4, patterns))
    if patterns == 3:
        quad = np.einsum("i,fai->fa", output.prod(axis=0), semantic) / spins
    return Correlations(pair, quad, weights.positional.astype(np.float64))


def gaussian_correlations(seed: int, patterns: int = 3, bits: int = 2, deviation: float = 1.0) -> Correlations:
    """Normal correlations of standard deviation ``deviation``, clipped to [-1, 1], and random positional bits.

    Those of the output matrix with itself are symmetric, 1 on the diagonal, and
    fix its fourth-order ones. Drawn by Philox, keyed by the seed alone.

    Raises
    ------
    AtlasError
        M outside 1 to 3, B outside 1 to 8, or a deviation that is not positive.
    """
    check_patterns(patterns)
    check_bits(bits)
    if not (np.isfinite(deviation) and deviation > 0):
        raise AtlasError(
            f"deviation: {deviation} is not a positive number; set the standard deviation of the correlations"
        )
    generator = np.random.Generator(np.random.Philox(key=seed))
    pair = np.clip(deviation * generator.standard_normal((4, patterns, patterns)), -1.0, 1.0)
    quad = np.clip(deviation * generator.standard_normal((4, patterns)), -1.0, 1.0)
    upper = np.triu(pair[OUTPUT], 1)
    pair[OUTPUT] = upper + upper.T + np.eye(patterns)
    if patterns == 3:  # W^o_1 W^o_2 W^o_3 W^o_a is the product of the other two rows
        quad[OUTPUT] = pair[OUTPUT, [1, 0, 0], [2, 2, 1]]
    else:
        quad[:] = 0.0
    positional = 2.0 * generator.integers(0, 2, (4, patterns, bits)).astype(np.float64) - 1.0
    return Correlations(pair, quad, positional)


def mean_correlations(seed: int, patterns: int = 3, bits: int = 2) -> Correlations:
    """Correlations of spins that are independent with means mu^alpha_a, uniform in [0, 1): C^alpha_ba = mu^o_b mu^alpha_a.

    Those of the output matrix with itself are 1 on the diagonal, and its fourth-order ones the products of the two other
    means. Drawn by NumPy's legacy generator behind the blocks of random weights, the means in the order o, v, q, k.

    Raises
    ------
    AtlasError
        M outside 1 to 3, B outside 1 to 8, or a negative seed.
    """
    generator, weights = _legacy_blocks(seed, patterns, bits, SEGMENTS * SEGMENT_SPINS)
    means = np.array([generator.random_sample(patterns) for _ in FIELDS])
    pair = np.einsum("b,fa->fba", means[OUTPUT], means)
    np.fill_diagonal(pair[OUTPUT], 1.0)
    quad = np.zeros((4, patterns))
    if patterns == 3:
        quad = means[OUTPUT].prod() * means
        quad[OUTPUT] = means[OUTPUT, [1, 0, 0]] * means[OUTPUT, [2, 2, 1]]
    return Correlations(pair, quad, weights.positional.astype(np.float64))


def manual_correlations(orders: ArrayLike, bits: int = 2) -> Correlations:
    """Correlations of matrices that hold the same M independent patterns in the orders (4, M): 1 where they agree, else 0.

    With q, k, o in one order and v shifted, attention finds the token that equals the query's and gives the next one: a memory
    of a sequence. Fourth-order correlations and positional weights are 0.

    Raises
    ------
    AtlasError
        Orders that do not hold each of 0 .. M-1 once, or B outside 1 to 8.
    """
    numbers = np.asarray(orders)
    if numbers.ndim != 2 or len(numbers) != 4 or (np.sort(numbers, axis=1) != np.arange(numbers.shape[1])).any():
        raise AtlasError(
            f"orders: {numbers.tolist()} do not hold each pattern once; give 4 rows (o, v, q, k) of the numbers 0 to M-1"
        )
    patterns = numbers.shape[1]
    check_patterns(patterns)
    check_bits(bits)
    pair = (numbers[OUTPUT][None, :, None] == numbers[:, None, :]).astype(np.float64)
    return Correlations(pair, np.zeros((4, patterns)), np.zeros((4, patterns, bits)))
