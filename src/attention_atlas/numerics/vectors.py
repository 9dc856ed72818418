"""Vectors as wide as a register of this processor, and blocks of four of them, as values inside Numba kernels.

``Lanes`` (see ``lanes``) take two registers, which suits kernels whose data fill a few
registers. A kernel with large tables wants them narrow, so that the tables of one vector of
systems stay in the first cache: a *native* vector is one register, ``NATIVE`` numbers:
eight with AVX-512, four with AVX, two elsewhere (SSE2, NEON).
A *block* of four native vectors is for long dependent chains such as a polynomial: its
vectors are computed in turn, which hides the latency of each. A vector of *singles* is one register of float32: twice as
many numbers, ``SINGLES``, for work whose errors may be of the size 1e-7.

Every operation acts on each number alone; products may be fused with sums, nothing is reassociated.
What a system gets in its place of a vector does therefore not depend on the width.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.registers import NATIVE
from attention_atlas.numerics.vector_operators import add_operators

__all__ = [
    "BLOCK",
    "EXP2_BOUND",
    "NATIVE",
    "SINGLES",
    "VectorType",
    "above",
    "exp2",
    "exp2_singles",
    "high_half",
    "larger",
    "load_block",
    "load_native",
    "load_singles",
    "low_half",
    "singles",
    "sqrt",
    "store",
    "sum_of_vectors",
    "uniform_block",
    "uniform_native",
    "uniform_singles",
]

# A call of an intrinsic leaves out the typing context, which a type checker cannot know.
intrinsic: Any = numba_intrinsic

BLOCK = 4 * NATIVE
SINGLES = 2 * NATIVE
# exp2 is right for arguments between minus and plus this number.
EXP2_BOUND = 1000.0
# Adding 1.5 * 2**52 (for float32 1.5 * 2**23) rounds to an integer, which then stands in the low bits.
_TO_INTEGER = 6755399441055744.0
_TO_INTEGER_SINGLE = 12582912.0


class VectorType(types.Type):
    """Numba's type of a vector of ``width`` numbers of ``bits`` bits."""

    def __init__(self, width: int, bits: int = 64) -> None:
        self.width, self.bits = width, bits
        self.element = ir.DoubleType() if bits == 64 else ir.FloatType()
        self.vector = ir.VectorType(self.element, width)
        super().__init__(f"Vector{width}x{bits}")


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, frontend_type):
        super().__init__(manager, frontend_type, frontend_type.vector)


_block, _native, _singles = VectorType(BLOCK), VectorType(NATIVE), VectorType(SINGLES, 32)


def _splat(builder, scalar, kind):
    """The float64 ``scalar`` in every place of a vector."""
    nothing = ir.Constant(kind.vector, ir.Undefined)
    number = scalar if kind.bits == 64 else builder.fptrunc(scalar, kind.element)
    first = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, _places([0] * kind.width))


def _places(numbers):
    return ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), numbers)


def _pointer(context, builder, array_type, array, index, vector):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), vector.as_pointer())


def _loader(kind):
    @intrinsic
    def load(typingctx, array, index):
        def codegen(context, builder, signature, args):
            value = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], kind.vector))
            value.align = kind.bits // 8
            return value

        return kind(array, types.intp), codegen

    return load


def _uniform(kind):
    @intrinsic
    def uniform(typingctx, scalar):
        def codegen(context, builder, signature, args):
            return _splat(builder, args[0], kind)

        return kind(types.float64), codegen

    return uniform


# The vector that starts at an index of a 1-D contiguous array of its kind of numbers; NumPy aligns no further than numbers
load_block, load_native, load_singles = _loader(_block), _loader(_native), _loader(_singles)
# The same number in every place
uniform_block, uniform_native, uniform_singles = _uniform(_block), _uniform(_native), _uniform(_singles)


@intrinsic
def store(typingctx, array, index, value):
    """Write a vector to a 1-D contiguous array of its kind of numbers at ``index``."""

    def codegen(context, builder, signature, args):
        kind = signature.args[2]
        written = builder.store(args[2], _pointer(context, builder, signature.args[0], args[0], args[1], kind.vector))
        written.align = kind.bits // 8
        return context.get_dummy_value()

    return types.void(array, types.intp, value), codegen


add_operators(VectorType, _splat)


@intrinsic
def sqrt(typingctx, x):
    """Square root of every number."""

    def codegen(context, builder, signature, args):
        kind = ir.FunctionType(x.vector, [x.vector])
        name = f"llvm.sqrt.v{x.width}f64"
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        return builder.call(function, args)

    return x(x), codegen


@intrinsic
def above(typingctx, x, bound):
    """1.0 where x > bound (a float64), else 0.0."""

    def codegen(context, builder, signature, args):
        one, zero = (ir.Constant(x.vector, [number] * x.width) for number in (1.0, 0.0))
        return builder.select(builder.fcmp_ordered(">", args[0], _splat(builder, args[1], x)), one, zero)

    return x(x, types.float64), codegen


@intrinsic
def larger(typingctx, x, y):
    """The larger number in each place, x where one of the two is a NaN."""

    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_unordered(">", *args), *args)

    return x(x, x), codegen


@intrinsic
def singles(typingctx, low, high):
    """Two native vectors, rounded to float32, as one vector of singles."""

    def codegen(context, builder, signature, args):
        half = ir.VectorType(_singles.element, NATIVE)
        rounded = [builder.fptrunc(arg, half) for arg in args]
        return builder.shuffle_vector(*rounded, _places(list(range(SINGLES))))

    return _singles(_native, _native), codegen


def _half(first):
    @intrinsic
    def half(typingctx, vector):
        def codegen(context, builder, signature, args):
            places = _places(list(range(first, first + NATIVE)))
            part = builder.shuffle_vector(args[0], ir.Constant(_singles.vector, ir.Undefined), places)
            return builder.fpext(part, _native.vector)

        return _native(_singles), codegen

    return half


# The first and the second half of a vector of singles, each as a native vector
low_half, high_half = _half(0), _half(NATIVE)


@intrinsic
def sum_of_vectors(typingctx, block):
    """The vector whose place p holds the sum of the places p, p + NATIVE, ... of a block, by halving."""

    def codegen(context, builder, signature, args):
        vector, width = args[0], BLOCK
        while width > NATIVE:
            width //= 2
            nothing = ir.Constant(vector.type, ir.Undefined)
            low = builder.shuffle_vector(vector, nothing, _places(list(range(width))))
            high = builder.shuffle_vector(vector, nothing, _places(list(range(width, 2 * width))))
            vector = builder.fadd(low, high)
        return vector

    return _native(_block), codegen


@intrinsic
def _times_power(typingctx, value, shifted):
    """value * 2**k for shifted = k + _TO_INTEGER (of its kind), by adding k to the exponent bits."""

    def codegen(context, builder, signature, args):
        vector = args[0].type
        width, mantissa = (64, 52) if isinstance(vector.element, ir.DoubleType) else (32, 23)
        bits = ir.VectorType(ir.IntType(width), vector.count)
        power = builder.shl(builder.bitcast(args[1], bits), ir.Constant(bits, [mantissa] * vector.count))
        return builder.bitcast(builder.add(builder.bitcast(args[0], bits), power), vector)

    return value(value, value), codegen


@inner(forceinline=True)
def exp2(y):
    """2**y for every |y| <= ``EXP2_BOUND``, relative error at most 4e-16; garbage beyond, and for a NaN.

    Powers of two need no reduction by ln 2 (y minus the nearest integer is exact) and nothing is clamped; the
    caller folds log2(e) into a factor. Polynomial of degree 10 on [-1/2, 1/2] by Remez' exchange, error 2.1e-16. Also for ``Lanes``.
    """
    shifted = y + _TO_INTEGER
    r = y - (shifted - _TO_INTEGER)
    p = r * 7.037278846726901e-09 + 1.0208537929657404e-07
    p = p * r + 1.3215662835959238e-06
    p = p * r + 1.5252658116409854e-05
    p = p * r + 1.5403529961127076e-04
    p = p * r + 1.3333558228561767e-03
    p = p * r + 9.618129108034596e-03
    p = p * r + 5.550410866445883e-02
    p = p * r + 0.24022650695908768
    p = p * r + 0.6931471805599497
    p = p * r + 1.0
    return _times_power(p, shifted)


@inner(forceinline=True)
def exp2_singles(y):
    """2**y for every y < 127 in single precision, relative error at most 2e-7; y below -100 counts as -100.

    As ``exp2``, with a polynomial of degree 5, error 9.2e-8. Numbers below 2**-126, with which processors are slow, stay out of sums.
    """
    y = larger(y, uniform_singles(-100.0))
    shifted = y + _TO_INTEGER_SINGLE
    r = y - (shifted - _TO_INTEGER_SINGLE)
    p = r * 0.0013264727630072613 + 0.009671512646240929
    p = p * r + 0.05550733741752294
    p = p * r + 0.24022242085258336
    p = p * r + 0.6931469776002885
    p = p * r + 1.0
    return _times_power(p, shifted)
