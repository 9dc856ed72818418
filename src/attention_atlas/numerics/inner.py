"""What is compiled: kernels, which Python calls, and the functions that only they call.

Numba gives every function under ``@njit`` an entry for Python, another for C, and a place in the cache. What only kernels
call needs none of these: under ``@inner`` it becomes a part of each kernel that calls it, and everything compiles in four
fifths of the time. From Python the function runs as it is written, slowly. A kernel, under ``@compiled``, gets no entry for C.
"""

from typing import Any

from numba import njit
from numba.extending import register_jitable

__all__ = ["WITHOUT_ENTRY", "compiled", "inner"]

WITHOUT_ENTRY = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def inner(*function: Any, **options: Any) -> Any:
    """``@inner`` or ``@inner(options of njit)``; a division by zero is inf or NaN, not an error."""
    # left open, the choice would come from the caller, and Numba would compile a function once for each choice of its callers
    options = {"forceinline": False, **options}
    decorate = register_jitable(error_model="numpy", **WITHOUT_ENTRY, **options)
    return decorate(*function) if function else decorate


def compiled(*function: Any, **options: Any) -> Any:
    """``@compiled`` or ``@compiled(options of njit)``: compiled when it is first called, kept in the cache, without Python's lock.

    A division by zero is inf or NaN, not an error.
    """
    decorate = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)
    return decorate(*function) if function else decorate
