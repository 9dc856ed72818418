"""Two uniform 32-bit words to a float32 normal, in the lanes of the vector unit.

The definition is Box and Muller's in float32, each operation rounded to
nearest::

    u = float32(c0) * 2**-32 + 2**-33
    v = float32(c1) * (2 pi 2**-32) + pi 2**-32      (one rounding)
    r = sqrt(-2 log u)
    normals: r sin v, r cos v

``log``, ``sin`` and ``cos`` are evaluated in float64 and rounded once, so the
result does not depend on a mathematical library. A GPU's hardware sine is good
to about 5e-7 only; its numbers agree with these to that accuracy.

``log_unit`` and ``sine`` are accurate on the ranges used here and nowhere
else; errors measured in ``tests/random/test_box_muller.py``.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vector_math import float64_from_bits

__all__ = ["log_unit", "normal_from_words", "sine"]

LN2 = math.log(2.0)
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD  # float64 bits of the square root of 1/2
MANTISSA_MASK = 0x000FFFFFFFFFFFFF
# pi in two parts: the first has 33 significant bits, so that small multiples of it are exact
PI_HIGH = 3.1415926534682512
PI_LOW = 1.2154201013012384e-10
INVERSE_PI = 1.0 / math.pi
HALF_PI = 0.5 * math.pi
TWO_POW_MINUS_32 = 2.0**-32
# the float32 value of 2 pi 2**-32, held as a float64 so that the product below is exact
ANGLE_UNIT = float(np.float32(2.0 * math.pi * 2.0**-32))


@intrinsic
def _bits_from_float64(typingctx, value):
    """Reinterpret the bits of a float64 as an int64."""
    signature = types.int64(types.float64)

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.IntType(64))

    return signature, codegen


@inner(forceinline=True, fastmath={"contract"})
def log_unit(u):
    """Natural logarithm of a normal float64 0 < u <= 1.

    u = 2**k m with sqrt(1/2) <= m < sqrt(2); log m = 2 artanh(s) with
    s = (m - 1)/(m + 1), |s| < 0.1716, as a series up to s**21.
    """
    bits = _bits_from_float64(u)
    k = (bits - SQRT_HALF_BITS) >> 52
    m = float64_from_bits(bits - (k << 52))
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 / 21.0
    p = p * z + 1.0 / 19.0
    p = p * z + 1.0 / 17.0
    p = p * z + 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    return 2.0 * s + 2.0 * s * (z * p) + types.float64(k) * LN2


@inner(forceinline=True, fastmath={"contract"})
def sine(v):
    """sin v for 0 <= v <= 8: v = k pi + r, Taylor series in r up to r**21."""
    k = math.floor(v * INVERSE_PI + 0.5)
    r = (v - k * PI_HIGH) - k * PI_LOW
    z = r * r
    p = 1.0 / 51090942171709440000.0
    p = p * z - 1.0 / 121645100408832000.0
    p = p * z + 1.0 / 355687428096000.0
    p = p * z - 1.0 / 1307674368000.0
    p = p * z + 1.0 / 6227020800.0
    p = p * z - 1.0 / 39916800.0
    p = p * z + 1.0 / 362880.0
    p = p * z - 1.0 / 5040.0
    p = p * z + 1.0 / 120.0
    p = p * z - 1.0 / 6.0
    value = r + r * (z * p)
    return value if types.int64(k) & 1 == 0 else -value


@inner(forceinline=True, fastmath={"contract"})
def normal_from_words(c0, c1, use_cosine):
    """One float32 normal (as float64) of two words (int64 holding 32 bits).

    ``use_cosine`` is 0 for r sin v and 1 for r cos v.
    """
    u = types.float32(types.float64(types.float32(c0)) * TWO_POW_MINUS_32 + 0.5 * TWO_POW_MINUS_32)
    v = types.float32(types.float64(types.float32(c1)) * ANGLE_UNIT + 0.5 * ANGLE_UNIT)
    logarithm = types.float32(log_unit(types.float64(u)))
    radius = types.float32(math.sqrt(types.float64(types.float32(-2.0) * logarithm)))
    wave = types.float32(sine(types.float64(v) + use_cosine * HALF_PI))
    return types.float64(radius * wave)
