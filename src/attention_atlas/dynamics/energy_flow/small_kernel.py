"""Euler steps of the attention energy flow for few particles or many runs, sixteen runs side by side in lanes.

Layout: coordinate c of particle i of the run in lane l of a group is
``x[group, i, c, l]``. Each lane has its own D, step size and beta, and nothing
that happens in one lane touches another: bits do not depend on the grouping.
"""

import math

import numpy as np
from numba import prange

from attention_atlas.dynamics.energy_flow.kernels import BLEW_UP, MAX_SQUARE, MIN_SQUARE, VANISHED
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lane_extras import choose, lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, larger, less, load, sqrt, store
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import exp2

__all__ = ["ADVANCE_GROUP", "advance_groups"]


@inner
def _pull(x, force, rates, rated):
    """Forces sum_j k_ij x_j of all lanes; returns the sum of k over all ordered pairs."""
    n, d, _ = x.shape
    force[:] = 0.0
    total = broadcast(0.0)
    diagonal = broadcast(0.0)
    for i in range(n):
        own = i * d * LANES
        square = broadcast(0.0)
        for c in range(0, d * LANES, LANES):
            scaled = load(rates, c) * load(x, own + c)
            store(rated, c, scaled)
            square = square + scaled * load(x, own + c)
        k = exp2(square)
        diagonal = diagonal + k
        for c in range(0, d * LANES, LANES):
            store(force, own + c, load(force, own + c) + k * load(x, own + c))
        for j in range(i + 1, n):
            other = j * d * LANES
            z = broadcast(0.0)
            for c in range(0, d * LANES, LANES):
                z = z + load(rated, c) * load(x, other + c)
            k = exp2(z)
            total = total + k
            for c in range(0, d * LANES, LANES):
                store(force, own + c, load(force, own + c) + k * load(x, other + c))
                store(force, other + c, load(force, other + c) + k * load(x, own + c))
    return total * 2.0 + diagonal


@inner
def _pull_plane(x, force, rates):
    """``_pull`` in two dimensions, where the sums of a particle stay in registers."""
    n = x.shape[0]
    row = 2 * LANES
    force[:] = 0.0
    rate0, rate1 = load(rates, 0), load(rates, LANES)
    total = broadcast(0.0)
    diagonal = broadcast(0.0)
    for i in range(n):
        x0, x1 = load(x, i * row), load(x, i * row + LANES)
        g0, g1 = rate0 * x0, rate1 * x1
        k = exp2(g0 * x0 + g1 * x1)
        diagonal = diagonal + k
        sum0 = load(force, i * row) + k * x0
        sum1 = load(force, i * row + LANES) + k * x1
        for j in range(i + 1, n):
            y0, y1 = load(x, j * row), load(x, j * row + LANES)
            k = exp2(g0 * y0 + g1 * y1)
            total = total + k
            sum0, sum1 = sum0 + k * y0, sum1 + k * y1
            store(force, j * row, load(force, j * row) + k * x0)
            store(force, j * row + LANES, load(force, j * row + LANES) + k * x1)
        store(force, i * row, sum0)
        store(force, i * row + LANES, sum1)
    return total * 2.0 + diagonal


@inner
def _pull_all(x, force, rates, rated):
    if x.shape[1] == 2:
        return _pull_plane(x, force, rates)
    return _pull(x, force, rates, rated)


@inner
def _move(x, force, pushes, noise, noisy, alive, short):
    """Euler step and return to the sphere in ``force``, then copy the lanes that are well.

    Returns 1 in the lanes that were alive and still are; counts in ``short`` the
    particles whose step left no direction.
    """
    n, d, _ = x.shape
    well = alive
    shorts = broadcast(0.0)
    for i in range(n):
        own = i * d * LANES
        square = broadcast(0.0)
        for c in range(0, d * LANES, LANES):
            moved = load(x, own + c) - load(pushes, c) * load(force, own + c)
            if noisy:
                moved = moved + load(noise, own + c)
            store(force, own + c, moved)
            square = square + moved * moved
        well = well * less(broadcast(MIN_SQUARE), square) * less(square, broadcast(MAX_SQUARE))
        shorts = shorts + less(square, broadcast(MIN_SQUARE))
        inverse = 1.0 / sqrt(square)
        for c in range(0, d * LANES, LANES):
            store(force, own + c, load(force, own + c) * inverse)
    for k in range(0, n * d * LANES, LANES):
        store(x, k, choose(well, load(force, k), load(x, k)))
    store(short, 0, shorts)
    return well


def _advance_group(
    group, x, rates, pushes, noise, noisy_steps, sign, first_step, slots, energies, before, worst, alive, status,
    failed_step,
):  # fmt: skip
    """One group of ``advance_groups``."""
    groups, n, d, _ = x.shape
    force = np.empty((n, d, LANES))
    rated = np.empty(d * LANES)
    short = np.empty(LANES)
    mine, rate, push = x[group], rates[group], pushes[group]
    going = load(alive, group * LANES)
    last = load(before, group * LANES)
    most = load(worst, group * LANES)
    for t in range(slots.size):
        total = _pull_all(mine, force, rate, rated)
        energy = total * (1.0 / (n * n))
        if slots[t] >= 0:
            store(energies, (slots[t] * groups + group) * LANES, choose(going, energy, broadcast(math.nan)))
        # ``larger`` keeps its second argument where the first is a NaN: in the first step
        most = choose(going, larger((energy - last) / last * sign, most), most)
        last = energy
        noisy = t < noisy_steps
        well = _move(mine, force, push, noise[t if noisy else 0, group], noisy, going, short)
        if lane_sum(well) != lane_sum(going):
            store(alive, group * LANES, well)
            for lane in range(LANES):
                if alive[group, lane] == 0.0 and status[group, lane] == 0:
                    status[group, lane] = VANISHED if short[lane] > 0 else BLEW_UP
                    failed_step[group, lane] = first_step + t
        going = well
    store(before, group * LANES, last)
    store(worst, group * LANES, most)


ADVANCE_GROUP = Separate("advance_group", _advance_group)
advance_group = ADVANCE_GROUP.call


@compiled(parallel=True)
def advance_groups(
    x, rates, pushes, noise, noisy_steps, sign, first_step, slots, energies, before, worst, alive, status,
    failed_step,
):  # fmt: skip
    """Advance all groups of sixteen runs by ``slots.size`` steps, one group a thread.

    Parameters
    ----------
    x
        (groups, n, d, LANES) positions, changed in place.
    rates, pushes
        (groups, d, LANES) as for ``advance_runs``.
    noise, noisy_steps
        (one or more, groups, n, d, LANES) noise of the first ``noisy_steps`` steps; later ones have none.
    sign, slots, energies
        As for ``advance_runs``, with energies (kept, groups, LANES).
    before, worst
        (groups, LANES) energy before the last step and the largest relative change against the flow. Changed in place.
    alive, status, failed_step
        (groups, LANES): 1.0 for a run that goes on, why and when one stopped. Changed in place.
    """
    for group in prange(x.shape[0]):
        advance_group(
            group, x, rates, pushes, noise, noisy_steps, sign, first_step, slots, energies, before, worst, alive, status,
            failed_step,
        )  # fmt: skip
