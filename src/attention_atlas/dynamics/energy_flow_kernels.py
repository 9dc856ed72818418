"""Euler steps of the attention energy flow, the particles of one run side by side in lanes.

The coordinates are those in which D is diagonal. The matrix of exponentials is
symmetric: each is computed once, for j >= i, and pulls both particles.

Layout: coordinate c of particle j of run r is ``x[r, c, j]``, padded with ghosts
to whole vectors. A ghost rests at the first unit vector and has weight 0.

Bits do not depend on threads or on how runs are grouped: rows are dealt to
``parts`` partial sums, a number that follows from n alone, and the partial sums
are added in their order, by whichever thread.
"""

import numpy as np
from numba import njit, prange

from attention_atlas.numerics.lane_extras import choose, exp_small, lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, exp, less, load, sqrt, store

__all__ = ["BLEW_UP", "OK", "VANISHED", "advance_runs", "advance_wide_runs"]

OK, BLEW_UP, VANISHED = 0, 1, 2
# Squared length of x after the Euler step and before it is normalised. Below the
# lower bound the step has cancelled x to ten digits: no direction is left.
SHORTEST, LONGEST = 1e-20, 1e280


@njit(cache=True, forceinline=True)
def _exponential(z, small):
    return exp_small(z) if small else exp(z)


@njit(cache=True, error_model="numpy")
def _pull_2(x, force, rates, n, part, parts, small, weights):
    """Forces sum_j k_ij x_j of one part's rows in two dimensions; returns half the sum of k."""
    m = x.shape[1]
    force[:] = 0.0
    total = broadcast(0.0)
    last = m - LANES if n < m else -1
    for block in range(m // LANES):
        turn = block % (2 * parts)
        if turn != part and turn != 2 * parts - 1 - part:
            continue
        start = block * LANES
        for i in range(start, min(start + LANES, n)):
            x0, x1 = broadcast(x[0, i]), broadcast(x[1, i])
            g0, g1 = x0 * rates[0], x1 * rates[1]
            sum0, sum1 = broadcast(0.0), broadcast(0.0)
            for j in range(start, m, LANES):
                y0, y1 = load(x, j), load(x, m + j)
                k = _exponential(g0 * y0 + g1 * y1, small)
                if j == start:  # 0 for partners before i, one half for i itself
                    k = k * load(weights, LANES - (i - start))
                if j == last:
                    k = k * load(weights, 2 * LANES)
                total = total + k
                sum0, sum1 = sum0 + k * y0, sum1 + k * y1
                store(force, j, load(force, j) + k * x0)
                store(force, m + j, load(force, m + j) + k * x1)
            force[0, i] += lane_sum(sum0)
            force[1, i] += lane_sum(sum1)
    return lane_sum(total)


@njit(cache=True, error_model="numpy")
def _pull_3(x, force, rates, n, part, parts, small, weights):
    """``_pull_2`` in three dimensions."""
    m = x.shape[1]
    force[:] = 0.0
    total = broadcast(0.0)
    last = m - LANES if n < m else -1
    for block in range(m // LANES):
        turn = block % (2 * parts)
        if turn != part and turn != 2 * parts - 1 - part:
            continue
        start = block * LANES
        for i in range(start, min(start + LANES, n)):
            x0, x1, x2 = broadcast(x[0, i]), broadcast(x[1, i]), broadcast(x[2, i])
            g0, g1, g2 = x0 * rates[0], x1 * rates[1], x2 * rates[2]
            sum0, sum1, sum2 = broadcast(0.0), broadcast(0.0), broadcast(0.0)
            for j in range(start, m, LANES):
                y0, y1, y2 = load(x, j), load(x, m + j), load(x, 2 * m + j)
                k = _exponential(g0 * y0 + g1 * y1 + g2 * y2, small)
                if j == start:
                    k = k * load(weights, LANES - (i - start))
                if j == last:
                    k = k * load(weights, 2 * LANES)
                total = total + k
                sum0, sum1, sum2 = sum0 + k * y0, sum1 + k * y1, sum2 + k * y2
                store(force, j, load(force, j) + k * x0)
                store(force, m + j, load(force, m + j) + k * x1)
                store(force, 2 * m + j, load(force, 2 * m + j) + k * x2)
            force[0, i] += lane_sum(sum0)
            force[1, i] += lane_sum(sum1)
            force[2, i] += lane_sum(sum2)
    return lane_sum(total)


@njit(cache=True, error_model="numpy")
def _pull_any(x, force, rates, n, part, parts, small, weights, sums):
    """``_pull_2`` in any dimension; ``sums`` is scratch for d vectors."""
    d, m = x.shape
    force[:] = 0.0
    total = broadcast(0.0)
    last = m - LANES if n < m else -1
    for block in range(m // LANES):
        turn = block % (2 * parts)
        if turn != part and turn != 2 * parts - 1 - part:
            continue
        start = block * LANES
        for i in range(start, min(start + LANES, n)):
            sums[:] = 0.0
            for j in range(start, m, LANES):
                z = broadcast(0.0)
                for c in range(d):
                    z = z + (rates[c] * x[c, i]) * load(x, c * m + j)
                k = _exponential(z, small)
                if j == start:
                    k = k * load(weights, LANES - (i - start))
                if j == last:
                    k = k * load(weights, 2 * LANES)
                total = total + k
                for c in range(d):
                    store(sums, c * LANES, load(sums, c * LANES) + k * load(x, c * m + j))
                    store(force, c * m + j, load(force, c * m + j) + k * x[c, i])
            for c in range(d):
                force[c, i] += lane_sum(load(sums, c * LANES))
    return lane_sum(total)


@njit(cache=True)
def _pull(x, force, rates, n, part, parts, small, weights, sums):
    if x.shape[0] == 2:
        return _pull_2(x, force, rates, n, part, parts, small, weights)
    if x.shape[0] == 3:
        return _pull_3(x, force, rates, n, part, parts, small, weights)
    return _pull_any(x, force, rates, n, part, parts, small, weights, sums)


@njit(cache=True, error_model="numpy")
def _move(x, forces, pushes, noise, noisy):
    """One Euler step and the return to the sphere; OK, or why x was left where it was.

    ``forces[part]`` are the partial sums (the first is overwritten), ``pushes``
    the factors s tau lambda_c / n, ``noise`` is added if ``noisy``.
    """
    parts, d, m = forces.shape
    good = broadcast(0.0)
    short = broadcast(0.0)
    for j in range(0, m, LANES):
        square = broadcast(0.0)
        for c in range(d):
            force = load(forces, c * m + j)
            for part in range(1, parts):
                force = force + load(forces, (part * d + c) * m + j)
            moved = load(x, c * m + j) - force * pushes[c]
            if noisy:
                moved = moved + load(noise, c * m + j)
            store(forces, c * m + j, moved)
            square = square + moved * moved
        good = good + less(broadcast(SHORTEST), square) * less(square, broadcast(LONGEST))
        short = short + choose(less(square, broadcast(SHORTEST)), broadcast(1.0), broadcast(0.0))
        inverse = 1.0 / sqrt(square)
        for c in range(d):
            store(forces, c * m + j, load(forces, c * m + j) * inverse)
    if lane_sum(good) != m:
        return VANISHED if lane_sum(short) > 0 else BLEW_UP
    for c in range(d):
        for j in range(0, m, LANES):
            store(x, c * m + j, load(forces, c * m + j))
    return OK


@njit(cache=True, error_model="numpy")
def _record(t, run, energy, sign, slots, energies, before, worst):
    """Keep the energy before step t if it is asked for, and the worst change so far."""
    if slots[t] >= 0:
        energies[slots[t], run] = energy
    change = sign * (energy - before[run]) / before[run]
    if change > worst[run]:  # false for a NaN
        worst[run] = change
    before[run] = energy


@njit(cache=True, parallel=True)
def advance_runs(
    x, n, rates, pushes, small, weights, parts, noise, noisy_steps, sign, first_step, slots, energies, before, worst,
    status, failed_step,
):  # fmt: skip
    """Advance all runs by ``slots.size`` steps, one run a thread.

    Parameters
    ----------
    x
        (runs, d, m) positions, changed in place.
    rates, pushes
        (runs, d) beta lambda_c and s tau lambda_c / n.
    small
        (runs,) whether every exponent of the run is within EXP_SMALL_BOUND.
    weights
        3 vectors: LANES zeros, one half and LANES - 1 ones (a window of them weighs the partners in the vector
        that holds the particle itself), then 1 for particles and 0 for ghosts in the last vector.
    noise, noisy_steps
        (one or more, runs, d, m) noise of the first ``noisy_steps`` steps; later ones have none.
    sign
        +1 for a descent, -1 for an ascent.
    slots, energies
        (steps,) and (kept, runs): the energy before step t goes to the row slots[t], or nowhere if that is negative.
    before, worst
        (runs,) energy before the last step and the largest relative change against the flow. Changed in place.
    status, failed_step
        (runs,) changed in place where a run fails; a run that has failed stays.
    """
    runs, d, m = x.shape
    for run in prange(runs):
        if status[run] == OK:
            # scratch of this run, allocated here because only the running ones need it
            forces = np.empty((parts, d, m))
            sums = np.empty(d * LANES)
            for t in range(slots.size):
                total = 0.0
                for part in range(parts):
                    total += _pull(x[run], forces[part], rates[run], n, part, parts, small[run], weights, sums)
                noisy = t < noisy_steps
                outcome = _move(x[run], forces, pushes[run], noise[t if noisy else 0, run], noisy)
                _record(t, run, 2.0 * total / (n * n), sign, slots, energies, before, worst)
                if outcome != OK:
                    status[run], failed_step[run] = outcome, first_step + t
                    break


@njit(cache=True, parallel=True)
def advance_wide_runs(
    x, n, rates, pushes, small, weights, parts, noise, noisy_steps, sign, first_step, slots, energies, before, worst,
    status, failed_step,
):  # fmt: skip
    """As ``advance_runs``, to the last bit, with all threads on one run after the other."""
    runs, d, m = x.shape
    forces = np.empty((parts, d, m))
    sums = np.empty((parts, d * LANES))
    totals = np.empty(parts)
    for run in range(runs):
        if status[run] != OK:
            continue
        for t in range(slots.size):
            for part in prange(parts):
                totals[part] = _pull(x[run], forces[part], rates[run], n, part, parts, small[run], weights, sums[part])
            total = 0.0
            for part in range(parts):
                total += totals[part]
            noisy = t < noisy_steps
            outcome = _move(x[run], forces, pushes[run], noise[t if noisy else 0, run], noisy)
            _record(t, run, 2.0 * total / (n * n), sign, slots, energies, before, worst)
            if outcome != OK:
                status[run], failed_step[run] = outcome, first_step + t
                break
