"""Modified Gram-Schmidt for sixteen tangent matrices side by side, and products that never overflow.

vectors : (rows * columns * LANES,), row by row
sums : (columns * SUMS * LANES,), for each column the product of its stretching
    factors as mantissa and exponent, and the number of collapsed steps
"""

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lanes import (
    LANES,
    broadcast,
    exponent_of,
    larger,
    less,
    load,
    mantissa_of,
    sqrt,
    store,
)

__all__ = ["SUMS", "multiply", "orthonormalise"]

SUMS = 3
# A diagonal entry of R this small beside its column's length is rounding noise.
NOISE_SQUARED = 1e-26
# The smallest length that is divided by; below it a column counts as zero.
MIN_LENGTH = 1e-140


@inner(forceinline=True)
def multiply(sums, at, factor):
    """Multiply the product kept at ``at`` (mantissa, exponent) by a positive factor."""
    product = load(sums, at) * mantissa_of(factor)
    store(sums, at, mantissa_of(product))
    store(sums, at + LANES, load(sums, at + LANES) + exponent_of(factor) + exponent_of(product))


@inner(forceinline=True)
def _project_out(vectors, rows, width, column, other, removed):
    """Remove from ``other`` its part along the unit vector ``column``; sum up its square."""
    overlap = broadcast(0.0)
    for row in range(rows):
        overlap = overlap + load(vectors, row * width + column) * load(vectors, row * width + other)
    for row in range(rows):
        at = row * width + other
        store(vectors, at, load(vectors, at) - overlap * load(vectors, row * width + column))
    store(removed, other, load(removed, other) + overlap * overlap)


@inner(forceinline=True)
def orthonormalise(vectors, removed, sums, rows, columns):
    """Modified Gram-Schmidt; the diagonal of R goes into the products of ``sums``."""
    width = columns * LANES
    for column in range(columns):
        store(removed, column * LANES, broadcast(0.0))
    for column in range(columns):
        here = column * LANES
        square = broadcast(0.0)
        for row in range(rows):
            u = load(vectors, row * width + here)
            square = square + u * u
        length = larger(sqrt(square), broadcast(MIN_LENGTH))
        at = column * SUMS * LANES
        noise = (square + load(removed, here)) * NOISE_SQUARED + MIN_LENGTH * MIN_LENGTH
        store(sums, at + 2 * LANES, load(sums, at + 2 * LANES) + less(square, noise))
        multiply(sums, at, length)
        scale = broadcast(1.0) / length
        for row in range(rows):
            store(vectors, row * width + here, load(vectors, row * width + here) * scale)
        for other in range(column + 1, columns):
            _project_out(vectors, rows, width, here, other * LANES, removed)
