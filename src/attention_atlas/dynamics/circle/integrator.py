"""Dormand and Prince's Runge-Kutta method of order 5(4) for particles on the circle, as kernels.

The largest error of one step over all particles is kept below a tolerance (in
radians); observation times are hit exactly. The last stage of an accepted
step is the first one of the next, and its power sums belong to the new
positions, so that observing the Fourier modes costs nothing.
"""

import numpy as np
from numba import prange

from attention_atlas.dynamics.circle.kernels import fourier_velocities
from attention_atlas.numerics.copies import copy_row
from attention_atlas.numerics.dormand_prince import SHARES
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES, broadcast, larger, load, store
from attention_atlas.numerics.separate import Separate

__all__ = ["BAD_NUMBER", "FINISHED", "INTEGRATE", "SEEN_ENOUGH", "TOO_MANY_STEPS", "WORKSPACE_ROWS", "integrate_runs"]

# SEEN_ENOUGH: who asked for the run wants no more of it
FINISHED, TOO_MANY_STEPS, BAD_NUMBER, SEEN_ENOUGH = 0, 1, 2, 3
# Seven stages, the trial positions, cosines and sines.
WORKSPACE_ROWS = 10
MAX_FACTOR, MIN_FACTOR, SAFETY = 4.0, 0.2, 0.9


@inner
def _combine(angles, stages, h, shares, used, trial):
    """trial = angles + h * sum_i shares_i stage_i over the first ``used`` stages."""
    for block in range(0, len(angles), LANES):
        total = load(stages[0], block) * shares[0]
        for stage in range(1, used):
            total = total + load(stages[stage], block) * shares[stage]
        store(trial, block, load(angles, block) + total * h)


@inner
def _largest_error(stages, h, scratch):
    """Largest absolute difference of the results of order 5 and 4; NaN if a velocity is not a number."""
    k0, k2, k3, k4, k5, k6 = stages[0], stages[2], stages[3], stages[4], stages[5], stages[6]
    worst, total = broadcast(0.0), broadcast(0.0)
    for block in range(0, len(k0), LANES):
        error = load(k0, block) * (71.0 / 57600.0) - load(k2, block) * (71.0 / 16695.0)
        error = error + load(k3, block) * (71.0 / 1920.0) - load(k4, block) * (17253.0 / 339200.0)
        error = error + load(k5, block) * (22.0 / 525.0) - load(k6, block) * (1.0 / 40.0)
        worst = larger(worst, larger(error, error * -1.0))
        # `larger` drops NaNs, a sum keeps them
        total = total + error * 0.0
    store(scratch, 0, worst + total)
    result = 0.0
    for lane in range(LANES):
        value = scratch[lane]
        if not value <= result:
            result = value
        if value != value:
            return value
    return abs(h) * result


@inner
def _stages(angles, weights, gammas, h, work, lanes, sums):
    """Stages 2 to 7 of one step; the trial positions are left in ``work[7]``."""
    for stage in range(1, 7):
        _combine(angles, work, h, SHARES[stage - 1], stage, work[7])
        fourier_velocities(work[7], weights, gammas, work[8:10], lanes, sums, work[stage])


def _integrate(angles, weights, gammas, times, first, last, state, tolerance, max_steps, work, lanes, frames, modes):
    """The observations ``first`` to ``last`` - 1 of one run; see ``integrate_runs``. Returns its status."""
    sums = np.empty(gammas.size, dtype=np.complex128)
    fourier_velocities(angles, weights, gammas, work[8:10], lanes, sums, work[0])
    now, h, steps = state[0], state[1], int(state[2])
    status = FINISHED
    for observation in range(first, last):
        target = times[observation]
        while now < target:
            if steps >= max_steps:
                status = TOO_MANY_STEPS
                break
            step = min(h, target - now)
            _stages(angles, weights, gammas, step, work, lanes, sums)
            error = _largest_error(work[:7], step, lanes)
            if error != error:
                status = BAD_NUMBER
                break
            factor = MAX_FACTOR
            if error > 0.0:
                factor = min(MAX_FACTOR, max(MIN_FACTOR, SAFETY * (tolerance / error) ** 0.2))
            steps += 1
            if error <= tolerance:
                now = target if step == target - now else now + step
                copy_row(work[7], angles)
                copy_row(work[6], work[0])
                # a step cut short by an observation says little about the next one
                h = max(h, step * factor) if step < h else step * factor
            else:
                h = step * factor
        if status != FINISHED:
            break
        copy_row(angles, frames[observation])
        copy_row(sums, modes[observation])
    state[0], state[1], state[2] = now, h, steps
    return status


INTEGRATE = Separate("integrate_circle", _integrate)
integrate = INTEGRATE.call


@compiled(parallel=True)
def integrate_runs(
    angles, weights, gammas, times, first, last, states, tolerance, max_steps, work, lanes, frames, modes, status
):
    """Independent runs side by side; each is sequential, so threads do not change its bits.

    Parameters
    ----------
    angles : (R, N), starts in radians, overwritten; N a multiple of BLOCK
    weights : (R, N), masses of the particles, zero for the padding
    gammas : (R, K) complex, interaction of each run
    times : (R, T), observation times, increasing, the first one ≥ 0
    first, last : the observations that are made now, ``first`` to ``last`` - 1; in pieces a run's bits are the same
    states : (R, 3), the time reached, the size of the next step and the steps tried, overwritten
    tolerance : largest error of a step, radians
    work : (R, WORKSPACE_ROWS, N), lanes : (R, 2 LANES K), workspaces
    frames : (R, T, n), modes : (R, T, M) complex, what is observed
    status : (R,), receives the status; a run whose status is not FINISHED stays as it is
    """
    for run in prange(len(angles)):
        if status[run] == FINISHED:
            status[run] = integrate(
                angles[run], weights[run], gammas[run], times[run], first, last, states[run], tolerance, max_steps,
                work[run], lanes[run], frames[run], modes[run],
            )  # fmt: skip
