"""The operators ``+ - * /`` of vectors inside Numba kernels.

Numba's low-level interface writes the one instruction into the kernel itself. An ``@overload`` would make a function of each
operator, for each pair of types, which is compiled, called, and merged again.
"""

import operator
from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import lower_builtin, type_callable

__all__ = ["add_operators"]

_INSTRUCTIONS = {operator.add: "fadd", operator.sub: "fsub", operator.mul: "fmul", operator.truediv: "fdiv"}
# Products may be fused with sums, and the sign of a zero does not matter; nothing is reassociated.
_FLAGS = ("contract", "nsz")
_NUMBERS = (types.Integer, types.Float)


def add_operators(kind: type[types.Type], splat: Callable[[Any, Any, Any], Any]) -> None:
    """Let kernels add, subtract, multiply and divide two vectors of a kind, and a vector and a number.

    Numbers become float64 first; ``splat(builder, number, vector type)`` repeats one.
    """
    for symbol, instruction in _INSTRUCTIONS.items():
        _add_typing(symbol, kind)
        _add_lowering(symbol, instruction, kind, splat)


def _add_typing(symbol, kind):
    @type_callable(symbol)
    def of_operator(context):
        def typer(x, y):
            if isinstance(x, kind):
                return x if y == x or isinstance(y, _NUMBERS) else None
            return y if isinstance(y, kind) and isinstance(x, _NUMBERS) else None

        return typer


def _add_lowering(symbol, instruction, kind, splat):
    def operate(context, builder, signature, args):
        vectors = [
            arg
            if isinstance(given, kind)
            else splat(builder, context.cast(builder, arg, given, types.float64), signature.return_type)
            for arg, given in zip(args, signature.args, strict=True)
        ]
        return getattr(builder, instruction)(*vectors, flags=_FLAGS)

    lower_builtin(symbol, kind, kind)(operate)
    for number in _NUMBERS:
        lower_builtin(symbol, kind, number)(operate)
        lower_builtin(symbol, number, kind)(operate)
