"""Kernels of the mean-field map: sixteen runs side by side, a window as a ring.

Layout. A block is ``LANES`` runs. Its window is a flat array of L slots of
``SLOT`` vectors each: three of A, three of the value field, three of the key
field. The newest entry overwrites the oldest, so nothing is shifted; its
fields are computed once, when it enters (four tanh a step whatever L is).
Between calls the query of the newest entry is kept too.

The arrays of one block, each a row of an array in ``Blocks``:

window : (L * SLOT * LANES,)
query : (3 * LANES,), gamma times the query field of the newest entry
weights : (L * LANES,), scratch for the softmax
gains : (4 * LANES,), rows beta, gamma, epsilon, 1 - epsilon
"""

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.weights import KEY, OUTPUT, QUERY, VALUE
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES, broadcast, exp, larger, load, store, tanh

__all__ = [
    "BETA",
    "EPSILON",
    "GAMMA",
    "KEYS",
    "REST",
    "SLOT",
    "VALUES",
    "Blocks",
    "Coefficients",
    "Tape",
    "advance",
    "enter_all",
]

SLOT = 9
VALUES, KEYS = 3 * LANES, 6 * LANES
BETA, GAMMA, EPSILON, REST = 0, LANES, 2 * LANES, 3 * LANES


class Blocks(NamedTuple):
    """All blocks of a run, one a row."""

    windows: NDArray[np.float64]
    queries: NDArray[np.float64]
    weights: NDArray[np.float64]
    gains: NDArray[np.float64]


class Coefficients(NamedTuple):
    """``response`` (4, 3, 4) and ``positional`` (4, P, 3) of the model, and its window length."""

    response: NDArray[np.float64]
    positional: NDArray[np.float64]
    context: int


class Tape(NamedTuple):
    """Where steps are recorded: ``numbers`` is (blocks, capacity, channels, LANES), flat.

    Three channels hold m^{o,se} of the state after a step, six also A. The next step goes to
    ``position``; a full tape, or one without capacity, records nothing.
    """

    numbers: NDArray[np.float64]
    capacity: int
    channels: int
    position: int


@inner(forceinline=True)
def unit_responses(window, base, gains):
    """T_j = tanh(beta sigma_j . A) of the entry that starts at ``base``."""
    beta = load(gains, BETA)
    x = load(window, base) * beta
    y = load(window, base + LANES) * beta
    z = load(window, base + 2 * LANES) * beta
    return tanh(x + y + z), tanh(x + y - z), tanh(x - y + z), tanh(x - y - z)


@inner(forceinline=True)
def semantic_field(response, which, a, t0, t1, t2, t3):
    """Sum over the sign classes for pattern ``a`` of field ``which``."""
    row = response[which, a]
    return t0 * row[0] + t1 * row[1] + t2 * row[2] + t3 * row[3]


@inner(forceinline=True)
def enter(window, query, gains, coefficients, slot, phase):
    """Value, key and query field of the entry in ``slot``; returns its four T_j."""
    response, positional = coefficients.response, coefficients.positional
    base = slot * SLOT * LANES
    t0, t1, t2, t3 = unit_responses(window, base, gains)
    epsilon, rest, gamma = load(gains, EPSILON), load(gains, REST), load(gains, GAMMA)
    for a in range(3):
        here = base + a * LANES
        value = semantic_field(response, VALUE, a, t0, t1, t2, t3) * rest + epsilon * positional[VALUE, phase, a]
        key = semantic_field(response, KEY, a, t0, t1, t2, t3) * rest + epsilon * positional[KEY, phase, a]
        asked = semantic_field(response, QUERY, a, t0, t1, t2, t3) * rest + epsilon * positional[QUERY, phase, a]
        store(window, here + VALUES, value)
        store(window, here + KEYS, key)
        store(query, a * LANES, gamma * asked)
    return t0, t1, t2, t3


@inner(forceinline=True)
def softmax_weights(window, query, weights, context):
    """Softmax numerators of the window entries into ``weights``; returns their sum."""
    q0, q1, q2 = load(query, 0), load(query, LANES), load(query, 2 * LANES)
    top = broadcast(-1e300)
    for slot in range(context):
        keys = slot * SLOT * LANES + KEYS
        logit = q0 * load(window, keys) + q1 * load(window, keys + LANES) + q2 * load(window, keys + 2 * LANES)
        store(weights, slot * LANES, logit)
        top = larger(top, logit)
    total = broadcast(0.0)
    for slot in range(context):
        numerator = exp(load(weights, slot * LANES) - top)
        store(weights, slot * LANES, numerator)
        total = total + numerator
    return total


@inner(forceinline=True)
def mean_value(window, weights, total, context):
    """A = sum_d softmax_d v(d), three vectors."""
    x, y, z = broadcast(0.0), broadcast(0.0), broadcast(0.0)
    for slot in range(context):
        values = slot * SLOT * LANES + VALUES
        weight = load(weights, slot * LANES)
        x = x + weight * load(window, values)
        y = y + weight * load(window, values + LANES)
        z = z + weight * load(window, values + 2 * LANES)
    return x / total, y / total, z / total


@inner(forceinline=True)
def put_attention(window, slot, x, y, z):
    base = slot * SLOT * LANES
    store(window, base, x)
    store(window, base + LANES, y)
    store(window, base + 2 * LANES, z)


@inner(forceinline=True)
def record_entry(tape, block, step, window, slot, gains, response, t0, t1, t2, t3):
    """Write m^{o,se} and, with six channels, A of the newest entry, ``step`` steps into a call."""
    if tape.position + step >= tape.capacity:
        return
    at = (block * tape.capacity + tape.position + step) * tape.channels * LANES
    rest = load(gains, REST)
    for a in range(3):
        store(tape.numbers, at + a * LANES, semantic_field(response, OUTPUT, a, t0, t1, t2, t3) * rest)
    if tape.channels == 6:
        base = slot * SLOT * LANES
        for a in range(3):
            store(tape.numbers, at + (3 + a) * LANES, load(window, base + a * LANES))


@compiled
def enter_all(blocks, coefficients, slot, phase):
    """Fields of all entries of fresh windows; ``slot`` and ``phase`` are those of the newest."""
    context, cycle = coefficients.context, coefficients.positional.shape[1]
    for block in range(blocks.windows.shape[0]):
        window, query, gains = blocks.windows[block], blocks.queries[block], blocks.gains[block]
        for age in range(context - 1, -1, -1):
            enter(window, query, gains, coefficients, (slot - age) % context, (phase - age) % cycle)


@compiled(parallel=True)
def advance(blocks, coefficients, slot, phase, steps, tape):
    """``steps`` steps of all blocks, recorded on ``tape``."""
    context, cycle = coefficients.context, coefficients.positional.shape[1]
    for block in prange(blocks.windows.shape[0]):
        window, query, gains = blocks.windows[block], blocks.queries[block], blocks.gains[block]
        weights = blocks.weights[block]
        s, p = slot, phase
        for step in range(steps):
            total = softmax_weights(window, query, weights, context)
            x, y, z = mean_value(window, weights, total, context)
            s = s + 1 if s + 1 < context else 0
            p = p + 1 if p + 1 < cycle else 0
            put_attention(window, s, x, y, z)
            t0, t1, t2, t3 = enter(window, query, gains, coefficients, s, p)
            record_entry(tape, block, step, window, s, gains, coefficients.response, t0, t1, t2, t3)
