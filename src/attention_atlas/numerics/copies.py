"""Copies inside Numba kernels that compile in a moment.

``target[:] = source`` checks the shapes and, should they differ, makes the text of an error: two seconds of compiling
for each kernel that says it, for an error that a kernel whose caller has checked the shapes never raises.
"""

from attention_atlas.numerics.inner import inner

__all__ = ["copy_matrix", "copy_row"]


@inner
def copy_row(source, target):
    """The first ``target.size`` entries of a row into ``target``."""
    for k in range(target.size):
        target[k] = source[k]


@inner
def copy_matrix(source, target):
    """A matrix into one of the same shape."""
    for row in range(target.shape[0]):
        for k in range(target.shape[1]):
            target[row, k] = source[row, k]
