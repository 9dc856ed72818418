"""Many runs of the mean-field map at once: state, advance, windows."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field import kernel
from attention_atlas.dynamics.mean_field.map import (
    MeanFieldModel,
    Parameters,
    Window,
    grow_window,
    parameters,
    token_fields,
)
from attention_atlas.dynamics.mean_field.weights import Correlations, Weights
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.lanes import LANES

__all__ = ["MeanFieldRun", "Recording", "check_run_lengths", "pack", "published_start", "unpack"]

Floats = NDArray[np.float64]
# Steps between two looks at the clock: about a second of work for a hundred blocks
CHUNK = 20_000
NO_TAPE = kernel.Tape(np.empty(0), 0, 0, 0)


def pack(values: Floats) -> Floats:
    """(R, ...) as (blocks, ..., LANES); the last block is filled with copies of the last run."""
    runs = values.shape[0]
    padded = np.concatenate([values, np.repeat(values[-1:], -runs % LANES, axis=0)])
    blocks = padded.reshape(-1, LANES, *values.shape[1:])
    return np.ascontiguousarray(np.moveaxis(blocks, 1, -1))


def unpack(blocks: NDArray, runs: int) -> NDArray:
    """(blocks, ..., LANES) as (R, ...), without the filling."""
    lanes_first = np.moveaxis(blocks, -1, 1)
    return np.ascontiguousarray(lanes_first.reshape(-1, *lanes_first.shape[2:])[:runs])


def check_run_lengths(transient: int, steps: int) -> None:
    """The saved part must exist.

    Raises
    ------
    AtlasError
        A transient as long as the run or longer (``steps`` counts both).
    """
    if transient < 0 or steps <= transient:
        raise AtlasError(
            f"transient: {transient} steps of a run of {steps} leave nothing to look at; set 0 <= transient < {steps},"
            " or a longer run"
        )


class MeanFieldRun:
    """R independent runs that share model, clock and window length.

    ``advance`` moves all of them; ``window`` gives their windows. A run's numbers
    depend on its own start and parameters alone, not on its neighbours.
    """

    def __init__(self, model: MeanFieldModel, params: Parameters, start: Window):
        self.model, self.params = model, params
        self.runs = params.beta.size
        gains = _pack_gains(params)
        size = len(gains)
        self.blocks = kernel.Blocks(
            windows=np.zeros((size, model.context * kernel.SLOT * LANES)),
            queries=np.zeros((size, 3 * LANES)),
            weights=np.zeros((size, model.context * LANES)),
            gains=gains,
        )
        self.coefficients = kernel.Coefficients(model.response, model.positional, model.context)
        self.reset(start)

    def reset(self, start: Window) -> None:
        """Put all runs on windows (L, M) or (R, L, M).

        Raises
        ------
        AtlasError
            A window of another length or number of patterns than the model's, or not finite.
        """
        context, patterns = self.model.context, self.model.patterns
        attention = np.asarray(start.attention, dtype=float)
        if attention.shape[-2:] != (context, patterns) or attention.ndim not in (2, 3):
            raise AtlasError(
                f"start window: shape {attention.shape} does not fit a window of {context} tokens with {patterns}"
                " patterns; start from one made with the same model"
            )
        if not np.isfinite(attention).all():
            raise AtlasError("start window: it holds numbers that are not finite; make it again")
        attention = np.broadcast_to(attention, (self.runs, context, patterns))
        slots = np.zeros((self.runs, context, kernel.SLOT))
        slots[:, :, :patterns] = attention[:, ::-1]  # newest in the last slot
        self.blocks.windows[:] = pack(slots).reshape(self.blocks.windows.shape)
        self.slot, self.phase = context - 1, start.phase % self.model.cycle
        kernel.enter_all(self.blocks, self.coefficients, self.slot, self.phase)

    def set_parameters(self, params: Parameters) -> None:
        """Go on with other parameters: the window stays, its fields are made anew."""
        self.params = params
        self.blocks.gains[:] = _pack_gains(params)
        kernel.enter_all(self.blocks, self.coefficients, self.slot, self.phase)

    def advance(self, steps: int, progress: Callable[[int, int], None] | None = None) -> None:
        """Take ``steps`` steps; ``progress`` is called as progress(steps done, steps)."""
        for done in range(0, steps, CHUNK):
            self._advance(min(CHUNK, steps - done), NO_TAPE)
            if progress is not None:
                progress(min(done + CHUNK, steps), steps)

    def recording(self, steps: int, attention: bool = False) -> "Recording":
        """An empty recording with room for ``steps`` steps of m^{o,se} (and A)."""
        numbers = np.zeros((len(self.blocks.windows), steps, 6 if attention else 3, LANES))
        return Recording(numbers, self.runs, self.model.patterns)

    def record(self, steps: int, attention: bool = False) -> "Recording":
        """Take ``steps`` steps and keep m^{o,se} (and A) after each."""
        record = self.recording(steps, attention)
        self._advance(steps, record.tape())
        return record

    def _advance(self, steps: int, tape: kernel.Tape) -> None:
        kernel.advance(self.blocks, self.coefficients, self.slot, self.phase, steps, tape)
        self.tick(steps)

    def tick(self, steps: int) -> None:
        """Move the clock after a kernel has moved the windows."""
        self.slot = (self.slot + steps) % self.model.context
        self.phase = (self.phase + steps) % self.model.cycle

    def window(self) -> Window:
        """Windows (R, L, M), newest first.

        Raises
        ------
        AtlasError
            A run is no longer finite; the message holds its parameters.
        """
        context = self.model.context
        slots = unpack(self.blocks.windows.reshape(-1, context, kernel.SLOT, LANES), self.runs)
        order = (self.slot - np.arange(context)) % context
        attention = slots[:, order, : self.model.patterns]
        bad = np.flatnonzero(~np.isfinite(attention).all(axis=(1, 2)))
        if bad.size:
            values = [f"{name} {values[bad[0]]:.9g}" for name, values in self.params._asdict().items()]
            raise AtlasError(
                f"mean-field map: run {bad[0]} with {', '.join(values)} is no longer finite; check its parameters"
            )
        return Window(attention, self.phase)


class Recording:
    """Observables of R runs, kept in the kernel's layout (blocks, steps, channels, LANES)."""

    def __init__(self, numbers: Floats, runs: int, patterns: int):
        self.numbers, self.runs, self.patterns = numbers, runs, patterns
        self.position = 0

    def tape(self) -> kernel.Tape:
        """The rest of the recording, for a kernel to write on."""
        return kernel.Tape(self.numbers.reshape(-1), self.numbers.shape[1], self.numbers.shape[2], self.position)

    def observables(self) -> Floats:
        """m^{o,se}, shape (R, steps, M)."""
        return unpack(self.numbers[:, :, : self.patterns], self.runs)

    def attention(self) -> Floats:
        """A, shape (R, steps, M)."""
        return unpack(self.numbers[:, :, 3 : 3 + self.patterns], self.runs)


def _pack_gains(params: Parameters) -> Floats:
    rows = np.stack([params.beta, params.gamma, params.epsilon, 1.0 - params.epsilon], axis=1)
    packed = pack(rows)
    return packed.reshape(len(packed), -1)


def published_start(
    model: MeanFieldModel, correlations: Correlations, beta: float = 3.0, tokens: int = 175_000
) -> Window:
    """The window (L, M) from which the published diagrams start.

    ``tokens`` counts the first token. Its fields are the *transposed*
    correlations m^alpha_a = C^alpha_a1 = (1/N) sum_i W^o_ai W^alpha_1i: the published
    window follows from these and not from the fields C^alpha_1a of the token
    x = W^o_1 by definition, which lead to another orbit of period 24 that coexists.
    """
    params = parameters(model, beta)
    window = grow_window(model, params, correlations.pair[:, :, 0])
    run = MeanFieldRun(model, params, window)
    run.advance(tokens - 1 - model.context)
    end = run.window()
    return Window(end.attention[0], end.phase)


def token_start(
    model: MeanFieldModel, weights: Weights, token: NDArray, beta: float, tokens: int, params=None
) -> Window:
    """Windows (R, L, M) that ``tokens`` tokens, the first included, reach from a token (N,) of ±1."""
    chosen = parameters(model, beta) if params is None else params
    run = MeanFieldRun(model, chosen, grow_window(model, chosen, token_fields(weights, token)))
    run.advance(tokens - 1 - model.context)
    return run.window()
