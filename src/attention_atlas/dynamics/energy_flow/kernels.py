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
from numba import prange

from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lane_extras import choose, lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, less, load, sqrt, store
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import exp2

__all__ = ["ADVANCE_RUN", "BLEW_UP", "OK", "PULL", "VANISHED", "advance_runs", "advance_wide_runs"]

OK, BLEW_UP, VANISHED = 0, 1, 2
# Squared length of x after the Euler step and before it is normalised. Below the
# lower bound the step has cancelled x to ten digits: no direction is left.
MIN_SQUARE, MAX_SQUARE = 1e-20, 1e280
# Particles whose sums grow side by side in the kernels for two and three dimensions.
ROWS = 4


@inner(forceinline=True)
def _row_2(x, i, rates):
    """Coordinates of particle i in all lanes, and the same times the rates."""
    a, b = broadcast(x[0, i]), broadcast(x[1, i])
    return a, b, a * rates[0], b * rates[1]


@inner(forceinline=True)
def _kernel_2(row, y):
    return exp2(row[2] * y[0] + row[3] * y[1])


@inner(forceinline=True)
def _add_2(total, k, y):
    return total[0] + k * y[0], total[1] + k * y[1]


@inner(forceinline=True)
def _load_2(values, j):
    return load(values, j), load(values, values.shape[1] + j)


@inner(forceinline=True)
def _store_2(values, j, numbers):
    store(values, j, numbers[0])
    store(values, values.shape[1] + j, numbers[1])


@inner(forceinline=True)
def _keep_2(own, i, sums):
    own[0, i], own[1, i] = lane_sum(sums[0]), lane_sum(sums[1])


@inner(forceinline=True)
def _meet_2(x, force, j, rows, sums, window):
    """Four rows meet one vector of partners; returns the sums of the rows and, last, that of all k.

    ``window`` holds a factor of k for each row, or is None.
    """
    y = _load_2(x, j)
    k0, k1 = _kernel_2(rows[0], y), _kernel_2(rows[1], y)
    k2, k3 = _kernel_2(rows[2], y), _kernel_2(rows[3], y)
    if window is not None:
        k0, k1, k2, k3 = k0 * window[0], k1 * window[1], k2 * window[2], k3 * window[3]
    pulled = _add_2(_add_2(_load_2(force, j), k0, rows[0]), k1, rows[1])
    _store_2(force, j, _add_2(_add_2(pulled, k2, rows[2]), k3, rows[3]))
    total = sums[4] + k0 + k1 + k2 + k3
    return _add_2(sums[0], k0, y), _add_2(sums[1], k1, y), _add_2(sums[2], k2, y), _add_2(sums[3], k3, y), total


@inner
def _pull_2(x, force, rates, n, part, parts, weights, own):
    """Forces sum_j k_ij x_j of one part's rows in two dimensions; returns half the sum of k.

    Four rows at a time share what they load and store. ``own`` is scratch of the shape of ``force``: the sums of
    the rows, added at the end, because a load from where a single number was just written has to wait.
    """
    m = x.shape[1]
    force[:] = 0.0
    own[:] = 0.0
    total = broadcast(0.0)
    zero = broadcast(0.0), broadcast(0.0)
    ghosts = load(weights, 2 * LANES)
    full = m - LANES if n < m else m
    for block in range(m // LANES):
        turn = block % (2 * parts)
        if turn != part and turn != 2 * parts - 1 - part:
            continue
        start = block * LANES
        for i in range(start, start + LANES, ROWS):
            rows = _row_2(x, i, rates), _row_2(x, i + 1, rates), _row_2(x, i + 2, rates), _row_2(x, i + 3, rates)
            sums = zero, zero, zero, zero, total
            at = LANES - (i - start)  # 0 for partners before i, one half for i itself
            window = load(weights, at), load(weights, at - 1), load(weights, at - 2), load(weights, at - 3)
            if start >= full:
                window = window[0] * ghosts, window[1] * ghosts, window[2] * ghosts, window[3] * ghosts
            sums = _meet_2(x, force, start, rows, sums, window)
            for j in range(start + LANES, full, LANES):
                sums = _meet_2(x, force, j, rows, sums, None)
            if start < full < m:
                sums = _meet_2(x, force, full, rows, sums, (ghosts, ghosts, ghosts, ghosts))
            _keep_2(own, i, sums[0])
            _keep_2(own, i + 1, sums[1])
            _keep_2(own, i + 2, sums[2])
            _keep_2(own, i + 3, sums[3])
            total = sums[4]
    force += own
    return lane_sum(total)


@inner(forceinline=True)
def _row_3(x, i, rates):
    """``_row_2`` in three dimensions, and so on."""
    a, b, c = broadcast(x[0, i]), broadcast(x[1, i]), broadcast(x[2, i])
    return a, b, c, a * rates[0], b * rates[1], c * rates[2]


@inner(forceinline=True)
def _kernel_3(row, y):
    return exp2(row[3] * y[0] + row[4] * y[1] + row[5] * y[2])


@inner(forceinline=True)
def _add_3(total, k, y):
    return total[0] + k * y[0], total[1] + k * y[1], total[2] + k * y[2]


@inner(forceinline=True)
def _load_3(values, j):
    m = values.shape[1]
    return load(values, j), load(values, m + j), load(values, 2 * m + j)


@inner(forceinline=True)
def _store_3(values, j, numbers):
    m = values.shape[1]
    store(values, j, numbers[0])
    store(values, m + j, numbers[1])
    store(values, 2 * m + j, numbers[2])


@inner(forceinline=True)
def _keep_3(own, i, sums):
    own[0, i], own[1, i], own[2, i] = lane_sum(sums[0]), lane_sum(sums[1]), lane_sum(sums[2])


@inner(forceinline=True)
def _meet_3(x, force, j, rows, sums, window):
    """``_meet_2`` in three dimensions."""
    y = _load_3(x, j)
    k0, k1 = _kernel_3(rows[0], y), _kernel_3(rows[1], y)
    k2, k3 = _kernel_3(rows[2], y), _kernel_3(rows[3], y)
    if window is not None:
        k0, k1, k2, k3 = k0 * window[0], k1 * window[1], k2 * window[2], k3 * window[3]
    pulled = _add_3(_add_3(_load_3(force, j), k0, rows[0]), k1, rows[1])
    _store_3(force, j, _add_3(_add_3(pulled, k2, rows[2]), k3, rows[3]))
    total = sums[4] + k0 + k1 + k2 + k3
    return _add_3(sums[0], k0, y), _add_3(sums[1], k1, y), _add_3(sums[2], k2, y), _add_3(sums[3], k3, y), total


@inner
def _pull_3(x, force, rates, n, part, parts, weights, own):
    """``_pull_2`` in three dimensions."""
    m = x.shape[1]
    force[:] = 0.0
    own[:] = 0.0
    total = broadcast(0.0)
    zero = broadcast(0.0), broadcast(0.0), broadcast(0.0)
    ghosts = load(weights, 2 * LANES)
    full = m - LANES if n < m else m
    for block in range(m // LANES):
        turn = block % (2 * parts)
        if turn != part and turn != 2 * parts - 1 - part:
            continue
        start = block * LANES
        for i in range(start, start + LANES, ROWS):
            rows = _row_3(x, i, rates), _row_3(x, i + 1, rates), _row_3(x, i + 2, rates), _row_3(x, i + 3, rates)
            sums = zero, zero, zero, zero, total
            at = LANES - (i - start)  # 0 for partners before i, one half for i itself
            window = load(weights, at), load(weights, at - 1), load(weights, at - 2), load(weights, at - 3)
            if start >= full:
                window = window[0] * ghosts, window[1] * ghosts, window[2] * ghosts, window[3] * ghosts
            sums = _meet_3(x, force, start, rows, sums, window)
            for j in range(start + LANES, full, LANES):
                sums = _meet_3(x, force, j, rows, sums, None)
            if start < full < m:
                sums = _meet_3(x, force, full, rows, sums, (ghosts, ghosts, ghosts, ghosts))
            _keep_3(own, i, sums[0])
            _keep_3(own, i + 1, sums[1])
            _keep_3(own, i + 2, sums[2])
            _keep_3(own, i + 3, sums[3])
            total = sums[4]
    force += own
    return lane_sum(total)


@inner
def _pull_any(x, force, rates, n, part, parts, weights, sums):
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
                k = exp2(z)
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


def _pull(x, force, rates, n, part, parts, weights, own, sums):
    d = x.shape[0]
    if d == 2:
        return _pull_2(x, force, rates, n, part, parts, weights, own)
    if d == 3:
        return _pull_3(x, force, rates, n, part, parts, weights, own)
    return _pull_any(x, force, rates, n, part, parts, weights, sums)


PULL = Separate("energy_pull", _pull)
pull = PULL.call


@inner
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
        good = good + less(broadcast(MIN_SQUARE), square) * less(square, broadcast(MAX_SQUARE))
        short = short + choose(less(square, broadcast(MIN_SQUARE)), broadcast(1.0), broadcast(0.0))
        inverse = 1.0 / sqrt(square)
        for c in range(d):
            store(forces, c * m + j, load(forces, c * m + j) * inverse)
    if lane_sum(good) != m:
        return VANISHED if lane_sum(short) > 0 else BLEW_UP
    for c in range(d):
        for j in range(0, m, LANES):
            store(x, c * m + j, load(forces, c * m + j))
    return OK


@inner
def _record(t, run, energy, sign, slots, energies, before, worst):
    """Keep the energy before step t if it is asked for, and the worst change so far."""
    if slots[t] >= 0:
        energies[slots[t], run] = energy
    change = sign * (energy - before[run]) / before[run]
    if change > worst[run]:  # false for a NaN
        worst[run] = change
    before[run] = energy


def _advance_run(
    run, x, n, rates, pushes, weights, parts, noise, noisy_steps, sign, first_step, slots, energies, before, worst,
    status, failed_step,
):  # fmt: skip
    """One run of ``advance_runs``."""
    _, d, m = x.shape
    # scratch of this run, allocated here because only the running ones need it
    forces = np.empty((parts, d, m))
    own = np.empty((d, m))
    sums = np.empty(d * LANES)
    for t in range(slots.size):
        total = 0.0
        for part in range(parts):
            total += pull(x[run], forces[part], rates[run], n, part, parts, weights, own, sums)
        noisy = t < noisy_steps
        outcome = _move(x[run], forces, pushes[run], noise[t if noisy else 0, run], noisy)
        _record(t, run, 2.0 * total / (n * n), sign, slots, energies, before, worst)
        if outcome != OK:
            status[run], failed_step[run] = outcome, first_step + t
            break


ADVANCE_RUN = Separate("energy_run", _advance_run)
advance_run = ADVANCE_RUN.call


@compiled(parallel=True)
def advance_runs(
    x, n, rates, pushes, weights, parts, noise, noisy_steps, sign, first_step, slots, energies, before, worst,
    status, failed_step,
):  # fmt: skip
    """Advance all runs by ``slots.size`` steps, one run a thread.

    Parameters
    ----------
    x
        (runs, d, m) positions, changed in place.
    rates, pushes
        (runs, d) beta lambda_c log2(e), since exponentials are powers of two, and s tau lambda_c / n.
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
    for run in prange(x.shape[0]):
        if status[run] == OK:
            advance_run(
                run, x, n, rates, pushes, weights, parts, noise, noisy_steps, sign, first_step, slots, energies,
                before, worst, status, failed_step,
            )  # fmt: skip


@compiled(parallel=True)
def advance_wide_runs(
    x, n, rates, pushes, weights, parts, noise, noisy_steps, sign, first_step, slots, energies, before, worst,
    status, failed_step,
):  # fmt: skip
    """As ``advance_runs``, to the last bit, with all threads on one run after the other."""
    runs, d, m = x.shape
    forces = np.empty((parts, d, m))
    own = np.empty((parts, d, m))
    sums = np.empty((parts, d * LANES))
    totals = np.empty(parts)
    for run in range(runs):
        if status[run] != OK:
            continue
        for t in range(slots.size):
            for part in prange(parts):
                totals[part] = pull(x[run], forces[part], rates[run], n, part, parts, weights, own[part], sums[part])
            total = 0.0
            for part in range(parts):
                total += totals[part]
            noisy = t < noisy_steps
            outcome = _move(x[run], forces, pushes[run], noise[t if noisy else 0, run], noisy)
            _record(t, run, 2.0 * total / (n * n), sign, slots, energies, before, worst)
            if outcome != OK:
                status[run], failed_step[run] = outcome, first_step + t
                break
