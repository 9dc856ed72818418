"""How runs of particles lie in the arrays of the kernels of the energy flow.

Both layouts rotate every run to the eigenvectors of its D, where D is diagonal,
and rotate back what they hand out. A D that is diagonal already is not rotated.
"""

from typing import NamedTuple

import numpy as np
from numba import get_num_threads

from attention_atlas.dynamics.energy_flow.kernels import ADVANCE_RUN, BLEW_UP, OK, PULL, advance_runs, advance_wide_runs
from attention_atlas.dynamics.energy_flow.small_kernel import ADVANCE_GROUP, advance_groups
from attention_atlas.numerics.lanes import LANES
from attention_atlas.numerics.vector_math import LOG2_E
from attention_atlas.numerics.vectors import EXP2_BOUND

__all__ = ["ParticlesInLanes", "RunsInLanes", "Scales"]

# Runs with this many particles sum their forces in parts, so that several threads can share one run: to
# wake the threads in every step costs 0.1 ms, a step of so many particles 0.7 ms.
MIN_PARTICLES_IN_PARTS = 1536
PARTS = 8


class Scales(NamedTuple):
    """Numbers of each run in the coordinates where its D is diagonal.

    Attributes
    ----------
    vectors
        (R, d, d) orthonormal eigenvectors as columns: x = vectors @ y.
    rates
        (R, d) beta lambda_c, the factors in the exponent.
    pushes
        (R, d) s tau lambda_c / n, the factors of the step.
    sign
        s, +1 for a descent and -1 for an ascent.
    """

    vectors: np.ndarray
    rates: np.ndarray
    pushes: np.ndarray
    sign: float

    @classmethod
    def of(cls, matrices: np.ndarray, step_sizes: np.ndarray, betas: np.ndarray, sign: float, n: int) -> "Scales":
        """From (R, d, d) matrices D and (R,) step sizes and betas of n particles; sign +1 descends."""
        runs, d, _ = matrices.shape
        values = np.empty((runs, d))
        vectors = np.empty((runs, d, d))
        for run, matrix in enumerate(matrices):
            if np.array_equal(matrix, np.diag(np.diag(matrix))):
                values[run], vectors[run] = np.diag(matrix), np.eye(d)
            else:
                values[run], vectors[run] = np.linalg.eigh(matrix)
        return cls(vectors, betas[:, None] * values, sign * step_sizes[:, None] * values / n, sign)

    def exponents(self) -> np.ndarray:
        """(R, d) beta lambda_c log2(e): the kernels take powers of two."""
        return self.rates * LOG2_E

    def steep(self) -> np.ndarray:
        """(R,) whether an exponential may leave the numbers that a kernel can take."""
        return np.abs(self.exponents()).max(axis=1, initial=0.0) > EXP2_BOUND

    def rotated(self, points: np.ndarray) -> np.ndarray:
        """Points (..., R, n, d) in eigenvector coordinates."""
        return self._turned(points, self.vectors)

    def original(self, points: np.ndarray) -> np.ndarray:
        """The inverse of ``rotated``."""
        return self._turned(points, np.swapaxes(self.vectors, 1, 2))

    def _turned(self, points: np.ndarray, matrices: np.ndarray) -> np.ndarray:
        result = points.copy()
        identity = np.eye(points.shape[-1])
        for run, matrix in enumerate(matrices):
            if not np.array_equal(matrix, identity):
                result[..., run, :, :] = points[..., run, :, :] @ matrix
        return result


def _energies(positions: np.ndarray, rates: np.ndarray, status: np.ndarray) -> np.ndarray:
    """(R,) energies of rotated positions (R, n, d); NaN of runs that failed."""
    energies = np.full(len(positions), np.nan)
    for run in np.flatnonzero(status == OK):
        energies[run] = np.exp((positions[run] * rates[run]) @ positions[run].T).mean()
    return energies


def _with_last_change(worst: np.ndarray, before: np.ndarray, now: np.ndarray, sign: float) -> np.ndarray:
    known = np.isfinite(before) & np.isfinite(now)
    change = np.full(len(worst), -np.inf)
    change[known] = sign * (now[known] - before[known]) / before[known]
    return np.maximum(worst, change)


class ParticlesInLanes:
    """Runs of many particles: sixteen particles of a run in a vector."""

    def __init__(self, starts: np.ndarray, scales: Scales):
        self.shape = runs, n, d = starts.shape
        self.scales = scales
        padded = -(-n // LANES) * LANES
        self.x = np.zeros((runs, d, padded))
        self.x[:, 0, n:] = 1.0
        self.x[:, :, :n] = np.swapaxes(scales.rotated(starts), 1, 2)
        self.exponents = scales.exponents()
        self.parts = PARTS if n >= MIN_PARTICLES_IN_PARTS else 1
        self.before = np.full(runs, np.nan)
        self.worst = np.full(runs, -np.inf)
        self.status = np.where(scales.steep(), BLEW_UP, OK)
        self.failed_step = np.where(scales.steep(), 0, -1)
        # A row of the triangle starts anywhere in a vector: partners before the particle count 0, itself one half.
        first = np.concatenate([np.zeros(LANES), [0.5], np.ones(LANES - 1)])
        self.weights = np.concatenate([first, np.arange(padded - LANES, padded) < n])

    def advance(self, first_step: int, slots: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """Take ``slots.size`` steps from ``first_step`` on.

        The energies (kept, R) before them are returned in the rows that ``slots`` names, NaN where a run has failed.
        """
        runs, n, d = self.shape
        padded = np.zeros((max(1, len(noise)), runs, d, self.x.shape[2]))
        padded[: len(noise), :, :, :n] = np.swapaxes(self.scales.rotated(noise), 2, 3)
        energies = np.full((slots.max(initial=-1) + 1, runs), np.nan)
        row = self.x[0, 0]
        PULL.prepare_for(self.x[0], self.x[0], self.exponents[0], n, 0, 0, row, self.x[0], row)
        wide = self.parts > 1 and runs < get_num_threads()
        arguments = (
            self.x, n, self.exponents, self.scales.pushes, self.weights, self.parts, padded, len(noise),
            self.scales.sign, first_step, slots, energies, self.before, self.worst, self.status, self.failed_step,
        )  # fmt: skip
        if wide:
            advance_wide_runs(*arguments)
        else:
            ADVANCE_RUN.prepare_for(0, *arguments)
            advance_runs(*arguments)
        return energies

    def _rotated_positions(self) -> np.ndarray:
        return np.swapaxes(self.x[:, :, : self.shape[1]], 1, 2)

    def energies(self) -> np.ndarray:
        """(R,) energies now; NaN of runs that failed."""
        return _energies(self._rotated_positions(), self.scales.rates, self.status)

    def positions(self) -> np.ndarray:
        """(R, n, d) in the original coordinates."""
        return self.scales.original(self._rotated_positions())

    def outcome(self) -> tuple[np.ndarray, np.ndarray]:
        """(R,) codes of the status and (R,) steps that failed."""
        return self.status, self.failed_step

    def worst_change(self) -> np.ndarray:
        """(R,) largest relative change of the energy against the flow in one step, the last one included."""
        return _with_last_change(self.worst, self.before, self.energies(), self.scales.sign)


class RunsInLanes:
    """Many runs: the same particle of sixteen runs in a vector."""

    def __init__(self, starts: np.ndarray, scales: Scales):
        self.shape = starts.shape
        self.scales = scales
        self.groups = -(-len(starts) // LANES)
        self.x = self._grouped(scales.rotated(starts))
        self.x[..., 0, :] += (self.x == 0.0).all(axis=2)  # an idle lane rests at the first unit vector
        self.exponents = self._grouped(scales.exponents())
        self.pushes = self._grouped(scales.pushes)
        self.before = np.full((self.groups, LANES), np.nan)
        self.worst = np.full((self.groups, LANES), -np.inf)
        steep = self._grouped(scales.steep()) > 0
        self.alive = np.where(steep, 0.0, 1.0)
        self.status = np.where(steep, BLEW_UP, OK)
        self.failed_step = np.where(steep, 0, -1)

    def _grouped(self, values: np.ndarray) -> np.ndarray:
        """(runs, ...) to (groups, ..., LANES), with zeros in idle lanes."""
        placed = np.zeros((self.groups * LANES, *values.shape[1:]))
        placed[: len(values)] = values
        return np.ascontiguousarray(np.moveaxis(placed.reshape(self.groups, LANES, *values.shape[1:]), 1, -1))

    def _of_runs(self, values: np.ndarray) -> np.ndarray:
        """(groups, LANES) to (runs,)."""
        return values.ravel()[: self.shape[0]]

    def advance(self, first_step: int, slots: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """Take ``slots.size`` steps from ``first_step`` on.

        The energies (kept, R) before them are returned in the rows that ``slots`` names, NaN where a run has failed.
        """
        _, n, d = self.shape
        grouped = np.zeros((max(1, len(noise)), self.groups, n, d, LANES))
        for step, numbers in enumerate(self.scales.rotated(noise)):
            grouped[step] = self._grouped(numbers)
        energies = np.full((slots.max(initial=-1) + 1, self.groups, LANES), np.nan)
        arguments = (
            self.x, self.exponents, self.pushes, grouped, len(noise), self.scales.sign, first_step, slots,
            energies, self.before, self.worst, self.alive, self.status, self.failed_step,
        )  # fmt: skip
        ADVANCE_GROUP.prepare_for(0, *arguments)
        advance_groups(*arguments)
        return energies.reshape(len(energies), self.groups * LANES)[:, : self.shape[0]]

    def _rotated_positions(self) -> np.ndarray:
        runs, n, d = self.shape
        return np.moveaxis(self.x, -1, 1).reshape(-1, n, d)[:runs]

    def energies(self) -> np.ndarray:
        """(R,) energies now; NaN of runs that failed."""
        return _energies(self._rotated_positions(), self.scales.rates, self.outcome()[0])

    def positions(self) -> np.ndarray:
        """(R, n, d) in the original coordinates."""
        return self.scales.original(self._rotated_positions())

    def outcome(self) -> tuple[np.ndarray, np.ndarray]:
        """(R,) codes of the status and (R,) steps that failed."""
        return self._of_runs(self.status), self._of_runs(self.failed_step)

    def worst_change(self) -> np.ndarray:
        """(R,) largest relative change of the energy against the flow in one step, the last one included."""
        return _with_last_change(
            self._of_runs(self.worst), self._of_runs(self.before), self.energies(), self.scales.sign
        )
