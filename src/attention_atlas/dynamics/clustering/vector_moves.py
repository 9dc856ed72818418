"""Moves of the particles of several systems at once; layout as in ``vector_kernels``."""

from attention_atlas.dynamics.clustering.vector_kernels import pair_number, store_four
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import NATIVE, load_native, sqrt, store, uniform_native

__all__ = ["move", "normalise"]


@inner(forceinline=True)
def _add_two(f0, f1, total, a, y0, y1):
    return f0 + a * y0, f1 + a * y1, total + a


@inner(forceinline=True)
def _two(x, at):
    return load_native(x, at), load_native(x, at + NATIVE)


@inner(forceinline=True)
def _write_two(x, at, own, scale, f0, f1, moved):
    x0, x1 = _two(x, at)
    stay = scale * own + 1.0
    store(moved, at, x0 * stay + f0 * scale)
    store(moved, at + NATIVE, x1 * stay + f1 * scale)


@inner(forceinline=True)
def _scale(total, own, step_size, uniform):
    """step_size / (own + total), or the uniform factor where that is not 0."""
    return step_size / (total + own) if uniform == 0.0 else uniform_native(uniform)


@inner(forceinline=True)
def _move_two(x, row, n, i, own, step_size, uniform, kernels, moved):
    """Both coordinates of the particles i ... i + 3."""
    f00 = f01 = f10 = f11 = f20 = f21 = f30 = f31 = uniform_native(0.0)
    t0 = t1 = t2 = t3 = uniform_native(0.0)
    p0, p1 = pair_number(i, 0) * NATIVE, pair_number(i + 1, 0) * NATIVE
    p2, p3 = pair_number(i + 2, 0) * NATIVE, pair_number(i + 3, 0) * NATIVE
    here = 0
    for j in range(0, i * NATIVE, NATIVE):
        y0, y1 = _two(x, here)
        f00, f01, t0 = _add_two(f00, f01, t0, load_native(kernels, p0 + j), y0, y1)
        f10, f11, t1 = _add_two(f10, f11, t1, load_native(kernels, p1 + j), y0, y1)
        f20, f21, t2 = _add_two(f20, f21, t2, load_native(kernels, p2 + j), y0, y1)
        f30, f31, t3 = _add_two(f30, f31, t3, load_native(kernels, p3 + j), y0, y1)
        here += row
    end = i * NATIVE
    a10, a20, a30 = load_native(kernels, p1 + end), load_native(kernels, p2 + end), load_native(kernels, p3 + end)
    end += NATIVE
    a21, a31, a32 = (
        load_native(kernels, p2 + end),
        load_native(kernels, p3 + end),
        load_native(kernels, p3 + end + NATIVE),
    )
    y0, y1 = _two(x, here)
    f10, f11, t1 = _add_two(f10, f11, t1, a10, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a20, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a30, y0, y1)
    y0, y1 = _two(x, here + row)
    f00, f01, t0 = _add_two(f00, f01, t0, a10, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a21, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a31, y0, y1)
    y0, y1 = _two(x, here + 2 * row)
    f00, f01, t0 = _add_two(f00, f01, t0, a20, y0, y1)
    f10, f11, t1 = _add_two(f10, f11, t1, a21, y0, y1)
    f30, f31, t3 = _add_two(f30, f31, t3, a32, y0, y1)
    y0, y1 = _two(x, here + 3 * row)
    f00, f01, t0 = _add_two(f00, f01, t0, a30, y0, y1)
    f10, f11, t1 = _add_two(f10, f11, t1, a31, y0, y1)
    f20, f21, t2 = _add_two(f20, f21, t2, a32, y0, y1)
    here += 4 * row
    q = pair_number(i + 4, i) * NATIVE
    for j in range(i + 4, n):
        y0, y1 = _two(x, here)
        f00, f01, t0 = _add_two(f00, f01, t0, load_native(kernels, q), y0, y1)
        f10, f11, t1 = _add_two(f10, f11, t1, load_native(kernels, q + NATIVE), y0, y1)
        f20, f21, t2 = _add_two(f20, f21, t2, load_native(kernels, q + 2 * NATIVE), y0, y1)
        f30, f31, t3 = _add_two(f30, f31, t3, load_native(kernels, q + 3 * NATIVE), y0, y1)
        here += row
        q += j * NATIVE
    s0, s1 = _scale(t0, own, step_size, uniform), _scale(t1, own, step_size, uniform)
    s2, s3 = _scale(t2, own, step_size, uniform), _scale(t3, own, step_size, uniform)
    here = i * row
    _write_two(x, here, own, s0, f00, f01, moved)
    _write_two(x, here + row, own, s1, f10, f11, moved)
    _write_two(x, here + 2 * row, own, s2, f20, f21, moved)
    _write_two(x, here + 3 * row, own, s3, f30, f31, moved)


@inner(forceinline=True)
def _add_four(f, a, y0, y1, y2, y3):
    return f[0] + a * y0, f[1] + a * y1, f[2] + a * y2, f[3] + a * y3


@inner(forceinline=True)
def _write_four(x, at, own, scale, f, moved):
    y, stay = _four(x, at), scale * own + 1.0
    store_four(
        moved,
        at,
        y[0] * stay + f[0] * scale,
        y[1] * stay + f[1] * scale,
        y[2] * stay + f[2] * scale,
        y[3] * stay + f[3] * scale,
    )


@inner(forceinline=True)
def _four(x, at):
    return (
        load_native(x, at),
        load_native(x, at + NATIVE),
        load_native(x, at + 2 * NATIVE),
        load_native(x, at + 3 * NATIVE),
    )


@inner(forceinline=True)
def _move_four(x, row, n, i, at, own, step_size, uniform, kernels, moved):
    """Four coordinates, from offset ``at`` on, of the particles i and i + 1."""
    z = uniform_native(0.0)
    f, g = (z, z, z, z), (z, z, z, z)
    t0 = t1 = z
    p0, p1 = pair_number(i, 0) * NATIVE, pair_number(i + 1, 0) * NATIVE
    here = at
    for j in range(0, i * NATIVE, NATIVE):
        y0, y1, y2, y3 = _four(x, here)
        a, b = load_native(kernels, p0 + j), load_native(kernels, p1 + j)
        f, g = _add_four(f, a, y0, y1, y2, y3), _add_four(g, b, y0, y1, y2, y3)
        t0, t1 = t0 + a, t1 + b
        here += row
    a = load_native(kernels, p1 + i * NATIVE)
    y0, y1, y2, y3 = _four(x, here)
    g = _add_four(g, a, y0, y1, y2, y3)
    y0, y1, y2, y3 = _four(x, here + row)
    f = _add_four(f, a, y0, y1, y2, y3)
    t0, t1 = t0 + a, t1 + a
    here += 2 * row
    q = pair_number(i + 2, i) * NATIVE
    for j in range(i + 2, n):
        y0, y1, y2, y3 = _four(x, here)
        a, b = load_native(kernels, q), load_native(kernels, q + NATIVE)
        f, g = _add_four(f, a, y0, y1, y2, y3), _add_four(g, b, y0, y1, y2, y3)
        t0, t1 = t0 + a, t1 + b
        here += row
        q += j * NATIVE
    s0, s1 = _scale(t0, own, step_size, uniform), _scale(t1, own, step_size, uniform)
    here = i * row + at
    _write_four(x, here, own, s0, f, moved)
    _write_four(x, here + row, own, s1, g, moved)


@inner(forceinline=True)
def _move_one(x, row, n, i, length, own, step_size, uniform, kernels, moved):
    """All coordinates of a particle that no tile holds; the other particles in the same order."""
    total = uniform_native(0.0)
    for j in range(n):
        if j != i:
            total = total + load_native(kernels, pair_number(max(i, j), min(i, j)) * NATIVE)
    scale = _scale(total, own, step_size, uniform)
    for at in range(0, length, NATIVE):
        f = uniform_native(0.0)
        for j in range(n):
            if j != i:
                f = f + load_native(kernels, pair_number(max(i, j), min(i, j)) * NATIVE) * load_native(x, j * row + at)
        store(moved, i * row + at, load_native(x, i * row + at) * (scale * own + 1.0) + f * scale)


@inner
def normalise(x, row, length, first, last):
    """Give the particles first ... last - 1 length 1."""
    for i in range(first, last):
        square = uniform_native(0.0)
        for at in range(i * row, i * row + length, NATIVE):
            here = load_native(x, at)
            square = square + here * here
        inverse = 1.0 / sqrt(square)
        for at in range(i * row, i * row + length, NATIVE):
            store(x, at, load_native(x, at) * inverse)


@inner
def move(x, n, coordinates, stride, own, step_size, uniform, kernels, moved):
    """moved_i = N(x_i + scale_i (own x_i + sum_{j != i} kernel_ij x_j)).

    scale_i is step_size / (own + sum_{j != i} kernel_ij), or ``uniform`` where that is not 0. A point
    that loses its length becomes NaN, and a NaN stays one.
    """
    row, length = stride * NATIVE, coordinates * NATIVE
    tiled = n - n % (4 if coordinates == 2 else 2)
    if coordinates == 2:
        for i in range(0, tiled, 4):
            _move_two(x, row, n, i, own, step_size, uniform, kernels, moved)
    else:
        # four coordinates of all points at a time: they and the kernels fit into the first cache
        for at in range(0, length, 4 * NATIVE):
            for i in range(0, tiled, 2):
                _move_four(x, row, n, i, at, own, step_size, uniform, kernels, moved)
    for i in range(tiled, n):
        _move_one(x, row, n, i, length, own, step_size, uniform, kernels, moved)
    normalise(moved, row, length, 0, n)
