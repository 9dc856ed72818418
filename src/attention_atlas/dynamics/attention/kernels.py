"""Runs of the engine: kernels that follow systems through a stretch of time and observe them at the records.

A stretch has one scheme and one set of matrices; a call may end before the stretch does (after ``budget`` steps), and the next
one goes on from the same numbers, so that what is computed does not depend on it.

Three kinds of kernels share this code: tokens in lanes and runs in threads; tokens in lanes and threads inside one large
run (``inside`` is a number, not None); systems in lanes (``lanes`` is a number).
"""

import math

import numpy as np
from numba import prange

from attention_atlas.dynamics.attention.field import NEW, POINT, WORK_ROWS, field, prepare_field, speed_of
from attention_atlas.dynamics.attention.observe import largest_speed_and_pull, observe, prepare_observe
from attention_atlas.dynamics.attention.signatures import (
    COUNTS,
    FORMS,
    GRAPH,
    INT,
    INTS,
    LAW,
    LIMITS,
    MATRICES,
    NONE,
    POSITIONS,
    REAL,
    SPACE,
    STACK,
    TRUTH,
    VECTOR,
    WORDS,
)
from attention_atlas.dynamics.attention.steppers import (
    BLEW_UP,
    GROW,
    OK,
    SAFETY,
    SHRINK,
    TOO_MANY_STEPS,
    adaptive_trial,
    dense_output,
    equal_step,
    first_step,
    prepare_step,
    prepare_trial,
    take_point,
)
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.native import lane_max
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, load_native, uniform_native

__all__ = [
    "adaptive_runs",
    "adaptive_runs_in_turn",
    "equal_runs",
    "equal_runs_in_turn",
    "equal_systems",
    "prepare",
    "rest_of_runs",
]


@inner
def _workspace(law, tables, chunks):
    d = law.dimension
    return (
        np.zeros((WORK_ROWS, d * law.width)),
        tables.copy(),
        np.empty(0),
        np.empty((chunks, d * NATIVE)),
    )


@inner
def _matrices_of(sets, run):
    """Matrices (heads, d, d) of keys and values of a run."""
    number = sets[2][run]
    return sets[0][number], sets[1][number]


@inner
def _record(
    law, scheme, sphere, time, x, forms, matrices, graph, watch, limits, space, inside, found, positions, run, record
):
    """The observables, and the positions (n, d) if they are kept."""
    work, tables, pulls, sums = space
    observe(
        law, scheme, sphere, time, x, forms, matrices, graph, watch, limits, work, tables, pulls, sums, inside, found[run, record]
    )  # fmt: skip
    if positions.shape[1] > 0:
        for i in range(law.tokens):
            for c in range(law.dimension):
                positions[run, record, i, c] = x[c * law.width + i]


def _adaptive_run(
    law, scheme, sphere, until, budget, x, clock, counts, forms, matrices, graph, times, tolerance, max_steps, watch, limits,
    space, inside, found, positions, run,
):  # fmt: skip
    """One run to the time ``until``, its last record or the end of the budget; returns its status.

    ``clock`` holds the time and the next step (0: none is known), ``counts`` the next record and the steps tried.
    """
    work, tables, pulls, sums = space
    now, h, record, trials, ends = clock[0], clock[1], counts[0], counts[1], times.shape[0]
    used, status, failures = 0, OK, 0
    while record < ends and times[record] <= now:
        _record(
            law, scheme, sphere, now, x, forms, matrices, graph, watch, limits, space, inside, found, positions, run, record
        )  # fmt: skip
        record += 1
    if record < ends and now < until:
        field(
            law, scheme, True, speed_of(law, scheme, now), now, x, x, forms, matrices, graph, work, tables, work[0], pulls, sums,
            inside, None,
        )  # fmt: skip
        if h == 0.0:
            h = first_step(law, x, work[0], times[ends - 1])
    while record < ends and now < until and used < budget:
        if trials >= max_steps:
            status = TOO_MANY_STEPS
            break
        trials, used = trials + 1, used + 1
        taken = min(h, until - now)
        error = adaptive_trial(law, scheme, now, taken, x, forms, matrices, graph, work, tables, pulls, sums, inside)
        if not error < math.inf:
            failures += 1
            h = 0.1 * taken
            if failures > 30 or not h > 1e-14 * now:
                status = BLEW_UP
                break
            continue
        if error <= tolerance:
            failures = 0
            end = until if taken < h or now + taken >= until else now + taken
            while record < ends and times[record] <= end:
                dense_output(law, scheme, x, taken, (times[record] - now) / taken, work, work[POINT])
                # observers overwrite neither the slopes nor the new point
                _record(
                    law, scheme, sphere, times[record], work[POINT], forms, matrices, graph, watch, limits, space, inside, found,
                    positions, run, record,
                )  # fmt: skip
                record += 1
            take_point(work[NEW], x)
            take_point(work[6], work[0])
            now = end
        factor = min(GROW, max(SHRINK, SAFETY * (tolerance / max(error, 1e-300)) ** 0.2))
        # a step that was cut short says nothing about a longer one; the step of tokens at rest must not overflow
        h = min(1e3 * times[ends - 1], factor * taken if taken == h or error > tolerance else max(h, factor * taken))
    clock[0], clock[1], counts[0], counts[1] = now, h, record, trials
    return status


_ADAPTIVE_RUN = Separate("adaptive_run", _adaptive_run)
adaptive_run = _ADAPTIVE_RUN.call


@compiled(parallel=True)
def adaptive_runs(
    law, scheme, sphere, tables, until, budget, x, clocks, counts, status, forms, sets, graph, times, tolerance, max_steps,
    watch, limits, found, positions,
):  # fmt: skip
    """All runs through a stretch by the adaptive method.

    Parameters
    ----------
    x
        (R, d * width) tokens in lanes.
    clocks, counts, status
        (R, 2) time and next step; (R, 2) next record and steps tried; (R,).
    sets
        (keys, values, set of each run) as in ``weights.Matrices``.
    tables
        Working memory for ``field``, of which every run gets a copy.
    found, positions
        (R, T, watched) and (R, T, n, d), or (R, 0, n, d) if they are not kept.
    """
    for run in prange(x.shape[0]):
        if status[run] == OK and counts[run, 0] < times.shape[0] and clocks[run, 0] < until:
            status[run] = adaptive_run(
                law, scheme, sphere, until, budget, x[run], clocks[run], counts[run], forms, _matrices_of(sets, run), graph,
                times, tolerance, max_steps, watch, limits, _workspace(law, tables, 1), 0, found, positions, run,
            )  # fmt: skip


@compiled
def adaptive_runs_in_turn(
    law, scheme, sphere, tables, until, budget, x, clocks, counts, status, forms, sets, graph, times, tolerance, max_steps,
    watch, limits, found, positions, chunks,
):  # fmt: skip
    """The same, one run after the other, each in all threads."""
    space = _workspace(law, tables, chunks)
    for run in range(x.shape[0]):
        if status[run] == OK and counts[run, 0] < times.shape[0] and clocks[run, 0] < until:
            status[run] = adaptive_run(
                law, scheme, sphere, until, budget, x[run], clocks[run], counts[run], forms, _matrices_of(sets, run), graph,
                times, tolerance, max_steps, watch, limits, space, 1, found, positions, run,
            )  # fmt: skip


@inner
def _is_well(law, x, lane):
    """Whether the tokens at x[lane], x[lane + stride], ... are numbers."""
    for c in range(0, law.dimension * law.width, law.width):
        for i in range(law.tokens):
            if not abs(x[c + i * law.stride + lane]) < math.inf:
                return False
    return True


@inner
def _all_well(x):
    """Whether all tokens are numbers, with all filling."""
    total = uniform_native(0.0)
    for at in range(0, x.shape[0], NATIVE):
        y = load_native(x, at)
        total = total + (y - y)
    return lane_max(total) == 0.0


def _equal_run(
    law, method, scheme, sphere, until, budget, x, counts, forms, matrices, graph, records, h, residual, noise, keys, watch,
    limits, space, inside, found, positions, run,
):  # fmt: skip
    """One run to step ``until``, its last record or the end of the budget; ``counts`` holds the next record and the next step."""
    work, tables, pulls, sums = space
    record, step, used, ends = counts[0], counts[1], 0, records.shape[0]
    status = OK
    while record < ends and status == OK:
        while record < ends and records[record] == step:
            _record(
                law, scheme, sphere, step * h, x, forms, matrices, graph, watch, limits, space, inside, found, positions, run,
                record,
            )  # fmt: skip
            record += 1
        if record == ends or step >= until or used >= budget:
            break
        equal_step(
            law, method, scheme, step, h, residual, noise, keys, run, x, forms, matrices, graph, work, tables, pulls, sums,
            inside, None,
        )  # fmt: skip
        step, used = step + 1, used + 1
        if not _all_well(x) and not _is_well(law, x, 0):
            status = BLEW_UP
    counts[0], counts[1] = record, step
    return status


_EQUAL_RUN = Separate("equal_run", _equal_run)
equal_run = _EQUAL_RUN.call


@compiled(parallel=True)
def equal_runs(
    law, method, scheme, sphere, tables, until, budget, x, counts, status, forms, sets, graph, records, h, residual, noise,
    keys, watch, limits, found, positions,
):  # fmt: skip
    """All runs through a stretch of equal steps; ``records`` (T,) are step numbers. Otherwise as ``adaptive_runs``."""
    for run in prange(x.shape[0]):
        if status[run] == OK and counts[run, 0] < records.shape[0]:
            status[run] = equal_run(
                law, method, scheme, sphere, until, budget, x[run], counts[run], forms, _matrices_of(sets, run), graph, records,
                h, residual, noise, keys, watch, limits, _workspace(law, tables, 1), 0, found, positions, run,
            )  # fmt: skip


@compiled
def equal_runs_in_turn(
    law, method, scheme, sphere, tables, until, budget, x, counts, status, forms, sets, graph, records, h, residual, noise,
    keys, watch, limits, found, positions, chunks,
):  # fmt: skip
    """The same, one run after the other, each in all threads."""
    space = _workspace(law, tables, chunks)
    for run in range(x.shape[0]):
        if status[run] == OK and counts[run, 0] < records.shape[0]:
            status[run] = equal_run(
                law, method, scheme, sphere, until, budget, x[run], counts[run], forms, _matrices_of(sets, run), graph, records,
                h, residual, noise, keys, watch, limits, space, 1, found, positions, run,
            )  # fmt: skip


@inner
def _take_out(law, wide, x, lane, out):
    """The system of one lane with its tokens in lanes, the filling like token 0."""
    for c in range(law.dimension):
        for i in range(law.blocks * NATIVE):
            token = i if i < law.tokens else 0
            out[c * law.width + i] = x[c * wide.width + token * NATIVE + lane]


def _equal_group(
    law, wide, method, scheme, sphere, until, budget, x, counts, status, forms, matrices, graph, wide_graph, records, h, residual,
    noise, keys, watch, limits, space, own, found, positions, first,
):  # fmt: skip
    """NATIVE systems side by side, from the run ``first`` on; see ``_equal_run``."""
    work, tables, pulls, sums = space
    point, runs = np.zeros(law.dimension * law.width), min(NATIVE, found.shape[0] - first)
    record, step, used, ends = counts[first, 0], counts[first, 1], 0, records.shape[0]
    while record < ends:
        while record < ends and records[record] == step:
            for lane in range(runs):
                if status[first + lane] == OK:
                    _take_out(law, wide, x, lane, point)
                    _record(
                        law, scheme, sphere, step * h, point, forms, matrices, graph, watch, limits, own, 0, found, positions,
                        first + lane, record,
                    )  # fmt: skip
            record += 1
        if record == ends or step >= until or used >= budget:
            break
        equal_step(
            wide, method, scheme, step, h, residual, noise, keys, first, x, forms, matrices, wide_graph, work, tables, pulls,
            sums, 0, 0,
        )  # fmt: skip
        step, used = step + 1, used + 1
        if not _all_well(x):
            for lane in range(runs):
                if status[first + lane] == OK and not _is_well(wide, x, lane):
                    status[first + lane] = BLEW_UP
    for lane in range(runs):
        counts[first + lane, 0], counts[first + lane, 1] = record, step


_EQUAL_GROUP = Separate("equal_group", _equal_group)
equal_group = _EQUAL_GROUP.call


@compiled(parallel=True)
def equal_systems(
    law, wide, method, scheme, sphere, tables, until, budget, x, counts, status, forms, sets, graph, wide_graph, records, h, residual,
    noise, keys, watch, limits, found, positions,
):  # fmt: skip
    """All runs through a stretch of equal steps with systems in lanes: ``x`` (groups, d * width of the law ``wide``).

    The matrices must be the same for all runs. Otherwise as ``equal_runs``.
    """
    for group in prange(x.shape[0]):
        equal_group(
            law, wide, method, scheme, sphere, until, budget, x[group], counts, status, forms, _matrices_of(sets, 0), graph,
            wide_graph, records, h, residual, noise, keys, watch, limits, _workspace(wide, tables, 1), _workspace(law, tables, 1),
            found, positions, group * NATIVE,
        )  # fmt: skip


@compiled
def rest_of_runs(law, scheme, tables, x, ends, forms, sets, graph, chunks, inside, speeds, pulls):
    """Largest speed of a token, and largest pull on one, of each run at the time ``ends[run]``."""
    space = _workspace(law, tables, chunks)
    for run in range(x.shape[0]):
        speeds[run], pulls[run] = largest_speed_and_pull(
            law, scheme, ends[run], x[run], forms, _matrices_of(sets, run), graph, space[0], space[1], space[3], inside
        )  # fmt: skip


def prepare(adaptive: bool, systems_in_lanes: bool) -> None:
    """Make ready what the kernels of one kind call; the first time, this compiles."""
    prepare_field(NONE)
    prepare_observe()
    if adaptive:
        prepare_trial()
        _ADAPTIVE_RUN.prepare(
            LAW, INT, TRUTH, REAL, INT, VECTOR, VECTOR, INTS, FORMS, MATRICES, GRAPH, VECTOR, REAL, INT, INTS, LIMITS, SPACE,
            INT, STACK, POSITIONS, INT,
        )  # fmt: skip
    elif systems_in_lanes:
        prepare_field(INT)
        prepare_step(INT)
        _EQUAL_GROUP.prepare(
            LAW, LAW, INT, INT, TRUTH, REAL, INT, VECTOR, COUNTS, INTS, FORMS, MATRICES, GRAPH, GRAPH, INTS, REAL, REAL, REAL,
            WORDS, INTS, LIMITS, SPACE, SPACE, STACK, POSITIONS, INT,
        )  # fmt: skip
    else:
        prepare_step(NONE)
        _EQUAL_RUN.prepare(
            LAW, INT, INT, TRUTH, REAL, INT, VECTOR, INTS, FORMS, MATRICES, GRAPH, INTS, REAL, REAL, REAL, WORDS, INTS, LIMITS,
            SPACE, INT, STACK, POSITIONS, INT,
        )  # fmt: skip
