"""A vector of float64 numbers, two registers of this processor wide, as a value inside Numba kernels.

``LANES`` independent systems run side by side, one in each lane. Plain loops over
lanes leave it to the compiler to prove that arrays do not overlap and to keep
sums in registers; it often cannot, and the loop is then four to six times
slower. Here a ``Lanes`` value *is* a vector (LLVM's ``<16 x double>`` with AVX-512,
``<8 x double>`` with AVX2), so there is nothing to prove.

Every operation acts on each lane alone. A lane's result therefore depends
neither on the other lanes nor on how systems are grouped.

Inside a kernel::

    x = load(array, offset)         # array is 1-D, C-contiguous, float64
    y = tanh(x * 2.0 + load(array, offset + LANES))
    store(array, offset, y)

Scalars mix with vectors in ``+ - * /``. Products may be fused with sums
(``contract``), nothing is reassociated and NaNs pass through everything here.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.registers import LANES
from attention_atlas.numerics.vector_math import LN2_HIGH, LN2_LOW, LOG2_E
from attention_atlas.numerics.vector_operators import add_operators

__all__ = [
    "LANES",
    "broadcast",
    "exp",
    "exponent_of",
    "larger",
    "less",
    "load",
    "mantissa_of",
    "sqrt",
    "store",
    "tanh",
]

# A call of an intrinsic leaves out the typing context, which a type checker cannot know.
intrinsic: Any = numba_intrinsic

_DOUBLE = ir.DoubleType()
_VECTOR = ir.VectorType(_DOUBLE, LANES)
_BITS = ir.VectorType(ir.IntType(64), LANES)
# Arrays of NumPy are aligned to 16 bytes only; unaligned loads cost nothing extra.
_ALIGNMENT = 8
# Adding 1.5 * 2**52 rounds to an integer, which then stands in the low bits.
_TO_INTEGER = 6755399441055744.0 + 1023.0
_MANTISSA = (1 << 52) - 1
_EXPONENT_OF_ONE = 1023 << 52


class LanesType(types.Type):
    """Numba's type of a vector of ``LANES`` float64 numbers."""

    def __init__(self) -> None:
        super().__init__("Lanes")


_lanes = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, frontend_type):
        super().__init__(manager, frontend_type, _VECTOR)


def _constant(value):
    return ir.Constant(_BITS, [value] * LANES)


def _splat(builder, scalar):
    empty = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _pointer(context, builder, array_type, array, index):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _VECTOR.as_pointer())


@intrinsic
def load(typingctx, array, index):
    """The ``LANES`` numbers of a 1-D contiguous float64 array that start at ``index``."""

    def codegen(context, builder, signature, args):
        value = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1]))
        value.align = _ALIGNMENT
        return value

    return _lanes(array, types.intp), codegen


@intrinsic
def store(typingctx, array, index, value):
    """Write a vector to a 1-D contiguous float64 array at ``index``."""

    def codegen(context, builder, signature, args):
        written = builder.store(args[2], _pointer(context, builder, signature.args[0], args[0], args[1]))
        written.align = _ALIGNMENT
        return context.get_dummy_value()

    return types.void(array, types.intp, _lanes), codegen


@intrinsic
def broadcast(typingctx, scalar):
    """The same number in every lane."""

    def codegen(context, builder, signature, args):
        return _splat(builder, args[0])

    return _lanes(types.float64), codegen


add_operators(LanesType, lambda builder, number, kind: _splat(builder, number))


@intrinsic
def sqrt(typingctx, x):
    """Square root of every lane."""

    def codegen(context, builder, signature, args):
        kind = ir.FunctionType(_VECTOR, [_VECTOR])
        name = f"llvm.sqrt.v{LANES}f64"
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        return builder.call(function, args)

    return _lanes(_lanes), codegen


@intrinsic
def larger(typingctx, x, y):
    """The larger of two, lane by lane; y where one is a NaN."""

    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[0], args[1])

    return _lanes(_lanes, _lanes), codegen


@intrinsic
def _smaller(typingctx, x, y):
    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[0], args[1])

    return _lanes(_lanes, _lanes), codegen


@intrinsic
def less(typingctx, x, y):
    """1.0 in the lanes where x < y, else 0.0."""

    def codegen(context, builder, signature, args):
        one, zero = ir.Constant(_VECTOR, [1.0] * LANES), ir.Constant(_VECTOR, [0.0] * LANES)
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), one, zero)

    return _lanes(_lanes, _lanes), codegen


@intrinsic
def _shifted_to_exponent(typingctx, x):
    """2**k from the number k + _TO_INTEGER."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(builder.shl(builder.bitcast(args[0], _BITS), _constant(52)), _VECTOR)

    return _lanes(_lanes), codegen


@intrinsic
def mantissa_of(typingctx, x):
    """m of x = m 2**e with 1 <= m < 2, for positive normal numbers."""

    def codegen(context, builder, signature, args):
        bits = builder.and_(builder.bitcast(args[0], _BITS), _constant(_MANTISSA))
        return builder.bitcast(builder.or_(bits, _constant(_EXPONENT_OF_ONE)), _VECTOR)

    return _lanes(_lanes), codegen


@intrinsic
def exponent_of(typingctx, x):
    """e of x = m 2**e with 1 <= m < 2, for positive normal numbers, as float64."""

    def codegen(context, builder, signature, args):
        exponent = builder.lshr(builder.bitcast(args[0], _BITS), _constant(52))
        return builder.sitofp(builder.sub(exponent, _constant(1023)), _VECTOR)

    return _lanes(_lanes), codegen


@inner(forceinline=True)
def _expm1_polynomial(r):
    """Taylor polynomial of degree 13 of e**r - 1 for |r| <= ln(2)/2."""
    p = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    return (p * r) * r + r


@inner(forceinline=True)
def exp(x):
    """e**x in every lane; arguments outside [-708, 709] are moved to the nearer end."""
    y = _smaller(broadcast(709.0), larger(broadcast(-708.0), x))
    shifted = y * LOG2_E + _TO_INTEGER
    k = shifted - _TO_INTEGER
    r = (y - k * LN2_HIGH) - k * LN2_LOW
    scale = _shifted_to_exponent(shifted)
    return _expm1_polynomial(r) * scale + scale


@inner(forceinline=True)
def tanh(x):
    """tanh in every lane, without cancellation near 0 (see ``vector_math.tanh``)."""
    y = _smaller(broadcast(20.0), larger(broadcast(-20.0), x)) * 2.0
    shifted = y * LOG2_E + _TO_INTEGER
    k = shifted - _TO_INTEGER
    r = (y - k * LN2_HIGH) - k * LN2_LOW
    scale = _shifted_to_exponent(shifted)
    minus_one = scale * _expm1_polynomial(r) + (scale - 1.0)
    return minus_one / (minus_one + 2.0)
