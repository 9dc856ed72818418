"""Many particles on the circle under unnormalised self-attention, with one head or several."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.circle.flow import TRUNCATION_ERROR, circle_velocities
from attention_atlas.dynamics.circle.flow import circle_flow as follow
from attention_atlas.dynamics.circle.interaction import MAX_BETA, Head, interaction_modes
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import (
    Progress,
    checked_array,
    checked_count,
    checked_number,
    checked_numbers,
    checked_times,
    first_run,
)

__all__ = ["CircleFlow", "Head", "circle_flow"]

# The kernels' words, as all flows say them
STATUSES = {"ok": "ok", "too many steps": "too many steps", "not a number": "blew up"}
# A system is at rest if no particle moves faster than so many tolerances times the sum of the heads' weights.
REST_TOLERANCES = 100
# The interaction divides by beta.
MIN_BETA = 1e-9


class CircleFlow(NamedTuple):
    """What R runs of n particles did at T times; a call with one run has no axis R.

    Attributes
    ----------
    times : (T,) rescaled time s = e^β t
    angles : (R, T, n) radians, continuous in time (not wrapped), NaN where a run has failed before
    modes : (R, T, M) complex, Fourier coefficients sum_j w_j exp(i k θ_j), k = 0 ... M - 1
    steps : (R,) steps tried
    status : (R,) 'ok', 'too many steps' or 'blew up'
    converged : (R,) whether the particles are at rest at the last time: none moves faster than 100 tolerances, in radians
        per unit of s. Clusters that wait for exp(β) units of time count as rest.
    """

    times: np.ndarray
    angles: np.ndarray
    modes: np.ndarray
    steps: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def circle_flow(
    starts: ArrayLike,
    *,
    beta: float | ArrayLike | None = None,
    heads: Sequence[Head] | None = None,
    weights: ArrayLike | None = None,
    last_time: float = 100.0,
    records: int = 101,
    times: ArrayLike | None = None,
    modes: int = 1,
    tolerance: float = 1e-8,
    max_steps: int = 1_000_000,
    progress: Progress | None = None,
) -> CircleFlow:
    """Up to 10^5 particles on the circle under unnormalised self-attention, in rescaled time s = e^β t.

    dθ_i/ds = -sum_j w_j h(θ_i - θ_j) with h(φ) = sin(φ) exp(β (cos φ - 1)), w_j = 1/n: the flow of ``sphere_flow`` with
    ``softmax=False`` on the circle, at a cost that grows with n and not with n². Bruno, Pasqualotto and Agazzi,
    arXiv 2410.23228; for the softmax call ``sphere_flow`` with ``aa.circle_points(angles)``.

    Sums over Fourier modes, whose error is proven to be below 1e-13; Dormand and Prince's Runge-Kutta method of order 5(4).

    Parameters
    ----------
    starts
        (n,) or (R, n) angles, radians; R runs that know nothing of each other.
    beta
        β > 0, one number or one a run.
    heads
        Several heads instead of ``beta``, the same in all runs: ``aa.Head(beta, weight, turn_key, turn_value)`` has
        QᵀK = β times a rotation by ``turn_key`` and V = weight exp(-β) times a rotation by ``turn_value``, radians.
    weights
        (n,) masses ≥ 0 of the particles; 1/n by default.
    last_time, records
        The flow is recorded at so many equally spaced times from 0 to ``last_time``, in units of s.
    times
        Increasing times ≥ 0 to record instead.
    modes
        M, number of Fourier coefficients to record.
    tolerance
        Largest error of a particle in one step, radians.
    max_steps
        A run that needs more gets the status 'too many steps'.
    progress
        Called as progress(runs done, runs).

    Returns
    -------
    CircleFlow
        times, angles, modes, steps, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds. A run that fails on its way is no error: see ``status``.

    Examples
    --------
    At β = 7 four clusters form and live long.

    >>> import attention_atlas as aa
    >>> flow = aa.circle_flow(aa.uniform_angles(1000, seed=2), beta=7.0, last_time=60.0)
    >>> str(flow.status), int(aa.circle_cluster_counts(flow.angles[-1], 7.0))
    ('ok', 4)
    """
    angles = checked_array("starts", starts)
    if angles.ndim not in (1, 2) or angles.size == 0:
        raise AtlasError(f"starts: has shape {angles.shape}; give angles (n,) or (R, n)")
    runs = np.atleast_2d(angles)
    per_run = _heads_of_runs(beta, heads, len(runs))
    instants = checked_times(last_time, records, times)
    masses = None if weights is None else _checked_masses(weights, runs.shape[1])
    precision = checked_number("tolerance", tolerance, 1e-14, 1e-2)
    flow = follow(
        runs, per_run, instants,
        weights=masses, modes=checked_count("modes", modes, 1), tolerance=precision,
        max_steps=checked_count("max_steps", max_steps, 1), progress=progress,
    )  # fmt: skip
    status = np.array([STATUSES[word] for word in flow.status])
    rest = np.array(
        [_at_rest(end, used, masses, precision) for end, used in zip(flow.angles[:, -1], per_run, strict=True)]
    )
    result = CircleFlow(instants, flow.angles, flow.modes, flow.steps, status, rest)
    return first_run(result, result._fields[1:]) if angles.ndim == 1 else result


def _heads_of_runs(beta: float | ArrayLike | None, heads: Sequence[Head] | None, runs: int) -> list[Sequence[Head]]:
    if (beta is None) == (heads is None):
        raise AtlasError("beta, heads: give one of the two")
    if heads is not None:
        chosen = [Head(*head) for head in heads]
        if not chosen:
            raise AtlasError("heads: the list is empty; give at least one aa.Head")
        for head in chosen:
            checked_number("heads: beta", head.beta, MIN_BETA, MAX_BETA)
            for name in ("weight", "turn_key", "turn_value"):
                checked_number(f"heads: {name}", getattr(head, name))
        return [chosen] * runs
    betas, _ = checked_numbers("beta", beta, MIN_BETA, MAX_BETA)  # type: ignore[arg-type]
    if len(betas) not in (1, runs):
        raise AtlasError(f"beta: has {len(betas)} numbers, there are {runs} runs; give one number or one a run")
    return [[Head(float(value))] for value in np.broadcast_to(betas, runs)]


def _checked_masses(weights: ArrayLike, particles: int) -> np.ndarray:
    masses, _ = checked_numbers("weights", weights, 0.0)
    if len(masses) != particles:
        raise AtlasError(f"weights: has {len(masses)} masses, there are {particles} particles; give one a particle")
    return masses


def _at_rest(angles: np.ndarray, heads: Sequence[Head], weights: np.ndarray | None, tolerance: float) -> bool:
    if not np.isfinite(angles).all():
        return False
    speeds = np.abs(circle_velocities(angles, interaction_modes(heads, TRUNCATION_ERROR), weights))
    return bool(speeds.max() <= REST_TOLERANCES * tolerance * sum(abs(head.weight) for head in heads))
