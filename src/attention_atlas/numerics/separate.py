"""Kernels that call a function without compiling it again.

Numba hands LLVM the whole code below a kernel, and so every level of calls optimises all levels below it once more: a family
of kernels six levels deep compiles its innermost loops a dozen times. A ``Separate`` function is compiled once for each of its
signatures; kernels call its machine code by a name, like a function of a library.

    sums = Separate("sums", _sums)          # _sums is a plain function, not decorated
    call_sums = sums.call                   # what kernels call
    sums.prepare(types.void(types.float64[::1]))

``prepare``, or ``prepare_for`` with arguments in place of their types, must run in every process before a kernel that calls it
does, also when Numba loads the kernel from its cache. The function must raise nothing, and return or keep no array of its
arguments; a division by zero is inf or NaN. It gets no entry for Python, which would take as long to compile as a small kernel:
calling the compiled function from Python ends the process.
"""

from typing import Any

from llvmlite import binding
from numba import njit, typeof, types
from numba.core import cgutils
from numba.extending import intrinsic

from attention_atlas.numerics.inner import WITHOUT_ENTRY

__all__ = ["Separate"]


class Separate:
    """A compiled function under the name ``name`` for kernels; see above."""

    def __init__(self, name: str, function: Any) -> None:
        self.name, self._function = name, njit(cache=True, error_model="numpy", **WITHOUT_ENTRY)(function)
        self._symbols: dict[tuple[Any, ...], tuple[str, Any]] = {}
        self.call = self._intrinsic()

    def prepare(self, *argument_types: Any) -> None:
        """Compile the function for these types, or load it from Numba's cache, and make its name known."""
        if argument_types in self._symbols:
            return
        self._function.compile(argument_types)
        compiled = self._function.overloads[argument_types]
        # the name must be the same in every process: cached kernels contain it
        symbol = f"attention_atlas_{self.name}_{abs(_stable_hash(str(argument_types)))}"
        binding.add_symbol(symbol, compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))
        self._symbols[argument_types] = symbol, compiled.signature.return_type

    def prepare_for(self, *arguments: Any) -> None:
        """``prepare`` for the types of these arguments."""
        self.prepare(*map(typeof, arguments))

    def _find(self, given: tuple[Any, ...], typingctx: Any) -> tuple[tuple[Any, ...], str, Any]:
        """The prepared signature that the given types can be cast to, and of several the one with most of the same types.

        Which others a process has prepared must not show: a cached kernel calls what it was compiled with, and a process that
        loads it prepares nothing else.
        """
        fitting = [
            wanted
            for wanted in self._symbols
            if len(wanted) == len(given)
            and all(typingctx.can_convert(one, other) is not None for one, other in zip(given, wanted))
        ]
        if not fitting:
            raise TypeError(f"{self.name} is not prepared for {given}")
        best = max(fitting, key=lambda wanted: sum(types.unliteral(one) == other for one, other in zip(given, wanted)))
        return best, *self._symbols[best]

    def _intrinsic(self) -> Any:
        @intrinsic
        def call(typingctx, *arguments):
            wanted, symbol, result = self._find(arguments, typingctx)

            def codegen(context, builder, signature, args):
                values = [
                    _borrowed(context, builder, kind, value)
                    for kind, value in zip(wanted, cgutils.unpack_tuple(builder, args[0]))
                ]
                prototype = context.call_conv.get_function_type(result, wanted)
                function = cgutils.get_or_insert_function(builder.module, prototype, symbol)
                _, value = context.call_conv.call_function(builder, function, result, wanted, values)
                return context.get_dummy_value() if result == types.none else value

            return result(types.StarArgTuple.from_types(wanted)), codegen

        return call


def _borrowed(context, builder, kind, value):
    """Arrays without their owner, also in tuples: the caller owns them, and what is called need not count references.

    Counting is an atomic operation on each array that is passed on; a short kernel would spend a third of its time with it.
    """
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        items = cgutils.unpack_tuple(builder, value)
        return context.make_tuple(
            builder, kind, [_borrowed(context, builder, *pair) for pair in zip(kind.types, items)]
        )
    return value


def _stable_hash(text: str) -> int:
    """FNV-1a of 64 bits: the same in every process."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value
