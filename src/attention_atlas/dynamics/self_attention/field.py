"""The attention field of one system of particles, with sixteen particles in the lanes.

Layout: coordinate c of particle i is ``x[c, i]``; the second axis is padded to a
multiple of ``LANES`` with copies of particle 0. Lanes are *receiving* particles;
the sum over senders j runs over the active particles only, so the padding
needs no weight, and a system's bits depend on nothing but the system.

Particles may carry a weight (a number of tokens merged into one).
"""

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lane_extras import lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, less, load, sqrt, store
from attention_atlas.numerics.vectors import exp2

__all__ = ["attention_sums", "close_pairs", "padded", "remove_radial", "spread", "step_and_normalise", "transform"]


def padded(particles: int) -> int:
    """Smallest multiple of ``LANES`` that holds ``particles``."""
    return -(-particles // LANES) * LANES


@inner
def spread(start, x, weights):
    """Copy points (n, d) into the columns of x, with weight 1; the padding repeats particle 0 with weight 0."""
    d, width = x.shape
    n = start.shape[0]
    for i in range(width):
        weights[i] = 1.0 if i < n else 0.0
        for c in range(d):
            x[c, i] = start[i if i < n else 0, c]


@inner
def transform(matrix, x, active, out):
    """out = matrix x for the columns in use; the two arrays must differ."""
    d, width = x.shape
    fours = d - d % 4
    for block in range(0, active, LANES):
        for c in range(0, fours, 4):
            t0 = broadcast(0.0)
            t1 = broadcast(0.0)
            t2 = broadcast(0.0)
            t3 = broadcast(0.0)
            for k in range(d):
                here = load(x, k * width + block)
                t0 = t0 + here * matrix[c, k]
                t1 = t1 + here * matrix[c + 1, k]
                t2 = t2 + here * matrix[c + 2, k]
                t3 = t3 + here * matrix[c + 3, k]
            store(out, c * width + block, t0)
            store(out, (c + 1) * width + block, t1)
            store(out, (c + 2) * width + block, t2)
            store(out, (c + 3) * width + block, t3)
        for c in range(fours, d):
            total = broadcast(0.0)
            for k in range(d):
                total = total + load(x, k * width + block) * matrix[c, k]
            store(out, c * width + block, total)


@inner
def _kernel_column(x, keys, weights, active, block, factor, shift, kernel):
    """kernel[j] = w_j 2^(factor <x_i, k_j> - shift) for the sixteen i of a block; returns their sum over j."""
    d, width = x.shape
    total = broadcast(0.0)
    fours = active - active % 4
    for j in range(0, fours, 4):
        s0 = broadcast(0.0)
        s1 = broadcast(0.0)
        s2 = broadcast(0.0)
        s3 = broadcast(0.0)
        for c in range(d):
            here = load(x, c * width + block)
            s0 = s0 + here * keys[c, j]
            s1 = s1 + here * keys[c, j + 1]
            s2 = s2 + here * keys[c, j + 2]
            s3 = s3 + here * keys[c, j + 3]
        a0 = exp2(s0 * factor - shift) * weights[j]
        a1 = exp2(s1 * factor - shift) * weights[j + 1]
        a2 = exp2(s2 * factor - shift) * weights[j + 2]
        a3 = exp2(s3 * factor - shift) * weights[j + 3]
        store(kernel, j * LANES, a0)
        store(kernel, (j + 1) * LANES, a1)
        store(kernel, (j + 2) * LANES, a2)
        store(kernel, (j + 3) * LANES, a3)
        total = total + ((a0 + a1) + (a2 + a3))
    for j in range(fours, active):
        s0 = broadcast(0.0)
        for c in range(d):
            s0 = s0 + load(x, c * width + block) * keys[c, j]
        a0 = exp2(s0 * factor - shift) * weights[j]
        store(kernel, j * LANES, a0)
        total = total + a0
    return total


@inner
def _weighted_sums(values, active, block, kernel, scale, sums):
    """sums[c, i] = scale_i sum_j kernel[j, i] values[c, j] for the sixteen i of a block."""
    d, width = values.shape
    fours = d - d % 4
    for c in range(0, fours, 4):
        f0 = broadcast(0.0)
        f1 = broadcast(0.0)
        f2 = broadcast(0.0)
        f3 = broadcast(0.0)
        for j in range(active):
            a = load(kernel, j * LANES)
            f0 = f0 + a * values[c, j]
            f1 = f1 + a * values[c + 1, j]
            f2 = f2 + a * values[c + 2, j]
            f3 = f3 + a * values[c + 3, j]
        store(sums, c * width + block, f0 * scale)
        store(sums, (c + 1) * width + block, f1 * scale)
        store(sums, (c + 2) * width + block, f2 * scale)
        store(sums, (c + 3) * width + block, f3 * scale)
    for c in range(fours, d):
        even = broadcast(0.0)
        odd = broadcast(0.0)
        for j in range(0, active - 1, 2):
            even = even + load(kernel, j * LANES) * values[c, j]
            odd = odd + load(kernel, (j + 1) * LANES) * values[c, j + 1]
        if active % 2:
            even = even + load(kernel, (active - 1) * LANES) * values[c, active - 1]
        store(sums, c * width + block, (even + odd) * scale)


@inner
def attention_sums(x, keys, values, weights, active, factor, shift, normalised, inverse_count, kernel, sums):
    """sum_j A_ij v_j with A the softmax (``normalised``) or 2^(factor <x_i, k_j>) / n, factor = beta log2(e).

    ``shift`` is subtracted from the exponent: for the softmax any number near the
    largest exponent (it cancels), for the unnormalised kernel 0. ``kernel`` is
    scratch of active * LANES numbers, ``inverse_count`` is 1/n.
    """
    for block in range(0, active, LANES):
        total = _kernel_column(x, keys, weights, active, block, factor, shift, kernel)
        scale = 1.0 / total if normalised else broadcast(inverse_count)
        _weighted_sums(values, active, block, kernel, scale, sums)


@inner
def step_and_normalise(x, sums, active, step_size):
    """x_i <- N(x_i + step_size sums_i): the published step. Returns the smallest squared length met."""
    d, width = x.shape
    smallest = 1e300
    for block in range(0, active, LANES):
        square = broadcast(0.0)
        for c in range(d):
            at = c * width + block
            moved = load(x, at) + load(sums, at) * step_size
            store(sums, at, moved)
            square = square + moved * moved
        inverse = 1.0 / sqrt(square)
        for c in range(d):
            at = c * width + block
            store(x, at, load(sums, at) * inverse)
        # NaN and 0 both end up in this sum; a healthy one is of order one
        smallest = min(smallest, 1.0 / lane_sum(inverse))
    return smallest


@inner
def remove_radial(x, weights, sums, active):
    """sums_i <- P_{x_i} sums_i = sums_i - <x_i, sums_i> x_i, and 0 for lanes without weight.

    A lane without weight that moved would be a passive tracer inside a heavy
    cluster, and its stiffness would limit the steps of an adaptive integrator.
    """
    d, width = x.shape
    for block in range(0, active, LANES):
        mask = less(broadcast(0.0), load(weights, block))
        radial = broadcast(0.0)
        for c in range(d):
            at = c * width + block
            radial = radial + load(x, at) * load(sums, at)
        for c in range(d):
            at = c * width + block
            store(sums, at, (load(sums, at) - radial * load(x, at)) * mask)


@inner
def close_pairs(x, weights, active, threshold):
    """Weighted number of ordered pairs (i, j), i = j included, with <x_i, x_j> > threshold.

    Tokens merged into one particle count as close pairs among themselves, so
    all n tokens give n**2. Padding has weight 0.
    """
    d, width = x.shape
    found = broadcast(0.0)
    bound = broadcast(threshold)
    fours = active - active % 4
    for block in range(0, active, LANES):
        near = broadcast(0.0)
        for j in range(0, fours, 4):
            s0 = broadcast(0.0)
            s1 = broadcast(0.0)
            s2 = broadcast(0.0)
            s3 = broadcast(0.0)
            for c in range(d):
                here = load(x, c * width + block)
                s0 = s0 + here * x[c, j]
                s1 = s1 + here * x[c, j + 1]
                s2 = s2 + here * x[c, j + 2]
                s3 = s3 + here * x[c, j + 3]
            near = near + (less(bound, s0) * weights[j] + less(bound, s1) * weights[j + 1])
            near = near + (less(bound, s2) * weights[j + 2] + less(bound, s3) * weights[j + 3])
        for j in range(fours, active):
            s0 = broadcast(0.0)
            for c in range(d):
                s0 = s0 + load(x, c * width + block) * x[c, j]
            near = near + less(bound, s0) * weights[j]
        found = found + near * load(weights, block)
    return lane_sum(found)
