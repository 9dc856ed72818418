"""Many runs of the mean-field map with tangents: growth rates between two calls."""

import numpy as np
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.jacobian import EXTRA, SLOPE
from attention_atlas.dynamics.mean_field.kernel import Tape
from attention_atlas.dynamics.mean_field.lyapunov import Growth, Spectrum, spectrum_from_growth
from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window
from attention_atlas.dynamics.mean_field.qr import SUMS
from attention_atlas.dynamics.mean_field.run import NO_TAPE, MeanFieldRun, Recording, unpack
from attention_atlas.dynamics.mean_field.tangent import (
    INVERSE,
    VOLUME_ROWS,
    TangentBlocks,
    advance_tangents,
    enter_all_slopes,
)
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.lanes import LANES

__all__ = ["TangentRun", "jacobian_blocks", "lyapunov_spectrum"]

Floats = NDArray[np.float64]
LN2 = np.log(2.0)


class TangentRun(MeanFieldRun):
    """R runs with ``leading`` tangents and ``trailing`` cotangents each.

    With leading + trailing = L M the spectrum is complete. ``every``: steps between
    two orthonormalisations.
    """

    def __init__(
        self, model: MeanFieldModel, params: Parameters, start: Window, leading: int, trailing: int = 0, every: int = 1
    ):
        size = model.context * model.patterns
        if leading < 1 or trailing < 0 or leading + trailing > size:
            raise AtlasError(
                f"exponents: {leading} leading and {trailing} trailing ones do not fit the {size} dimensions of the"
                f" window; set leading >= 1 and leading + trailing <= {size}"
            )
        if every < 1:
            raise AtlasError(f"every: {every} steps between two orthonormalisations; set at least 1")
        self.leading, self.trailing, self.every = leading, trailing, every
        super().__init__(model, params, start)

    def reset(self, start: Window) -> None:
        super().reset(start)
        count, context = len(self.blocks.windows), self.model.context
        self.tangent_blocks = TangentBlocks(
            slopes=np.zeros((count, context * SLOPE * LANES)),
            jacobians=np.zeros((count, (context * 9 + EXTRA) * LANES)),
            inverses=np.zeros((count, INVERSE * LANES)),
            tangents=self._unit_vectors(self.leading, newest_first=True),
            sums=np.zeros((count, self.leading * SUMS * LANES)),
            cotangents=self._unit_vectors(self.trailing, newest_first=False),
            dual_sums=np.zeros((count, max(1, self.trailing) * SUMS * LANES)),
            removed=np.zeros((count, max(self.leading, self.trailing) * LANES)),
            volumes=np.zeros((count, VOLUME_ROWS * LANES)),
        )
        self._clear()
        self._enter_slopes()

    def set_parameters(self, params: Parameters) -> None:
        super().set_parameters(params)
        self._enter_slopes()

    def _enter_slopes(self) -> None:
        enter_all_slopes(
            self.blocks, self.tangent_blocks, self.coefficients, self.slot, self.phase, self.model.patterns
        )

    def _unit_vectors(self, columns: int, newest_first: bool) -> Floats:
        """Different unit vectors along the coordinates that exist, the same in every lane."""
        context, patterns = self.model.context, self.model.patterns
        order = [3 * slot + a for slot in range(context)[:: -1 if newest_first else 1] for a in range(patterns)]
        vectors = np.zeros((3 * context, max(1, columns), LANES))
        for column in range(columns):
            vectors[order[column], column] = 1.0
        return np.tile(vectors.reshape(-1), (len(self.blocks.windows), 1))

    def _clear(self) -> None:
        blocks = self.tangent_blocks
        for array, rows in ((blocks.sums, SUMS), (blocks.dual_sums, SUMS), (blocks.volumes, VOLUME_ROWS)):
            view = array.reshape(len(array), -1, rows, LANES)
            view[:] = 0.0
            view[:, :, 0] = 1.0
        blocks.volumes.reshape(-1, VOLUME_ROWS, LANES)[:, 2] = 1.0

    def _advance(self, steps: int, tape: Tape) -> None:
        if steps % self.every:
            raise AtlasError(f"every: {steps} steps are not a multiple of {self.every}; set lengths that are")
        advance_tangents(
            self.blocks, self.tangent_blocks, self.coefficients, self.slot, self.phase, steps, tape,
            self.leading, self.trailing, self.model.patterns, self.every,
        )  # fmt: skip
        self.tick(steps)

    def restart_tangents(self) -> None:
        """Begin with unit tangents again: those that a singular Jacobian has sent to zero would stay there."""
        self.tangent_blocks.tangents[:] = self._unit_vectors(self.leading, newest_first=True)
        self.tangent_blocks.cotangents[:] = self._unit_vectors(self.trailing, newest_first=False)

    def coast(self, steps: int) -> None:
        """Take ``steps`` steps without tangents, several times as fast: the orbit is the same, the tangents stay as they were."""
        MeanFieldRun._advance(self, steps, NO_TAPE)
        self._enter_slopes()

    def grow(self, steps: int, record: Recording | None = None) -> Growth:
        """Take ``steps`` steps and say how tangents grew; ``record`` takes the steps it has room for."""
        self._clear()
        self._advance(steps, NO_TAPE if record is None else record.tape())
        if record is not None:
            record.position += steps
        blocks = self.tangent_blocks
        leading, steps_noisy = _totals(blocks.sums, self.runs)
        trailing, dual_noisy = _totals(blocks.dual_sums, self.runs)
        volumes = unpack(blocks.volumes.reshape(-1, VOLUME_ROWS, LANES), self.runs)
        log_weight = np.log(volumes[:, 2]) + volumes[:, 3] * LN2
        log_det = np.log(volumes[:, 0]) + volumes[:, 1] * LN2 + self.model.patterns * log_weight
        # The cotangents grew by w / sigma: the smallest stretching first
        backward = (log_weight[:, None] - trailing[:, : self.trailing])[:, ::-1]
        logs = np.concatenate([leading, backward], axis=1)
        collapsed = np.concatenate([steps_noisy, dual_noisy[:, : self.trailing][:, ::-1]], axis=1)
        return Growth(steps, logs, collapsed * self.every, log_det, volumes[:, 4])


def _totals(sums: Floats, runs: int) -> tuple[Floats, Floats]:
    """Logarithms of the products and numbers of collapsed steps, each (R, columns)."""
    columns = unpack(sums.reshape(len(sums), -1, SUMS, LANES), runs)
    return np.log(columns[:, :, 0]) + columns[:, :, 1] * LN2, columns[:, :, 2]


def jacobian_blocks(model: MeanFieldModel, params: Parameters, window: Window) -> Floats:
    """d A_new / d A(age) of one step from windows (R, L, M), shape (R, L, M, M), newest entry first."""
    run = TangentRun(model, params, window, leading=1)
    newest, context = run.slot, model.context
    run.grow(1)
    blocks = run.tangent_blocks.jacobians.reshape(len(run.blocks.windows), -1, LANES)[:, : 9 * context]
    slots = unpack(blocks.reshape(-1, context, 3, 3, LANES), run.runs)
    order = (newest - np.arange(context)) % context
    return slots[:, order, : model.patterns, : model.patterns]


def lyapunov_spectrum(run: TangentRun, steps: int, alignment: int = 1000, batches: int = 16) -> Spectrum:
    """Spectrum over ``steps`` steps (a multiple of ``batches``) after ``alignment`` steps that turn the tangents."""
    if steps % batches:
        raise AtlasError(f"spectrum_steps: {steps} is not a multiple of the {batches} batches; set one")
    if alignment:
        run.grow(alignment)
    return spectrum_from_growth([run.grow(steps // batches) for _ in range(batches)], run.leading)
