"""Euler steps of the attention energy flow for few particles, sixteen runs side by side in lanes.

Layout: coordinate c of particle i of the run in lane l of a group is
``x[group, i, c, l]``. Each lane has its own D, step size and beta, and nothing
that happens in one lane touches another: bits do not depend on the grouping.
"""

import math

import numpy as np
from numba import njit, prange

from attention_atlas.dynamics.energy_flow_kernels import BLEW_UP, LONGEST, SHORTEST, VANISHED
from attention_atlas.numerics.lane_extras import choose, lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, exp, less, load, sqrt, store

__all__ = ["advance_groups"]


@njit(cache=True, error_model="numpy")
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
        k = exp(square)
        diagonal = diagonal + k
        for c in range(0, d * LANES, LANES):
            store(force, own + c, load(force, own + c) + k * load(x, own + c))
        for j in range(i + 1, n):
            other = j * d * LANES
            z = broadcast(0.0)
            for c in range(0, d * LANES, LANES):
                z = z + load(rated, c) * load(x, other + c)
            k = exp(z)
            total = total + k
            for c in range(0, d * LANES, LANES):
                store(force, own + c, load(force, own + c) + k * load(x, other + c))
                store(force, other + c, load(force, other + c) + k * load(x, own + c))
    return total * 2.0 + diagonal


@njit(cache=True, error_model="numpy")
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
        well = well * less(broadcast(SHORTEST), square) * less(square, broadcast(LONGEST))
        shorts = shorts + less(square, broadcast(SHORTEST))
        inverse = 1.0 / sqrt(square)
        for c in range(0, d * LANES, LANES):
            store(force, own + c, load(force, own + c) * inverse)
    for k in range(0, n * d * LANES, LANES):
        store(x, k, choose(well, load(force, k), load(x, k)))
    store(short, 0, shorts)
    return well


@njit(cache=True, parallel=True)
def advance_groups(x, rates, pushes, noise, noisy_steps, first_step, energies, alive, status, failed_step):
    """Advance all groups of sixteen runs by ``energies.shape[0]`` steps, one group a thread.

    Parameters
    ----------
    x
        (groups, n, d, LANES) positions, changed in place.
    rates, pushes
        (groups, d, LANES) beta lambda_c and s tau lambda_c / n.
    noise, noisy_steps
        (one or more, groups, n, d, LANES) noise of the first ``noisy_steps`` steps; later ones have none.
    energies
        (steps, groups, LANES) energy before each step; NaN after a failure.
    alive, status, failed_step
        (groups, LANES): 1.0 for a run that goes on, why and when one stopped. Changed in place.
    """
    steps = energies.shape[0]
    groups, n, d, _ = x.shape
    for group in prange(groups):
        force = np.empty((n, d, LANES))
        rated = np.empty(d * LANES)
        short = np.empty(LANES)
        going = load(alive, group * LANES)
        for t in range(steps):
            total = _pull(x[group], force, rates[group], rated)
            energy = choose(going, total * (1.0 / (n * n)), broadcast(math.nan))
            store(energies, (t * groups + group) * LANES, energy)
            noisy = t < noisy_steps
            well = _move(x[group], force, pushes[group], noise[t if noisy else 0, group], noisy, going, short)
            if lane_sum(well) != lane_sum(going):
                store(alive, group * LANES, well)
                for lane in range(LANES):
                    if alive[group, lane] == 0.0 and status[group, lane] == 0:
                        status[group, lane] = VANISHED if short[lane] > 0 else BLEW_UP
                        failed_step[group, lane] = first_step + t
            going = well
