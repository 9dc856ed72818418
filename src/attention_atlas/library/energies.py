"""The interaction energy of particles on the sphere, and the steps that lower or raise it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import (
    Progress,
    checked_array,
    checked_count,
    checked_matrix,
    checked_number,
    checked_numbers,
    checked_points,
    first_run,
    recorded_steps,
)

__all__ = ["EnergyFlow", "energy", "energy_flow"]

# The kernels' words, as all flows say them
STATUSES = {"ok": "ok", "blew_up": "blew up", "vanished": "vanished"}
# At rest: no particle moves faster than this share of the largest pull
REST = 1e-6


class EnergyFlow(NamedTuple):
    """What R runs of n particles did at T recorded steps; a call with one run has no axis R.

    Attributes
    ----------
    record_steps : (T,)
    positions : (R, T, n, d) unit vectors, NaN where a run has failed before
    energies : (R, T), NaN where a run has failed before
    worst_change : (R,) largest change of the energy in one step against the direction of the flow, relative to the energy;
        negative if every step went the right way
    status : (R,) 'ok'; 'blew up': a number passed 1e140; 'vanished': a step left a particle without direction
    converged : (R,) whether the particles are at rest at the end: none moves faster than 1e-6 times the largest pull
    """

    record_steps: np.ndarray
    positions: np.ndarray
    energies: np.ndarray
    worst_change: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def energy(points: ArrayLike, D: ArrayLike | None = None, *, beta: float = 1.0) -> np.ndarray:
    """Interaction energy E = n^-2 sum_ij exp(β⟨x_i, D x_j⟩), i = j included.

    Burger, Kabri, Korolev, Roith and Weigand, arXiv 2501.03096, where β = 1. The energy of arXiv 2312.10794 is E / (2β).

    Parameters
    ----------
    points
        (..., n, d).
    D
        (d, d); None is the identity.
    beta
        Inverse temperature.

    Returns
    -------
    numpy.ndarray
        (...), a number for points (n, d).

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import numpy as np, attention_atlas as aa
    >>> bool(np.isclose(aa.energy([[1.0, 0.0], [-1.0, 0.0]]), np.cosh(1.0)))
    True
    """
    array = checked_array("points", points)
    if array.ndim < 2 or array.size == 0:
        raise AtlasError(f"points: has shape {array.shape}; give points (..., n, d)")
    matrix = checked_matrix("D", D, (array.shape[-1], array.shape[-1]))
    strength = checked_number("beta", beta)
    return interaction_energy(array, np.eye(array.shape[-1]) if matrix is None else matrix, strength)[()]


def energy_flow(
    starts: ArrayLike,
    D: ArrayLike | None = None,
    *,
    direction: str = "descent",
    beta: float | ArrayLike = 1.0,
    step_size: float | ArrayLike = 0.1,
    steps: int = 1000,
    noise: float = 0.0,
    noise_seed: int = 0,
    records: int = 101,
    progress: Progress | None = None,
) -> EnergyFlow:
    """Explicit steps that lower or raise ``energy``, each followed by the return to the sphere.

    x_i ← N(x_i ∓ (τ/n) sum_j exp(β⟨x_i, D x_j⟩) D x_j), N(x) = x / ‖x‖, all particles at once: unnormalised self-attention
    with layer normalisation. Burger, Kabri, Korolev, Roith and Weigand, arXiv 2501.03096, where β = 1.

    Parameters
    ----------
    starts
        (n, d) or (R, n, d) unit vectors; R runs that know nothing of each other.
    D
        Symmetric (d, d), or (R, d, d) with one a run; None is the identity.
    direction
        'descent' lowers the energy, 'ascent' raises it.
    beta, step_size
        β ≥ 0 and τ ≥ 0, one number or one a run.
    steps
        Number of steps.
    noise, noise_seed
        Normal noise of size ``noise`` × 0.9^k is added in step k; run r draws from (noise_seed, r).
    records
        Energies and positions are kept at so many equally spaced steps from 0 to ``steps``.
    progress
        Called as progress(steps done, steps).

    Returns
    -------
    EnergyFlow
        record_steps, positions, energies, worst_change, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds. A run that fails on its way is no error: see ``status``.

    Examples
    --------
    The energy falls to its smallest value: the particles spread over the kernel of D.

    >>> import numpy as np, attention_atlas as aa
    >>> flow = aa.energy_flow(aa.uniform_points(100, 3), np.diag([0.0, 0.0, 1.0]), steps=2000)
    >>> flow.energies[[0, -1]].round(4).tolist(), bool(flow.worst_change < 0)
    ([1.0625, 1.0], True)
    """
    from attention_atlas.dynamics.energy_flow.flow import energy_flow as follow

    runs, single = checked_points("starts", starts)
    count, _, dimension = runs.shape
    matrix = np.eye(dimension) if D is None else checked_array("D", D)
    betas, sizes = (checked_numbers(name, given, 0.0)[0] for name, given in (("beta", beta), ("step_size", step_size)))
    kept = recorded_steps(checked_count("steps", steps, 1), checked_count("records", records, 2))
    flow = follow(
        runs, matrix,
        direction=direction, steps=int(kept[-1]), energy_steps=kept, frame_steps=kept,
        beta=betas if len(betas) > 1 else betas[0], step_size=sizes if len(sizes) > 1 else sizes[0],
        noise=checked_number("noise", noise, 0.0), noise_seed=checked_count("noise_seed", noise_seed, 0), progress=progress,
    )  # fmt: skip
    positions = np.moveaxis(flow.frames, 0, 1)
    late = (flow.failed_step >= 0)[:, None] & (kept > flow.failed_step[:, None])
    positions = np.where(late[:, :, None, None], np.nan, positions)
    status = np.array([STATUSES[word] for word in flow.status])
    rest = _at_rest(
        positions[:, -1], np.broadcast_to(matrix, (count, dimension, dimension)), np.broadcast_to(betas, count)
    )
    result = EnergyFlow(kept, positions, flow.energies, flow.worst_change, status, rest)
    return first_run(result, result._fields[1:]) if single else result


def _at_rest(ends: np.ndarray, matrices: np.ndarray, betas: np.ndarray) -> np.ndarray:
    """The flow is unnormalised self-attention with K = D and V = ∓D."""
    from attention_atlas.library.sphere import at_rest

    return np.array(
        [
            at_rest(end[None], False, float(beta), matrix, matrix, REST)[0]
            for end, matrix, beta in zip(ends, matrices, betas, strict=True)
        ]
    )
