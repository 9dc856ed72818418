"""Eigenvalues of a real symmetric matrix inside a kernel: Householder's reduction to three diagonals, then QL with implicit shifts.

For kernels that run in many threads at once, where a call of LAPACK would start threads of its own. Algorithms 8.3.1 and 8.3.3 of
Golub and Van Loan, Matrix Computations.
"""

import math

from attention_atlas.numerics.inner import compiled, inner

__all__ = ["symmetric_eigenvalues"]

MAX_SWEEPS = 60


@inner
def _reduce(a, m, diagonal, beside):
    """Three diagonals of the similar matrix; ``beside[k]`` stands between k and k + 1. Destroys ``a``."""
    for k in range(m - 2):
        largest = 0.0
        for i in range(k + 1, m):
            largest = max(largest, abs(a[i, k]))
        if largest == 0.0:
            beside[k] = 0.0
            continue
        square = 0.0
        for i in range(k + 1, m):
            a[i, k] /= largest
            square += a[i, k] * a[i, k]
        length = -math.copysign(math.sqrt(square), a[k + 1, k])
        beside[k] = largest * length
        # v = column - length e_1, with v.v / 2 = square - length column_1
        half = square - length * a[k + 1, k]
        a[k + 1, k] -= length
        # p = A v / (v.v / 2) in the row k, then q = p - (p.v / v.v) v, and A - v q^T - q v^T
        for i in range(k + 1, m):
            a[k, i] = 0.0
        for j in range(k + 1, m):
            number = a[j, k] / half
            for i in range(k + 1, m):
                a[k, i] += a[j, i] * number
        share = 0.0
        for i in range(k + 1, m):
            share += a[k, i] * a[i, k]
        share /= 2.0 * half
        for i in range(k + 1, m):
            a[k, i] -= share * a[i, k]
        for i in range(k + 1, m):
            v, q = a[i, k], a[k, i]
            for j in range(k + 1, m):
                a[i, j] -= v * a[k, j] + q * a[j, k]
    for k in range(m):
        diagonal[k] = a[k, k]
    if m > 1:
        beside[m - 2] = a[m - 1, m - 2]


@compiled
def symmetric_eigenvalues(a, m, values, beside):
    """Eigenvalues of the leading m x m part of ``a`` (symmetric, destroyed), in no order, in ``values[:m]``.

    ``beside`` is scratch of m numbers. NaN in, NaN out.
    """
    _reduce(a, m, values, beside)
    beside[m - 1] = 0.0
    for first in range(m):
        for _ in range(MAX_SWEEPS):
            last = first
            while last < m - 1:
                size = abs(values[last]) + abs(values[last + 1])
                if not abs(beside[last]) > 1e-16 * size:
                    break
                last += 1
            if last == first:
                break
            g = (values[first + 1] - values[first]) / (2.0 * beside[first])
            r = math.hypot(g, 1.0)
            g = values[last] - values[first] + beside[first] / (g + math.copysign(r, g))
            sine, cosine, shift = 1.0, 1.0, 0.0
            whole = True
            for i in range(last - 1, first - 1, -1):
                f, b = sine * beside[i], cosine * beside[i]
                r = math.hypot(f, g)
                beside[i + 1] = r
                if r == 0.0:
                    values[i + 1] -= shift
                    beside[last] = 0.0
                    whole = False
                    break
                sine, cosine = f / r, g / r
                g = values[i + 1] - shift
                r = (values[i] - g) * sine + 2.0 * cosine * b
                shift = sine * r
                values[i + 1] = g + shift
                g = cosine * r - b
            if whole:
                values[first] -= shift
                beside[first] = g
                beside[last] = 0.0
