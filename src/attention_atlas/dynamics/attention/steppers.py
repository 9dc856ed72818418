"""Steps in time: Dormand and Prince's adaptive pair with dense output, equal Runge-Kutta steps, and layers.

A Runge-Kutta method is a tableau; Euler's has one stage. On the sphere every stage and the step end with the return to it: the
method is then that of the velocity f(x/|x|), which leaves lengths alone, and keeps its order.
Coefficients: Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19; the dense output of order 4 is Shampine's, Math. Comp. 46 (1986) 135.
"""

import math
from typing import Any

import numpy as np

from attention_atlas.dynamics.attention.field import NEW, POINT, SPARE, field, normalise_blocks, on_sphere, speed_of
from attention_atlas.dynamics.attention.model import METHODS
from attention_atlas.dynamics.attention.noise import fill_noise
from attention_atlas.dynamics.attention.signatures import (
    FORMS,
    GRAPH,
    INT,
    LAW,
    MATRICES,
    MATRIX,
    REAL,
    STACK,
    VECTOR,
    WORDS,
)
from attention_atlas.dynamics.attention.sums import receivers_left
from attention_atlas.numerics.dormand_prince import SHARES
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.native import chosen, fma, lane_max, larger
from attention_atlas.numerics.separate import Separate
from attention_atlas.numerics.vectors import NATIVE, load_native, store, uniform_native

__all__ = [
    "BLEW_UP",
    "GROW",
    "OK",
    "SAFETY",
    "SHRINK",
    "TOO_MANY_STEPS",
    "adaptive_trial",
    "dense_output",
    "equal_step",
    "first_step",
    "prepare_step",
    "prepare_trial",
    "take_point",
]

OK, TOO_MANY_STEPS, BLEW_UP = range(3)
ODE, RK4, RK4_FROZEN, EULER, PUBLISHED, LAYERS = range(len(METHODS))
STAGES = 7
TIMES = np.array([1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0])
# Order 5 minus order 4
ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
# Row k: coefficients of share, share^2, ... of the slope k in the dense output
DENSE = np.array(
    [
        [1, -8048581381 / 2820520608, 8663915743 / 2820520608, -12715105075 / 11282082432],
        [0, 0, 0, 0],
        [0, 131558114200 / 32700410799, -68118460800 / 10900136933, 87487479700 / 32700410799],
        [0, -1754552775 / 470086768, 14199869525 / 1410260304, -10690763975 / 1880347072],
        [0, 127303824393 / 49829197408, -318862633887 / 49829197408, 701980252875 / 199316789632],
        [0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844],
        [0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423],
    ]
)
RUNGE_KUTTA_4 = np.array([[0.5, 0, 0, 0], [0, 0.5, 0, 0], [0, 0, 1.0, 0], [1 / 6, 1 / 3, 1 / 3, 1 / 6]])
RUNGE_KUTTA_4_TIMES = np.array([0.5, 0.5, 1.0])
# Bounds of the factor by which a step grows or shrinks, and the share of the tolerance that is aimed at
SHRINK, GROW, SAFETY = 0.2, 5.0, 0.9


@inner
def take_point(source, target):
    """Copy all coordinates."""
    for at in range(0, target.shape[0], NATIVE):
        store(target, at, load_native(source, at))


@inner
def _combine(x, slopes, weights, count, h, out):
    """out = x + h sum_k weights_k slope_k; slopes with the weight 0 are not read."""
    size = out.shape[0]
    for at in range(0, size, NATIVE):
        total = uniform_native(0.0)
        for k in range(count):
            if weights[k] != 0.0:
                total = fma(load_native(slopes, k * size + at), weights[k], total)
        store(out, at, fma(total, h, load_native(x, at)))


@inner
def _longest(law, x):
    """Largest length of a token; NaN if a coordinate is NaN."""
    best, total = uniform_native(0.0), uniform_native(0.0)
    for block in range(law.blocks):
        square = uniform_native(0.0)
        for c in range(law.dimension):
            y = load_native(x, c * law.width + block * NATIVE)
            square = fma(y, y, square)
        square = chosen(receivers_left(law, block, None), square, 0.0)
        best, total = larger(square, best), total + square
    finite = lane_max(total - total)
    return math.sqrt(lane_max(best)) + finite


@inner
def first_step(law, x, slope, last):
    """A careful first step: a hundredth of the time in which the fastest token would go its own length."""
    speed = _longest(law, slope)
    return min(last, 0.01 * max(1.0, _longest(law, x)) / max(speed, 1e-300))


def _adaptive_trial(law, scheme, time, h, x, forms, matrices, graph, work, tables, pulls, sums, inside):
    """A trial step from x with its slope in ``work[0]``: the new point in ``work[NEW]``, its slope in ``work[6]``.

    Returns the largest error of a token divided by the larger of 1 and the longest token.
    """
    new = work[NEW]
    for stage in range(1, STAGES):
        _combine(x, work, SHARES[stage - 1], stage, h, new)
        if on_sphere(scheme):
            normalise_blocks(new, new, law.width, law.dimension, 0, law.blocks)
        now = time + TIMES[stage - 1] * h
        field(
            law, scheme, True, speed_of(law, scheme, now), now, new, new, forms, matrices, graph, work, tables, work[stage],
            pulls, sums, inside, None,
        )  # fmt: skip
    take_point(x, work[POINT])
    for at in range(0, x.shape[0], NATIVE):
        store(work[SPARE], at, uniform_native(0.0))
    _combine(work[SPARE], work, ERROR, STAGES, h, work[POINT])
    return _longest(law, work[POINT]) / max(1.0, _longest(law, new))


_TRIAL = Separate("adaptive_trial", _adaptive_trial)
adaptive_trial = _TRIAL.call


@inner
def dense_output(law, scheme, x, h, share, work, out):
    """The point at a share of the last trial step from x."""
    weights = np.empty(STAGES)
    for k in range(STAGES):
        row = DENSE[k]
        weights[k] = share * (row[0] + share * (row[1] + share * (row[2] + share * row[3])))
    _combine(x, work, weights, STAGES, h, out)
    if on_sphere(scheme):
        normalise_blocks(out, out, law.width, law.dimension, 0, law.blocks)


@inner
def _runge_kutta_4(law, scheme, frozen, time, h, x, forms, matrices, graph, work, tables, pulls, sums, inside, lanes):
    """One step of the classical method; ``frozen``: all stages use the scores of the start."""
    new = work[NEW]
    for stage in range(4):
        if stage > 0:
            _combine(x, work, RUNGE_KUTTA_4[stage - 1], stage, h, new)
            if on_sphere(scheme):
                normalise_blocks(new, new, law.width, law.dimension, 0, law.blocks)
        at = x if stage == 0 else new
        now = time if stage == 0 or frozen else time + RUNGE_KUTTA_4_TIMES[stage - 1] * h
        field(
            law, scheme, True, speed_of(law, scheme, now), now, x if frozen else at, at, forms, matrices, graph, work, tables,
            work[stage], pulls, sums, inside, lanes,
        )  # fmt: skip
    _combine(x, work, RUNGE_KUTTA_4[3], 4, h, new)


@inner
def _add_noise(law, x, change, size, noise):
    """change += size P_x noise."""
    for here in range(0, law.blocks * NATIVE, NATIVE):
        radial = uniform_native(0.0)
        for c in range(here, here + law.dimension * law.width, law.width):
            radial = fma(load_native(x, c), load_native(noise, c), radial)
        for c in range(here, here + law.dimension * law.width, law.width):
            tangent = load_native(noise, c) - radial * load_native(x, c)
            store(change, c, fma(tangent, size, load_native(change, c)))


def _equal_step(
    law, method, scheme, step, h, residual, noise, keys, run, x, forms, matrices, graph, work, tables, pulls, sums, inside, lanes
):  # fmt: skip
    """Step number ``step`` (from 0) of length h, in place."""
    time, new = step * h, work[NEW]
    if method == RK4 or method == RK4_FROZEN:
        _runge_kutta_4(
            law, scheme, method == RK4_FROZEN, time, h, x, forms, matrices, graph, work, tables, pulls, sums, inside, lanes
        )  # fmt: skip
    else:
        layers = method == PUBLISHED or method == LAYERS
        speed = speed_of(law, scheme, float(step) if layers else time)
        field(
            law, scheme, not layers, speed, time, x, x, forms, matrices, graph, work, tables, work[0], pulls, sums, inside, lanes
        )  # fmt: skip
        for at in range(0, x.shape[0], NATIVE):
            store(new, at, fma(load_native(work[0], at), h, load_native(x, at) * residual))
        if noise > 0.0:
            fill_noise(law, keys, run, step, work[SPARE], lanes)
            _add_noise(law, x, new, noise * math.sqrt(h), work[SPARE])
    if on_sphere(scheme):
        normalise_blocks(new, new, law.width, law.dimension, 0, law.blocks)
    take_point(new, x)


_STEP = Separate("equal_step", _equal_step)
equal_step = _STEP.call


def prepare_trial() -> None:
    """Make ``adaptive_trial`` ready for kernels; ``field`` must be."""
    _TRIAL.prepare(LAW, INT, REAL, REAL, VECTOR, FORMS, MATRICES, GRAPH, MATRIX, STACK, VECTOR, MATRIX, INT)


def prepare_step(lanes: Any) -> None:
    """Make ``equal_step`` ready for kernels, with the type of the argument of this name; ``field`` must be."""
    _STEP.prepare(
        LAW, INT, INT, INT, REAL, REAL, REAL, WORDS, INT, VECTOR, FORMS, MATRICES, GRAPH, MATRIX, STACK, VECTOR, MATRIX, INT,
        lanes,
    )  # fmt: skip
