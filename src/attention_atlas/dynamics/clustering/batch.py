"""Clustering of many random starts: the numbers behind the phase diagrams.

Source: Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv 2312.10794. SA is
softmax attention, USA has the softmax denominator replaced by n.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attention_atlas.dynamics.clustering.euler import GROUP, euler_clustering
from attention_atlas.dynamics.clustering.kernels import ADAPTIVE, adaptive_clustering
from attention_atlas.dynamics.self_attention.adaptive import TOO_MANY_STEPS, prepare_steps
from attention_atlas.dynamics.self_attention.flow import STATUSES
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.vector_math import LOG2_E

__all__ = [
    "Clustering",
    "adaptive_cluster_pairs",
    "check_starts",
    "euler_cluster_pairs",
    "published_step",
    "span_coordinates",
]


class Clustering(NamedTuple):
    """Close pairs of R runs.

    Attributes
    ----------
    close_pairs : (R, T) ordered pairs i != j that are close, -1 where a run failed before
    steps : (R,) steps tried
    status : (R,) 'ok', 'too many steps' or 'blew up'
    """

    close_pairs: np.ndarray
    steps: np.ndarray
    status: np.ndarray

    def probability(self, particles: int) -> np.ndarray:
        """Fraction of close pairs over all runs, (records,)."""
        runs = len(self.close_pairs)
        return self.close_pairs.sum(axis=0) / (runs * particles * (particles - 1))


def published_step(kind: str, beta: float, step: float = 0.1) -> float:
    """The step size of the published Euler scheme (time units of the flow).

    SA: ``step``. USA: step / max(sqrt(beta) e^(beta - 1/2), 1): the denominator is
    the largest slope of r -> e^(beta r) sqrt(1 - r^2) beta, the stiffness of a pair.
    """
    if kind == "sa":
        return step
    if kind == "usa":
        return step / max(math.sqrt(beta) * math.exp(beta - 0.5), 1.0)
    raise AtlasError(f"kind: {kind!r} is none of sa, usa; give one of them")


def span_coordinates(starts: np.ndarray) -> np.ndarray:
    """Coordinates of each run's points in an orthonormal basis of their span, (runs, n, min(n, d)).

    With Q = K = V = I every particle stays in the span of all the starts, so
    d > n costs no more than d = n. Inner products are those of ``starts``.
    """
    _, particles, dimension = starts.shape
    if dimension <= particles:
        return np.ascontiguousarray(starts)
    triangular = np.linalg.qr(np.swapaxes(starts, 1, 2), mode="r")
    return np.ascontiguousarray(np.swapaxes(triangular, 1, 2))


def check_starts(starts: np.ndarray, beta: float) -> None:
    """What all runs need.

    Raises
    ------
    AtlasError
        ``starts`` is not (runs, n, d) or not finite, or e**beta is no number.
    """
    if starts.ndim != 3 or not np.isfinite(starts).all():
        raise AtlasError(
            f"starts: shape {starts.shape} or a number that is not finite; give finite points (runs, n, d)"
        )
    if not 0 <= beta <= 300:
        raise AtlasError(f"beta: {beta}, the bounds are 0 and 300 (e**beta must be a number); give a beta between them")


def euler_cluster_pairs(
    starts: np.ndarray,
    kind: str,
    beta: float,
    step_size: float,
    record_steps: Sequence[int] | np.ndarray,
    threshold: float,
) -> Clustering:
    """Close pairs along the published scheme x_i <- N(x_i + step sum_j A_ij x_j), Q = K = V = I.

    Parameters
    ----------
    starts
        (runs, n, d) unit vectors.
    kind
        'sa' or 'usa'.
    record_steps
        Ascending step numbers at which pairs with <x_i, x_j> > ``threshold`` are counted.

    Raises
    ------
    AtlasError
        Bad values, or a point that lost its length.
    """
    check_starts(starts, beta)
    starts = span_coordinates(starts)
    records = np.asarray(record_steps, dtype=np.int64)
    if (np.diff(records) < 0).any() or (records < 0).any():
        raise AtlasError("record_steps: they go down or below 0; give ascending step numbers from 0 on")
    counts = np.empty((len(starts), len(records)), dtype=np.int64)
    status = np.zeros(len(starts), dtype=np.int64)
    # e^(beta (s - 1)) for the softmax, where the factor cancels, e^(beta s) without it
    factor = beta * LOG2_E
    if kind == "sa":
        model = (factor, factor, 1.0, float(step_size), 0.0, float(threshold))
    else:
        model = (factor, 0.0, math.exp(beta), float(step_size), float(step_size) / starts.shape[1], float(threshold))
    GROUP.prepare_for(starts, 0, 0, model, records, counts, status)
    euler_clustering(starts, model, records, counts, status)
    if status.any():
        raise AtlasError(
            f"step_size: {step_size} at beta = {beta} left {np.count_nonzero(status)} runs without direction; use smaller steps"
        )
    steps = np.full(len(starts), records[-1] if len(records) else 0)
    return Clustering(counts, steps, np.full(len(starts), STATUSES[0]))


def adaptive_cluster_pairs(
    starts: np.ndarray,
    kind: str,
    beta: float,
    times: np.ndarray,
    threshold: float,
    *,
    tolerance: float = 1e-4,
    merge_distance: float = 3e-3,
    max_steps: int = 200_000,
    strict: bool = True,
) -> Clustering:
    """Close pairs along the continuous flow, by the adaptive integrator with merging.

    Parameters
    ----------
    starts
        (runs, n, d) unit vectors.
    times
        Ascending times from 0 on, in the units of the flow.
    tolerance
        Largest error of a particle in one step (radians).
    merge_distance
        Particles nearer than this (Euclidean) are merged; far below the distance sqrt(2 - 2 threshold) of a close pair.
    max_steps, strict
        As in ``adaptive_flow``.

    Raises
    ------
    AtlasError
        Bad values; if ``strict``, a run that blew up or needs more than ``max_steps`` steps.
    """
    check_starts(starts, beta)
    starts = span_coordinates(starts)
    times = np.asarray(times, dtype=float)
    if (np.diff(times) < 0).any() or (times < 0).any():
        raise AtlasError("times: they go down or below 0; give ascending times from 0 on")
    if merge_distance < 10 * tolerance:
        raise AtlasError(
            f"merge_distance: {merge_distance}, the bound is {10 * tolerance:.2g} (ten times the tolerance:"
            " particles that have met keep a distance of the size of the error); make it larger or the tolerance smaller"
        )
    if merge_distance**2 > 0.01 * (2 - 2 * threshold):
        raise AtlasError(
            f"merge_distance: {merge_distance}, the bound is {0.1 * math.sqrt(2 - 2 * threshold):.2g}"
            " (a tenth of the distance of a close pair); make it smaller"
        )
    counts = np.full((len(starts), len(times)), -1, dtype=np.int64)
    status = np.zeros(len(starts), dtype=np.int64)
    trials = np.zeros(len(starts), dtype=np.int64)
    first = 0.01 * published_step(kind, beta) if kind == "usa" else 0.01
    settings = np.array([tolerance, merge_distance, max_steps, first])
    shift = beta if kind == "sa" else 0.0
    model = (beta * LOG2_E, times, threshold, kind == "sa", shift * LOG2_E, settings)
    prepare_steps()
    ADAPTIVE.prepare_for(starts[0], *model, counts[0])
    adaptive_clustering(starts, *model, counts, status, trials)
    if strict and status.any():
        why = f"needed more than {max_steps} steps" if (status == TOO_MANY_STEPS).any() else "blew up"
        raise AtlasError(
            f"tolerance: {tolerance} at beta = {beta}: {np.count_nonzero(status)} runs {why}; use another tolerance"
        )
    return Clustering(counts, trials, np.array([STATUSES[code] for code in status.tolist()]))
