"""Analytic Jacobian of one step of the mean-field map, sixteen runs side by side.

The window shift makes it a block companion matrix: M new rows, made of one
block d A_new/d A(slot) for each slot of the ring, and an identity for the rest.

Flat arrays of one block beside those of ``mean_field_kernel``:

slopes : (L * SLOPE * LANES,), for each slot d v/d A (3 x 3) and d k/d A (3 x 3)
jacobian : ((L * 9 + EXTRA) * LANES,), the blocks slot by slot, row-major, then
    gamma d q/d A of the newest entry and scratch
"""

from attention_atlas.dynamics.mean_field.kernel import BETA, GAMMA, KEYS, REST, SLOT, VALUES
from attention_atlas.dynamics.mean_field.weights import KEY, QUERY, VALUE
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lanes import LANES, broadcast, load, store

__all__ = ["EXTRA", "SLOPE", "enter_slopes", "fill_jacobian"]

SLOPE = 18
EXTRA = 18


@inner(forceinline=True)
def _slope_rows(out, at, response, which, patterns, scale, g0, g1, g2, g3):
    """d field_a / d A_b = sum_j S_ja sigma_jb g_j, nine vectors at ``at``; 0 for b that is padding."""
    second = 1.0 if patterns > 1 else 0.0
    third = 1.0 if patterns > 2 else 0.0
    for a in range(3):
        row = response[which, a]
        u0, u1, u2, u3 = g0 * row[0], g1 * row[1], g2 * row[2], g3 * row[3]
        store(out, at + 3 * a * LANES, (u0 + u1 + u2 + u3) * scale)
        store(out, at + (3 * a + 1) * LANES, (u0 + u1 - u2 - u3) * scale * second)
        store(out, at + (3 * a + 2) * LANES, (u0 - u1 + u2 - u3) * scale * third)


@inner(forceinline=True)
def enter_slopes(slopes, jacobian, gains, response, slot, context, patterns, t0, t1, t2, t3):
    """Slopes of the fields of the entry in ``slot``; those of the query go behind the Jacobian."""
    factor = load(gains, BETA) * load(gains, REST)
    g0, g1 = factor - factor * t0 * t0, factor - factor * t1 * t1
    g2, g3 = factor - factor * t2 * t2, factor - factor * t3 * t3
    at = slot * SLOPE * LANES
    one = broadcast(1.0)
    _slope_rows(slopes, at, response, VALUE, patterns, one, g0, g1, g2, g3)
    _slope_rows(slopes, at + 9 * LANES, response, KEY, patterns, one, g0, g1, g2, g3)
    _slope_rows(jacobian, context * 9 * LANES, response, QUERY, patterns, load(gains, GAMMA), g0, g1, g2, g3)


@inner(forceinline=True)
def _slot_jacobian(window, slopes, query, jacobian, weight, slot, x, y, z):
    """Block d A_new/d A of one slot without the query's share, and that share's sums.

    w_d dv/dA + w_d (v(d) - A_new) (gamma q . dk/dA)
    """
    base, at, to = slot * SLOT * LANES, slot * SLOPE * LANES, slot * 9 * LANES
    keys = at + 9 * LANES
    q0, q1, q2 = load(query, 0), load(query, LANES), load(query, 2 * LANES)
    e0 = weight * (load(window, base + VALUES) - x)
    e1 = weight * (load(window, base + VALUES + LANES) - y)
    e2 = weight * (load(window, base + VALUES + 2 * LANES) - z)
    for b in range(3):
        pull = q0 * load(slopes, keys + b * LANES)
        pull = pull + q1 * load(slopes, keys + (3 + b) * LANES)
        pull = pull + q2 * load(slopes, keys + (6 + b) * LANES)
        store(jacobian, to + b * LANES, weight * load(slopes, at + b * LANES) + e0 * pull)
        store(jacobian, to + (3 + b) * LANES, weight * load(slopes, at + (3 + b) * LANES) + e1 * pull)
        store(jacobian, to + (6 + b) * LANES, weight * load(slopes, at + (6 + b) * LANES) + e2 * pull)
    return e0, e1, e2


@inner(forceinline=True)
def fill_jacobian(window, slopes, query, weights, jacobian, total, slot, context, x, y, z):
    """All blocks d A_new/d A(slot); ``slot`` is the newest, whose query asked."""
    extra = (context * 9 + 9) * LANES
    for i in range(9):
        store(jacobian, extra + i * LANES, broadcast(0.0))
    for s in range(context):
        weight = load(weights, s * LANES) / total
        e0, e1, e2 = _slot_jacobian(window, slopes, query, jacobian, weight, s, x, y, z)
        keys = s * SLOT * LANES + KEYS
        for c in range(3):
            k = load(window, keys + c * LANES)
            store(jacobian, extra + c * LANES, load(jacobian, extra + c * LANES) + e0 * k)
            store(jacobian, extra + (3 + c) * LANES, load(jacobian, extra + (3 + c) * LANES) + e1 * k)
            store(jacobian, extra + (6 + c) * LANES, load(jacobian, extra + (6 + c) * LANES) + e2 * k)
    asked, newest = context * 9 * LANES, slot * 9 * LANES
    for a in range(3):
        m0 = load(jacobian, extra + 3 * a * LANES)
        m1 = load(jacobian, extra + (3 * a + 1) * LANES)
        m2 = load(jacobian, extra + (3 * a + 2) * LANES)
        for b in range(3):
            share = m0 * load(jacobian, asked + b * LANES)
            share = share + m1 * load(jacobian, asked + (3 + b) * LANES)
            share = share + m2 * load(jacobian, asked + (6 + b) * LANES)
            here = newest + (3 * a + b) * LANES
            store(jacobian, here, load(jacobian, here) + share)
