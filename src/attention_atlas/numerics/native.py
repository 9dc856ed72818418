"""More operations on vectors as wide as a register of this processor (``NATIVE`` numbers, see ``vectors``).

Sums of products are written with ``fma``, which rounds once, and nothing here may be fused or reassociated by the compiler:
a kernel that adds in a fixed order gives the same bits with any width.
"""

from llvmlite import ir
from numba import types

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import NATIVE, VectorType, exp2, intrinsic

__all__ = [
    "ALL_LANES",
    "chosen",
    "exp2_bounded",
    "exp2_infinite",
    "exp2_negative",
    "fma",
    "lane_max",
    "larger",
    "reaches",
    "sender",
    "smaller",
]

# The bits of all lanes
ALL_LANES = (1 << NATIVE) - 1
# 2**-1000 stands for all smaller weights.
_LOWEST, _HIGHEST = -1000.0, 1000.0


def _spread(builder, value, kind, width):
    """``value`` as a vector: a scalar is repeated."""
    if isinstance(kind, VectorType):
        return value
    vector = ir.VectorType(ir.DoubleType(), width)
    places = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
    nothing = ir.Constant(vector, ir.Undefined)
    return builder.shuffle_vector(
        builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0)), nothing, places
    )


def _kind(kind):
    return kind if isinstance(kind, VectorType) else types.float64


@intrinsic
def fma(typingctx, x, y, z):
    """x y + z with one rounding; x is a vector, y and z are vectors or numbers."""

    def codegen(context, builder, signature, args):
        width = signature.return_type.width
        vectors = [_spread(builder, arg, kind, width) for arg, kind in zip(args, signature.args, strict=True)]
        name = f"llvm.fma.v{width}f64"
        function = builder.module.globals.get(name) or ir.Function(
            builder.module, ir.FunctionType(vectors[0].type, [vectors[0].type] * 3), name
        )
        return builder.call(function, vectors)

    return x(x, _kind(y), _kind(z)), codegen


def _choice(comparison):
    @intrinsic
    def choose(typingctx, x, y):
        def codegen(context, builder, signature, args):
            other = _spread(builder, args[1], signature.args[1], signature.return_type.width)
            return builder.select(builder.fcmp_ordered(comparison, args[0], other), args[0], other)

        return x(x, _kind(y)), codegen

    return choose


# The larger, and the smaller, of two, lane by lane; the second (a vector or a number) where one is a NaN
larger, smaller = _choice(">"), _choice("<")


@intrinsic
def reaches(typingctx, x, bound):
    """1.0 in the lanes where x >= bound (a vector), else 0.0."""

    def codegen(context, builder, signature, args):
        one, zero = (ir.Constant(x.vector, [number] * x.width) for number in (1.0, 0.0))
        return builder.select(builder.fcmp_ordered(">=", args[0], args[1]), one, zero)

    return x(x, x), codegen


@intrinsic
def chosen(typingctx, bits, x, other):
    """x in the lanes whose bit is set in an integer (lane 0: the lowest), ``other`` (a number) elsewhere; NaNs do not pass."""

    def codegen(context, builder, signature, args):
        width, word = x.width, ir.VectorType(ir.IntType(64), x.width)
        places = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        nothing = ir.Constant(word, ir.Undefined)
        first = builder.insert_element(nothing, args[0], ir.Constant(ir.IntType(32), 0))
        lanes = builder.and_(
            builder.shuffle_vector(first, nothing, places), ir.Constant(word, [1 << lane for lane in range(width)])
        )
        mask = builder.icmp_unsigned("!=", lanes, ir.Constant(word, [0] * width))
        return builder.select(mask, args[1], _spread(builder, args[2], signature.args[2], width))

    return x(types.int64, x, types.float64), codegen


@intrinsic
def lane_max(typingctx, x):
    """The largest number of all lanes, also of ``Lanes``; unspecified if one is a NaN."""

    def codegen(context, builder, signature, args):
        best = builder.extract_element(args[0], ir.Constant(ir.IntType(32), 0))
        for lane in range(1, args[0].type.count):
            number = builder.extract_element(args[0], ir.Constant(ir.IntType(32), lane))
            best = builder.select(builder.fcmp_ordered(">", number, best), number, best)
        return best

    return types.float64(x), codegen


@intrinsic
def sender(typingctx, array, index, lanes):
    """What one sender shows to all lanes of receivers.

    If ``lanes`` is None, lanes are receivers of one system and the number at ``index`` is repeated; else lanes are systems
    and the vector at ``index`` is loaded. The choice is made by type, when a kernel is compiled.
    """
    native = VectorType(NATIVE)
    alike = isinstance(lanes, types.NoneType)

    def codegen(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.gep(data, [args[1]])
        if alike:
            return _spread(builder, builder.load(place), types.float64, NATIVE)
        value = builder.load(builder.bitcast(place, native.vector.as_pointer()))
        value.align = 8
        return value

    return native(array, types.intp, lanes), codegen


@intrinsic
def _infinite_above(typingctx, x, bound, value):
    """``value``, but infinity in the lanes where x > bound."""

    def codegen(context, builder, signature, args):
        above = builder.fcmp_ordered(">", args[0], _spread(builder, args[1], types.float64, x.width))
        return builder.select(above, ir.Constant(x.vector, [float("inf")] * x.width), args[2])

    return x(x, types.float64, x), codegen


@inner(forceinline=True)
def exp2_negative(y):
    """2**y for y <= 1000; smaller than -1000 counts as -1000."""
    return exp2(larger(y, _LOWEST))


@inner(forceinline=True)
def exp2_bounded(y):
    """2**y; beyond -1000 and 1000 the argument is moved to the nearer of these."""
    return exp2(smaller(larger(y, _LOWEST), _HIGHEST))


@inner(forceinline=True)
def exp2_infinite(y):
    """2**y, with -1000 for smaller y and infinity above 1000."""
    return _infinite_above(y, _HIGHEST, exp2_bounded(y))
