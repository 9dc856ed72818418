"""Functions that kernels call and Python does not.

Numba gives every function under ``@njit`` an entry for Python, another for C, and a place in the cache. What only kernels
call needs none of these: under ``@inner`` it becomes a part of each kernel that calls it, and everything compiles in four
fifths of the time. From Python the function runs as it is written, slowly.
"""

from typing import Any

from numba.extending import register_jitable

__all__ = ["WITHOUT_ENTRY", "inner"]

WITHOUT_ENTRY = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def inner(*function: Any, **options: Any) -> Any:
    """``@inner`` or ``@inner(options of njit)``; a division by zero is inf or NaN, not an error."""
    decorate = register_jitable(error_model="numpy", **WITHOUT_ENTRY, **options)
    return decorate(*function) if function else decorate
