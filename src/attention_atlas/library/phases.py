"""Phase diagrams of clustering: the probability that two particles are close, over time and beta."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.clustering.batch import adaptive_cluster_pairs, span_coordinates
from attention_atlas.geometry.sphere import random_points
from attention_atlas.library.checks import (
    Progress,
    checked_count,
    checked_number,
    checked_numbers,
    checked_times,
)

__all__ = ["PhaseDiagram", "phase_diagram"]


class PhaseDiagram(NamedTuple):
    """Numbers over B values of beta and T times.

    Attributes
    ----------
    betas : (B,)
    times : (T,)
    probability : (B, T) share of the pairs of particles that are close, over all runs; NaN for a beta where a run failed
    error : (B, T) standard error over the runs, NaN for a single run
    status : (B,) 'ok', or the word of the first run that failed: 'too many steps' or 'blew up'
    converged : (B,) whether all pairs of all runs are close at the last time
    """

    betas: np.ndarray
    times: np.ndarray
    probability: np.ndarray
    error: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def phase_diagram(
    betas: float | ArrayLike,
    *,
    dimension: int,
    particles: int = 32,
    runs: int = 256,
    softmax: bool = True,
    last_time: float = 30.0,
    records: int = 101,
    times: ArrayLike | None = None,
    threshold: float = 0.999,
    seed: int = 0,
    tolerance: float = 1e-4,
    merge_distance: float = 3e-3,
    max_steps: int = 200_000,
    progress: Progress | None = None,
) -> PhaseDiagram:
    """Probability that two of n uniform particles are close after a time, for each beta, with Q = K = V = I.

    The phase diagrams of Geshkovski, Letrouit, Polyanskiy and Rigollet, arXiv 2312.10794, take explicit steps of
    0.1; here the continuous flow is followed with error control. All values of beta have the same starts,
    ``aa.uniform_points(particles, dimension, runs=runs, seed=seed)``.

    Parameters
    ----------
    betas
        (B,) values from 0 to 300.
    dimension, particles, runs
        d of the sphere S^(d-1), n ≥ 2 particles, R random starts.
    softmax
        SA if true, USA if not. USA is faster by a factor of up to exp(β).
    last_time, records, times
        As in ``sphere_flow``.
    threshold
        Two particles are close if ⟨x_i, x_j⟩ exceeds it.
    seed
        Key of the random starts.
    tolerance
        Largest error of a particle in one step, radians.
    merge_distance
        Particles nearer than this become one: at least ten tolerances, at most a tenth of the distance of a close pair.
    max_steps
        A run that needs more has failed.
    progress
        Called as progress(values of beta done, B).

    Returns
    -------
    PhaseDiagram
        betas, times, probability, error, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds. A run that fails on its way is no error: see ``status``.

    Examples
    --------
    The larger β, the longer clustering takes.

    >>> import attention_atlas as aa
    >>> diagram = aa.phase_diagram([1.0, 4.0, 9.0], dimension=32, runs=16, records=4)
    >>> diagram.probability.round(1).tolist()
    [[0.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    >>> diagram.converged.tolist()
    [True, True, False]
    """
    values, _ = checked_numbers("betas", betas, 0.0, 300.0)
    n, d = checked_count("particles", particles, 2), checked_count("dimension", dimension, 2)
    count, key = checked_count("runs", runs, 1), checked_count("seed", seed, 0, 2**63 - 1)
    instants = checked_times(last_time, records, times)
    near = checked_number("threshold", threshold, -1.0, 1.0 - 1e-9)
    precision = checked_number("tolerance", tolerance, 1e-14, 1e-1)
    merging = checked_number("merge_distance", merge_distance, 0.0)
    limit = checked_count("max_steps", max_steps, 1)
    starts = span_coordinates(random_points(key, range(count), n, d))
    shares = np.full((len(values), count, len(instants)), np.nan)
    status = np.full(len(values), "ok", dtype="<U16")
    for row, beta in enumerate(values):
        pairs = adaptive_cluster_pairs(
            starts, "sa" if softmax else "usa", float(beta), instants, near,
            tolerance=precision, merge_distance=merging, max_steps=limit, strict=False,
        )  # fmt: skip
        failed = pairs.status[pairs.status != "ok"]
        if failed.size:
            status[row] = failed[0]
        else:
            shares[row] = pairs.close_pairs / (n * (n - 1))
        if progress is not None:
            progress(row + 1, len(values))
    probability = shares.mean(axis=1)
    spread = shares.std(axis=1, ddof=1) if count > 1 else np.full(probability.shape, np.nan)
    return PhaseDiagram(values, instants, probability, spread / np.sqrt(count), status, probability[:, -1] == 1.0)
