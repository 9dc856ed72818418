"""More operations on ``Lanes``: sum over lanes, choice by lane."""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from attention_atlas.numerics.lanes import LANES, LanesType

__all__ = ["choose", "lane_sum"]

_lanes = LanesType()


@intrinsic
def lane_sum(typingctx, value):
    """Sum of all lanes, always by halving: lane i with lane i + 8, then + 4, + 2, + 1."""

    def codegen(context, builder, signature, args):
        vector, width = args[0], LANES
        while width > 1:
            width //= 2
            kind = ir.VectorType(ir.IntType(32), width)
            nothing = ir.Constant(vector.type, ir.Undefined)
            low = builder.shuffle_vector(vector, nothing, ir.Constant(kind, list(range(width))))
            high = builder.shuffle_vector(vector, nothing, ir.Constant(kind, list(range(width, 2 * width))))
            vector = builder.fadd(low, high)
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return types.float64(_lanes), codegen


@intrinsic
def choose(typingctx, mask, where_one, elsewhere):
    """Lane by lane ``where_one`` if mask > 0.5, else ``elsewhere``. What is not chosen may be a NaN."""

    def codegen(context, builder, signature, args):
        half = ir.Constant(args[0].type, [0.5] * LANES)
        return builder.select(builder.fcmp_ordered(">", args[0], half), args[1], args[2])

    return _lanes(_lanes, _lanes, _lanes), codegen
