"""Self-attention dynamics SA and USA on the sphere S^{d-1}, for any Q, K, V, beta and d.

dx_i/dt = P_{x_i}( sum_j A_ij V x_j ), with A_ij the softmax over j of
beta <Q x_i, K x_j> (SA), or e^(beta <Q x_i, K x_j>) / n (USA: "unnormalised").
Source: Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv 2312.10794, section 2.

``euler_flow`` is the published discretisation, x_i <- N(x_i + step sum_j A_ij V x_j)
without P; ``adaptive_flow`` follows the continuous flow with error control.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attention_atlas.dynamics.self_attention.adaptive import FAILED, TOO_MANY_STEPS, prepare_steps
from attention_atlas.dynamics.self_attention.kernels import ADAPTIVE, EULER, adaptive_trajectories, euler_trajectories
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.vector_math import LOG2_E

__all__ = ["STATUSES", "Trajectory", "adaptive_flow", "attention_energy", "attention_field", "euler_flow"]

KINDS = ("sa", "usa")
# Words for the kernels' codes.
STATUSES = {0: "ok", TOO_MANY_STEPS: "too many steps", FAILED: "blew up"}
_MAX_EXPONENT = 690.0


class Trajectory(NamedTuple):
    """What R runs did.

    Attributes
    ----------
    times : (T,)
    positions : (R, T, n, d), NaN where a run failed before
    steps : (R,) steps tried
    status : (R,) 'ok', 'too many steps' or 'blew up'
    """

    times: np.ndarray
    positions: np.ndarray
    steps: np.ndarray
    status: np.ndarray


def attention_energy(points: np.ndarray, beta: float) -> np.ndarray:
    """E_beta = sum_ij e^(beta <x_i, x_j>) / (2 beta n^2) of points (..., n, d); it rises along SA and USA, Q = K = V = I.

    Raises
    ------
    AtlasError
        beta is not positive.
    """
    if not beta > 0:
        raise AtlasError(f"beta: {beta}, the bound is > 0 (the energy divides by beta); give a positive beta")
    inner = points @ np.swapaxes(points, -1, -2)
    return np.exp(beta * inner).sum(axis=(-1, -2)) / (2 * beta * points.shape[-2] ** 2)


def attention_field(
    points: np.ndarray,
    kind: str,
    beta: float,
    query_key: np.ndarray | None = None,
    value: np.ndarray | None = None,
    *,
    project: bool = True,
    rows: slice = slice(None),
) -> np.ndarray:
    """The velocity of each of the points (..., n, d), in plain NumPy; without P if not ``project``.

    ``rows`` chooses points whose velocity is wanted; memory is that of rows × n.
    """
    _check_kind(kind)
    keys = points if query_key is None else points @ query_key.T
    receivers = points[..., rows, :]
    exponents = beta * receivers @ np.swapaxes(keys, -1, -2)
    if kind == "sa":
        kernel = np.exp(exponents - exponents.max(axis=-1, keepdims=True))
        kernel /= kernel.sum(axis=-1, keepdims=True)
    else:
        kernel = np.exp(exponents) / points.shape[-2]
    pull = kernel @ points
    if value is not None:
        pull = pull @ value.T
    if project:
        pull = pull - (pull * receivers).sum(axis=-1, keepdims=True) * receivers
    return pull


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise AtlasError(f"kind: {kind!r} is none of {', '.join(KINDS)}; give one of them")


def _matrix(matrix: np.ndarray | None, name: str, dimension: int) -> np.ndarray:
    if matrix is None:
        return np.empty((0, 0))
    result = np.ascontiguousarray(matrix, dtype=float)
    if result.shape != (dimension, dimension) or not np.isfinite(result).all():
        raise AtlasError(
            f"{name}: shape {result.shape}, the bound is finite numbers in {(dimension, dimension)}; give such a matrix"
        )
    return result


def _prepare(
    starts: np.ndarray, kind: str, beta: float, query_key: np.ndarray | None, value: np.ndarray | None
) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Starts as (runs, n, d), the shift of the exponent and the matrices (0 x 0 for the identity)."""
    _check_kind(kind)
    points = np.ascontiguousarray(starts if starts.ndim == 3 else starts[None], dtype=float)
    if points.ndim != 3 or not np.isfinite(points).all():
        raise AtlasError(
            f"starts: shape {starts.shape} or a number that is not finite; give finite points (runs, n, d) or (n, d)"
        )
    if np.abs((points**2).sum(axis=-1) - 1).max() > 1e-9:
        raise AtlasError("starts: a point is not on the unit sphere, the bound is 1e-9; normalise the points")
    query_matrix = _matrix(query_key, "query_key", points.shape[2])
    size = 1.0 if query_key is None else float(np.linalg.norm(query_matrix, 2))
    shift = beta * size if kind == "sa" and query_key is None else 0.0
    # with the shift the exponents lie in [-2 beta, 0]
    reach = 2 * beta if shift else beta * size
    if not 0 <= reach <= _MAX_EXPONENT:
        raise AtlasError(
            f"beta: {beta} gives exponents up to {reach:.4g}, the bounds are 0 and {_MAX_EXPONENT:.0f}; use a smaller beta"
        )
    return points, shift, query_matrix, _matrix(value, "value", points.shape[2])


def euler_flow(
    starts: np.ndarray,
    kind: str,
    beta: float,
    step_size: float,
    record_steps: Sequence[int] | np.ndarray,
    query_key: np.ndarray | None = None,
    value: np.ndarray | None = None,
) -> Trajectory:
    """The published scheme x_i <- N(x_i + step_size sum_j A_ij V x_j).

    Parameters
    ----------
    starts
        (runs, n, d) or (n, d) unit vectors.
    kind
        'sa' or 'usa'.
    record_steps
        Ascending step numbers whose positions are kept; the last one ends the run.
    query_key, value
        (d, d) matrices Q^T K and V; None is the identity.

    Raises
    ------
    AtlasError
        Bad values, or a point that lost its length.
    """
    points, shift, query_matrix, value_matrix = _prepare(starts, kind, beta, query_key, value)
    records = np.asarray(record_steps, dtype=np.int64)
    if (np.diff(records) < 0).any() or (records < 0).any():
        raise AtlasError("record_steps: they go down or below 0; give ascending step numbers from 0 on")
    runs, particles, dimension = points.shape
    positions = np.empty((runs, len(records), particles, dimension))
    status = np.zeros(runs, dtype=np.int64)
    model = (beta * LOG2_E, shift * LOG2_E, kind == "sa", query_matrix, value_matrix, float(step_size), records)
    EULER.prepare_for(points[0], *model, positions[0])
    euler_trajectories(points, *model, positions, status)
    if status.any():
        raise AtlasError(f"step_size: {step_size} at beta = {beta} left a point without direction; use smaller steps")
    steps = np.full(runs, records[-1] if len(records) else 0)
    return Trajectory(records * step_size, positions, steps, np.full(runs, STATUSES[0]))


def adaptive_flow(
    starts: np.ndarray,
    kind: str,
    beta: float,
    times: np.ndarray,
    query_key: np.ndarray | None = None,
    value: np.ndarray | None = None,
    *,
    tolerance: float = 1e-8,
    merge_distance: float = 0.0,
    max_steps: int = 2_000_000,
    strict: bool = True,
) -> Trajectory:
    """The continuous flow at given times, by Bogacki and Shampine's pair of orders 3 and 2.

    Parameters
    ----------
    times
        Ascending times from 0 on (units of the flow).
    tolerance
        Largest error of a particle in one step (radians).
    merge_distance
        Particles nearer than this become one for good (0: never). Makes long runs of stiff systems cheap; the
        error is of the order of beta merge_distance**2.
    max_steps
        Most steps that a run may try.
    strict
        A run that fails raises; otherwise its status says why, and its later positions are NaN.

    Raises
    ------
    AtlasError
        Bad values; if ``strict``, a run that blew up or needs more than ``max_steps`` steps.
    """
    points, shift, query_matrix, value_matrix = _prepare(starts, kind, beta, query_key, value)
    instants = np.asarray(times, dtype=float)
    if (np.diff(instants) < 0).any() or (instants < 0).any():
        raise AtlasError("times: they go down or below 0; give ascending times from 0 on")
    runs, particles, dimension = points.shape
    positions = np.full((runs, len(instants), particles, dimension), np.nan)
    status, trials = np.zeros(runs, dtype=np.int64), np.zeros(runs, dtype=np.int64)
    first = 1e-3 if kind == "sa" else 1e-3 * math.exp(-min(beta, _MAX_EXPONENT))
    model = (
        np.array([beta * LOG2_E, shift * LOG2_E, 1.0 / particles]),
        kind == "sa",
        query_matrix,
        value_matrix,
        instants,
        np.array([tolerance, merge_distance, float(max_steps), first]),
    )
    prepare_steps()
    ADAPTIVE.prepare_for(points[0], *model, positions[0])
    adaptive_trajectories(points, *model, positions, status, trials)
    if strict and status.any():
        why = f"needed more than {max_steps} steps" if (status == TOO_MANY_STEPS).any() else "blew up"
        raise AtlasError(
            f"tolerance: {tolerance} at beta = {beta}: a run {why}; use another tolerance or a shorter time"
        )
    return Trajectory(instants, positions, trials, np.array([STATUSES[code] for code in status.tolist()]))
