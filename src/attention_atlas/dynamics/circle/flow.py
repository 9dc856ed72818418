"""Particles on the circle under attention: many runs at once, up to 10^5 particles each.

Truncated Fourier sums for the velocity (``circle_interaction`` proves the bound on their error), an
adaptive Runge-Kutta method for time (``circle_integrator``). Time is the rescaled s = e^beta t.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from attention_atlas.dynamics.circle.integrator import (
    BAD_NUMBER,
    FINISHED,
    INTEGRATE,
    SEEN_ENOUGH,
    WORKSPACE_ROWS,
    integrate_runs,
)
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.dynamics.circle.kernels import BLOCK, direct_velocities, fourier_velocities
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.lanes import LANES
from attention_atlas.random.generators import stream_uniforms

__all__ = ["CircleFlow", "circle_flow", "circle_velocities", "direct_circle_velocities", "uniform_angles"]

TRUNCATION_ERROR = 1e-13
STATUS = {FINISHED: "ok", SEEN_ENOUGH: "ok", BAD_NUMBER: "not a number"}
# Observations after which ``enough`` is asked
PIECE = 8
# The direct sum is an oracle: n^2 pairs.
MAX_DIRECT_PARTICLES = 2000


class CircleFlow(NamedTuple):
    """What was observed of R runs at T times.

    Attributes
    ----------
    times : (R, T), rescaled time s
    angles : (R, T, n), radians, continuous in time (not wrapped); the cyclic order never changes
    modes : (R, T, M) complex, empirical Fourier coefficients sum_j w_j e^{i k theta_j}
    status : (R,) 'ok', 'too many steps' or 'not a number'; later observations of a failed run are NaN, and of one that was enough
    steps : (R,) Runge-Kutta steps tried
    converged : (R,) bool, status is 'ok'
    """

    times: np.ndarray
    angles: np.ndarray
    modes: np.ndarray
    status: np.ndarray
    steps: np.ndarray

    @property
    def converged(self) -> np.ndarray:
        return self.status == "ok"


def uniform_angles(seed: int, runs: Iterable[int], particles: int, generator: str = "philox") -> np.ndarray:
    """Independent uniform angles in [0, 2 pi), sorted in each run: (runs, particles).

    Keyed by (seed, run), or, with a ``generator`` of ``random.generators``, one stream for all runs one after the other.
    """
    if generator != "philox":
        wanted = [int(run) for run in runs]
        return np.sort(2 * np.pi * stream_uniforms(generator, seed, (max(wanted) + 1, particles))[wanted], axis=1)
    starts = []
    for run in runs:
        philox = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run)])))
        starts.append(np.sort(philox.uniform(0.0, 2 * np.pi, particles)))
    return np.array(starts).reshape(-1, particles)


def _padded(values: np.ndarray, filling: float = 0.0) -> np.ndarray:
    """Last axis extended to a multiple of BLOCK."""
    size = values.shape[-1]
    padded = np.full((*values.shape[:-1], -(-size // BLOCK) * BLOCK), filling)
    padded[..., :size] = values
    return padded


def _weights(weights: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    if weights is None:
        return np.full(shape, 1.0 / shape[-1])
    weights = np.broadcast_to(np.asarray(weights, dtype=float), shape)
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise AtlasError("weights: a mass is negative or not finite, the bound is ≥ 0; give masses that sum to 1")
    return weights


def circle_velocities(angles: np.ndarray, gammas: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Velocities (n,) of particles at ``angles`` (n,) by the truncated sum with coefficients ``gammas``."""
    padded, masses = _padded(angles), _padded(_weights(weights, angles.shape))
    work, lanes = np.empty((2, len(padded))), np.empty(2 * LANES * len(gammas))
    sums, velocities = np.empty(len(gammas), dtype=complex), np.empty(len(padded))
    fourier_velocities(padded, masses, gammas.astype(complex), work, lanes, sums, velocities)
    return velocities[: len(angles)]


def direct_circle_velocities(
    angles: np.ndarray, beta: float, weights: np.ndarray | None = None, normalised: bool = False
) -> np.ndarray:
    """Velocities (n,) by the sum over all pairs, n ≤ 2000: USA in rescaled time, or SA if ``normalised``.

    Raises
    ------
    AtlasError
        More than 2000 particles.
    """
    if len(angles) > MAX_DIRECT_PARTICLES:
        raise AtlasError(
            f"particles: {len(angles)} is above the bound {MAX_DIRECT_PARTICLES} of pair sums; use circle_velocities"
        )
    padded, masses = _padded(angles), _padded(_weights(weights, angles.shape))
    velocities = np.empty(len(padded))
    direct_velocities(padded, masses, float(beta), normalised, np.empty((2, len(padded))), velocities)
    return velocities[: len(angles)]


def _check(starts: np.ndarray, times: np.ndarray, tolerance: float) -> None:
    if not np.isfinite(starts).all():
        run = int(np.argwhere(~np.isfinite(starts))[0][0])
        raise AtlasError(f"starts: run {run} holds an angle that is not finite; give finite angles in radians")
    if (times < 0).any() or (np.diff(times, axis=-1) <= 0).any() or not np.isfinite(times).all():
        raise AtlasError("times: they must be finite, ≥ 0 and increasing; sort them and drop doubles")
    if not 1e-14 <= tolerance <= 1e-2:
        raise AtlasError(f"tolerance: {tolerance} is out of the bounds 1e-14 to 1e-2; set for instance 1.0e-8")


def circle_flow(
    starts: np.ndarray,
    interactions: Sequence[Sequence[Head]] | Sequence[Head],
    times: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    modes: int = 1,
    keep: int | None = None,
    tolerance: float = 1e-8,
    max_steps: int = 1_000_000,
    batch: int = 2,
    observe: Callable[[int, "CircleFlow"], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    enough: Callable[[np.ndarray, np.ndarray], bool] | None = None,
) -> CircleFlow | Any:
    """Run R systems of n particles and observe them at given times.

    Parameters
    ----------
    starts
        (R, n) angles, radians.
    interactions
        Heads of all runs, or one list of heads for each run.
    times
        (T,) or (R, T) observation times s, increasing.
    weights
        (n,) or (R, n) masses; 1/n by default.
    modes
        M, number of Fourier modes to observe, k = 0 ... M - 1.
    keep
        Number of particles, the first ones, whose angles are kept; all by default.
    tolerance
        Largest error of a Runge-Kutta step, radians.
    max_steps
        A run that needs more is given up with the status 'too many steps'.
    batch
        Runs in memory at once; does not change the results.
    observe
        Called with the index of the first run and the flow of each batch; then nothing is kept and
        None returned. For runs whose observations together would not fit into memory.
    progress
        Called as progress(finished runs, runs).
    enough
        Asked from time to time with what was observed of a run so far, angles (t, n) and modes (t, M): whether it need not be
        followed further. Later observations are NaN.

    Raises
    ------
    AtlasError
        Starts, times, weights or tolerance out of bounds.
    """
    starts = np.atleast_2d(np.asarray(starts, dtype=float))
    runs = len(starts)
    times = np.array(np.broadcast_to(np.asarray(times, dtype=float), (runs, np.shape(times)[-1])))
    _check(starts, times, tolerance)
    kept = starts.shape[1] if keep is None else keep
    per_run = [interactions] * runs if isinstance(interactions[0], Head) else interactions
    gammas = [interaction_modes(heads, TRUNCATION_ERROR) for heads in per_run]  # type: ignore[arg-type]
    masses = _weights(weights, starts.shape)
    batches = []
    for first in range(0, runs, batch):
        part = slice(first, min(first + batch, runs))
        flow = _run_batch(
            starts[part], masses[part], gammas[part], times[part], modes, kept, tolerance, max_steps, enough
        )
        if observe is None:
            batches.append(flow)
        else:
            observe(first, flow)
        if progress is not None:
            progress(part.stop, runs)
    if observe is not None:
        return None
    return CircleFlow(*(np.concatenate([getattr(flow, name) for flow in batches]) for name in CircleFlow._fields))


def _run_batch(
    starts: np.ndarray,
    masses: np.ndarray,
    gammas: Sequence[np.ndarray],
    times: np.ndarray,
    modes: int,
    kept: int,
    tolerance: float,
    max_steps: int,
    enough: Callable[[np.ndarray, np.ndarray], bool] | None,
) -> CircleFlow:
    runs = len(starts)
    angles = _padded(starts)
    # A run must not depend on its neighbours: coefficients beyond its own modes are zero, which
    # changes nothing in the sums of the others.
    count = max(modes, *(len(row) for row in gammas))
    coefficients = np.zeros((runs, count), dtype=complex)
    for row, values in zip(coefficients, gammas, strict=True):
        row[: len(values)] = values
    frames = np.full((runs, times.shape[1], kept), np.nan)
    observed = np.full((runs, times.shape[1], modes), np.nan, dtype=complex)
    status = np.full(runs, FINISHED)
    states = np.stack([np.zeros(runs), times[:, -1], np.zeros(runs)], axis=1)
    work = np.empty((runs, WORKSPACE_ROWS, angles.shape[1]))
    lanes = np.empty((runs, 2 * LANES * count))
    weights = _padded(masses)
    INTEGRATE.prepare_for(
        angles[0], weights[0], coefficients[0], times[0], 0, 0, states[0], tolerance, max_steps, work[0], lanes[0],
        frames[0], observed[0],
    )  # fmt: skip
    piece = times.shape[1] if enough is None else PIECE
    for first in range(0, times.shape[1], piece):
        last = min(first + piece, times.shape[1])
        integrate_runs(
            angles, weights, coefficients, times, first, last, states, tolerance, max_steps, work, lanes, frames, observed,
            status,
        )  # fmt: skip
        for run in np.flatnonzero(status == FINISHED):
            if enough is not None and enough(frames[run, :last], observed[run, :last]):
                status[run] = SEEN_ENOUGH
    words = np.array([STATUS.get(int(code), "too many steps") for code in status])
    return CircleFlow(times, frames, observed, words, states[:, 2].astype(int))
