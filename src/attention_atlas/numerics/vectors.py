"""Vectors as wide as a register of this processor, and blocks of four of them, as values inside Numba kernels.

``Lanes`` (see ``lanes``) take two registers, which suits kernels whose data fill a few
registers. A kernel with large tables wants them narrow, so that the tables of one vector of
systems stay in the first cache: a *native* vector is one register, ``NATIVE`` numbers:
eight with AVX-512, four with AVX, two elsewhere (SSE2, NEON).
A *block* of four native vectors is for long dependent chains such as a polynomial: its
vectors are computed in turn, which hides the latency of each.

Every operation acts on each number alone; products may be fused with sums, nothing is reassociated.
What a system gets in its place of a vector does therefore not depend on the width.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, overload, register_model

from attention_atlas.numerics.registers import NATIVE

__all__ = [
    "BLOCK",
    "EXP2_BOUND",
    "NATIVE",
    "VectorType",
    "above",
    "exp2",
    "load_block",
    "load_native",
    "sqrt",
    "store",
    "sum_of_vectors",
    "uniform_block",
    "uniform_native",
]

# A call of an intrinsic leaves out the typing context, which a type checker cannot know.
intrinsic: Any = numba_intrinsic

BLOCK = 4 * NATIVE
# exp2 is right for arguments between minus and plus this number.
EXP2_BOUND = 1000.0
_FLAGS = ("contract", "nsz")
# Arrays of NumPy are aligned to 16 bytes only; unaligned loads cost little.
_ALIGNMENT = 8
# Adding 1.5 * 2**52 rounds to an integer, which then stands in the low bits.
_TO_INTEGER = 6755399441055744.0


class VectorType(types.Type):
    """Numba's type of a vector of ``width`` float64 numbers."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.vector = ir.VectorType(ir.DoubleType(), width)
        super().__init__(f"Vector{width}")


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, frontend_type):
        super().__init__(manager, frontend_type, frontend_type.vector)


_block, _native = VectorType(BLOCK), VectorType(NATIVE)


def _splat(builder, scalar, width):
    vector = ir.VectorType(ir.DoubleType(), width)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), places)


def _pointer(context, builder, array_type, array, index, vector):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), vector.as_pointer())


def _loader(kind):
    @intrinsic
    def load(typingctx, array, index):
        def codegen(context, builder, signature, args):
            value = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], kind.vector))
            value.align = _ALIGNMENT
            return value

        return kind(array, types.intp), codegen

    return load


def _uniform(kind):
    @intrinsic
    def uniform(typingctx, scalar):
        def codegen(context, builder, signature, args):
            return _splat(builder, args[0], kind.width)

        return kind(types.float64), codegen

    return uniform


# The vector that starts at an index of a 1-D contiguous float64 array
load_block, load_native = _loader(_block), _loader(_native)
# The same number in every place
uniform_block, uniform_native = _uniform(_block), _uniform(_native)


@intrinsic
def store(typingctx, array, index, value):
    """Write a vector to a 1-D contiguous float64 array at ``index``."""

    def codegen(context, builder, signature, args):
        kind = signature.args[2]
        written = builder.store(args[2], _pointer(context, builder, signature.args[0], args[0], args[1], kind.vector))
        written.align = _ALIGNMENT
        return context.get_dummy_value()

    return types.void(array, types.intp, value), codegen


def _arithmetic(symbol, instruction):
    """Make ``symbol`` work on two vectors of one width, and on a vector and a scalar."""

    @intrinsic
    def apply(typingctx, x, y):
        kinds = [kind if isinstance(kind, VectorType) else types.float64 for kind in (x, y)]
        result = kinds[0] if isinstance(kinds[0], VectorType) else kinds[1]

        def codegen(context, builder, signature, args):
            width = signature.return_type.width
            vectors = [
                arg if isinstance(kind, VectorType) else _splat(builder, arg, width)
                for arg, kind in zip(args, signature.args, strict=True)
            ]
            return getattr(builder, instruction)(*vectors, flags=_FLAGS)

        return result(*kinds), codegen

    @overload(symbol)
    def operate(x, y):
        if isinstance(x, VectorType) or isinstance(y, VectorType):
            return lambda x, y: apply(x, y)
        return None


_arithmetic(operator.add, "fadd")
_arithmetic(operator.sub, "fsub")
_arithmetic(operator.mul, "fmul")
_arithmetic(operator.truediv, "fdiv")


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
        return builder.select(builder.fcmp_ordered(">", args[0], _splat(builder, args[1], x.width)), one, zero)

    return x(x, types.float64), codegen


@intrinsic
def sum_of_vectors(typingctx, block):
    """The vector whose place p holds the sum of the places p, p + NATIVE, ... of a block, by halving."""

    def codegen(context, builder, signature, args):
        vector, width = args[0], BLOCK
        while width > NATIVE:
            width //= 2
            places = ir.VectorType(ir.IntType(32), width)
            nothing = ir.Constant(vector.type, ir.Undefined)
            low = builder.shuffle_vector(vector, nothing, ir.Constant(places, list(range(width))))
            high = builder.shuffle_vector(vector, nothing, ir.Constant(places, list(range(width, 2 * width))))
            vector = builder.fadd(low, high)
        return vector

    return _native(_block), codegen


@intrinsic
def _times_power(typingctx, value, shifted):
    """value * 2**k for shifted = k + _TO_INTEGER, by adding k to the exponent bits."""

    def codegen(context, builder, signature, args):
        bits = ir.VectorType(ir.IntType(64), value.width)
        power = builder.shl(builder.bitcast(args[1], bits), ir.Constant(bits, [52] * value.width))
        return builder.bitcast(builder.add(builder.bitcast(args[0], bits), power), value.vector)

    return value(value, value), codegen


@njit(cache=True, forceinline=True, error_model="numpy")
def exp2(y):
    """2**y for every |y| <= ``EXP2_BOUND``, relative error at most 4e-16; garbage beyond, and for a NaN.

    Powers of two need no reduction by ln 2 (y minus the nearest integer is exact) and nothing is clamped; the
    caller folds log2(e) into a factor. Polynomial of degree 10 on [-1/2, 1/2] by Remez' exchange, error 2.1e-16.
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
