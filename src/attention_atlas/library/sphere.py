"""Self-attention on the sphere, for any Q, K, V and beta, with and without the softmax."""

import os
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.self_attention.flow import Trajectory, adaptive_flow, attention_field
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import (
    Progress,
    checked_count,
    checked_matrix,
    checked_number,
    checked_points,
    checked_times,
    first_run,
)

__all__ = ["SphereFlow", "at_rest", "sphere_flow", "sphere_velocity"]

# Receivers whose attention is in memory at once
ROWS = 1024
# Parts of a call, between which progress is told and Ctrl-C works
PARTS = 20
# A system is at rest if no particle moves faster than so many tolerances times the largest pull.
REST_TOLERANCES = 100


class SphereFlow(NamedTuple):
    """What R runs of n particles did at T times; a call with one run has no axis R.

    Attributes
    ----------
    times : (T,)
    positions : (R, T, n, d) unit vectors, NaN where a run has failed before
    steps : (R,) steps tried
    status : (R,) 'ok', 'too many steps' or 'blew up'
    converged : (R,) whether the particles are at rest at the last time: none moves faster than 100 tolerances times the
        largest pull. Long-lived states that still drift, however slowly, may count as rest only if they are slower than that.
    """

    times: np.ndarray
    positions: np.ndarray
    steps: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def sphere_velocity(
    points: ArrayLike,
    *,
    beta: float,
    query: ArrayLike | None = None,
    key: ArrayLike | None = None,
    value: ArrayLike | None = None,
    softmax: bool = True,
) -> np.ndarray:
    """The velocity of each particle, the right side of the equation that ``sphere_flow`` follows.

    Parameters
    ----------
    points
        (n, d) or (R, n, d) unit vectors.
    beta, query, key, value, softmax
        As in ``sphere_flow``.

    Returns
    -------
    numpy.ndarray
        Of the shape of ``points``, tangent to the sphere.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    An equilateral triangle on the circle stays where it is.

    >>> import numpy as np, attention_atlas as aa
    >>> triangle = aa.circle_points(2 * np.pi * np.arange(3) / 3)
    >>> bool(np.abs(aa.sphere_velocity(triangle, beta=4.0)).max() < 1e-15)
    True
    """
    runs, single = checked_points("points", points)
    strength, query_key, own = _checked_attention(beta, query, key, value, runs.shape[2])
    velocity = np.array([_velocity(run, softmax, strength, query_key, own)[0] for run in runs])
    return velocity[0] if single else velocity


def sphere_flow(
    starts: ArrayLike,
    *,
    beta: float,
    query: ArrayLike | None = None,
    key: ArrayLike | None = None,
    value: ArrayLike | None = None,
    softmax: bool = True,
    last_time: float = 10.0,
    records: int = 101,
    times: ArrayLike | None = None,
    tolerance: float = 1e-8,
    merge_distance: float = 0.0,
    max_steps: int = 1_000_000,
    progress: Progress | None = None,
) -> SphereFlow:
    """Particles on the sphere under self-attention, in continuous time.

    dx_i/dt = P_{x_i} sum_j A_ij V x_j with P the projection to the tangent space and A_ij the softmax over j of
    β⟨Q x_i, K x_j⟩ (SA), or exp(β⟨Q x_i, K x_j⟩) / n without the softmax (USA). Geshkovski, Letrouit, Polyanskiy and
    Rigollet, arXiv 2312.10794, section 2, equations (SA) and (USA). With ``key=D, value=-D, softmax=False`` it is the flow that
    lowers the energy ``aa.energy(x, D)``, with ``value=D`` the one that raises it.

    Bogacki and Shampine's Runge-Kutta pair of orders 3 and 2 with a return to the sphere after every step.

    Parameters
    ----------
    starts
        (n, d) or (R, n, d) unit vectors; R runs that know nothing of each other.
    beta
        Inverse temperature ≥ 0.
    query, key, value
        Q and K, (k, d), and V, (d, d); None is the identity.
    softmax
        SA if true, USA if not. The speed of USA holds a factor of up to exp(β).
    last_time, records
        The flow is recorded at so many equally spaced times from 0 to ``last_time``.
    times
        Increasing times ≥ 0 to record instead.
    tolerance
        Largest error of a particle in one step, radians.
    merge_distance
        Particles nearer than this become one for good, which makes long runs with clusters cheap; 0: never. The error is
        of the order of β times its square.
    max_steps
        A run that needs more gets the status 'too many steps'.
    progress
        Called as progress(runs done, runs).

    Returns
    -------
    SphereFlow
        times, positions, steps, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds. A run that fails on its way is no error: see ``status``.

    Examples
    --------
    Five hundred particles meet in one point.

    >>> import attention_atlas as aa
    >>> flow = aa.sphere_flow(aa.uniform_points(500, 3), beta=1.0, last_time=30.0)
    >>> flow.positions.shape, str(flow.status), bool(flow.converged)
    ((101, 500, 3), 'ok', True)
    >>> int(aa.cluster_counts(flow.positions[-1]))
    1
    """
    runs, single = checked_points("starts", starts)
    strength, query_key, own = _checked_attention(beta, query, key, value, runs.shape[2])
    instants = checked_times(last_time, records, times)
    precision = checked_number("tolerance", tolerance, 1e-14, 1e-1)
    merging = checked_number("merge_distance", merge_distance, 0.0, 1.0)
    limit = checked_count("max_steps", max_steps, 1)
    parts: list[Trajectory] = []
    # a part keeps all threads busy
    size = max(os.cpu_count() or 1, -(-len(runs) // PARTS))
    for first in range(0, len(runs), size):
        parts.append(
            adaptive_flow(
                runs[first : first + size], "sa" if softmax else "usa", strength, instants, query_key, own,
                tolerance=precision, merge_distance=merging, max_steps=limit, strict=False,
            )
        )  # fmt: skip
        if progress is not None:
            progress(min(first + size, len(runs)), len(runs))
    positions, steps, status = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("positions", "steps", "status")
    )
    rest = at_rest(positions[:, -1], softmax, strength, query_key, own, REST_TOLERANCES * precision)
    flow = SphereFlow(instants, positions, steps, status, rest)
    return first_run(flow, ("positions", "steps", "status", "converged")) if single else flow


def at_rest(
    positions: np.ndarray,
    softmax: bool,
    beta: float,
    query_key: np.ndarray | None,
    value: np.ndarray | None,
    share: float,
) -> np.ndarray:
    """(R,): whether no particle of positions (R, n, d) moves faster than ``share`` of the largest pull of its run."""
    rest = np.zeros(len(positions), dtype=bool)
    for run, points in enumerate(positions):
        if np.isfinite(points).all():
            velocity, largest_pull = _velocity(points, softmax, beta, query_key, value)
            rest[run] = np.linalg.norm(velocity, axis=1).max() <= share * largest_pull
    return rest


def _velocity(
    points: np.ndarray, softmax: bool, beta: float, query_key: np.ndarray | None, value: np.ndarray | None
) -> tuple[np.ndarray, float]:
    """Velocities (n, d), and the largest length of a pull sum_j A_ij V x_j before the projection; in blocks of rows."""
    kind, velocity, largest = "sa" if softmax else "usa", np.empty_like(points), 0.0
    for first in range(0, len(points), ROWS):
        rows = slice(first, first + ROWS)
        pull = attention_field(points, kind, beta, query_key, value, project=False, rows=rows)
        velocity[rows] = pull - (pull * points[rows]).sum(axis=1, keepdims=True) * points[rows]
        largest = max(largest, float(np.linalg.norm(pull, axis=1).max()))
    return velocity, largest


def _checked_attention(
    beta: float, query: ArrayLike | None, key: ArrayLike | None, value: ArrayLike | None, dimension: int
) -> tuple[float, np.ndarray | None, np.ndarray | None]:
    """beta, Q^T K and V; None for the identity."""
    strength = checked_number("beta", beta, 0.0)
    q, k = (checked_matrix(name, given, (None, dimension)) for name, given in (("query", query), ("key", key)))
    own = checked_matrix("value", value, (dimension, dimension))
    if q is None and k is None:
        return strength, None, own
    q, k = (np.eye(dimension) if matrix is None else matrix for matrix in (q, k))
    if len(q) != len(k):
        raise AtlasError(f"query, key: {len(q)} and {len(k)} rows; give Q and K with the same number of rows")
    return strength, q.T @ k, own
