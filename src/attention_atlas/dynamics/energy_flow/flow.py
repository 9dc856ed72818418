"""Energy-raising and energy-lowering flow of particles on the sphere.

Energy of n unit vectors (arXiv 2501.03096; there beta = 1)

    E(x) = n^-2 sum_ij exp(beta <x_i, D x_j>),   D symmetric, i = j included,

and explicit Euler steps of unnormalised self-attention, each followed by the
return N to the sphere, all particles at once:

    x_i <- N( x_i - s (tau / n) sum_j exp(beta <x_i, D x_j>) D x_j + sigma 0.9^k xi_i ),

s = +1 to lower the energy and s = -1 to raise it. The sum is n^2 / (2 beta) times
the gradient of E with respect to x_i, so beta rescales time and nothing else. xi is standard
normal noise; sigma = 0 in the paper.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from attention_atlas.dynamics.energy_flow.layout import ParticlesInLanes, RunsInLanes, Scales
from attention_atlas.dynamics.energy_flow.record import EnergyFlow
from attention_atlas.errors import AtlasError

__all__ = ["STATUSES", "energy_flow"]

# Names of the kernels' codes 0, 1, 2.
STATUSES = ("ok", "blew_up", "vanished")
# From this number of particles on, run by run in lanes; below, many runs at once.
MIN_PARTICLES_IN_LANES = 17
LAYOUTS: dict[str, type[ParticlesInLanes | RunsInLanes]] = {"particles": ParticlesInLanes, "runs": RunsInLanes}
# Work of one call of a kernel, in pairs of particles: about half a second.
PAIRS_PER_CALL = 1_000_000_000
NOISE_DECAY = 0.9
# Noise that is smaller than this is lost in the rounding of x.
MIN_NOISE = 1e-17
NOISE_NUMBERS_PER_CALL = 4_000_000


def _checked_steps(name: str, wanted: Iterable[int], steps: int) -> np.ndarray:
    values = np.unique(np.asarray(list(wanted), dtype=np.int64))
    if values.size and (values[0] < 0 or values[-1] > steps):
        raise AtlasError(
            f"{name}: {values[0]} to {values[-1]} is outside 0 to {steps}; ask for steps between these bounds"
        )
    return values


def _checked_matrices(matrix: np.ndarray, runs: int, dimension: int) -> np.ndarray:
    matrix = np.asarray(matrix, dtype=float)
    if matrix.shape not in ((dimension, dimension), (runs, dimension, dimension)):
        raise AtlasError(
            f"D: has shape {matrix.shape}, the points have dimension {dimension}; give {dimension} rows of {dimension}"
        )
    if not np.isfinite(matrix).all() or (matrix != np.swapaxes(matrix, -1, -2)).any():
        raise AtlasError("D: is not a finite symmetric matrix; make D[i][j] equal to D[j][i]")
    return np.broadcast_to(matrix, (runs, dimension, dimension))


def _checked_numbers(name: str, values: float | np.ndarray, runs: int) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    if numbers.shape not in ((), (runs,)):
        raise AtlasError(f"{name}: has shape {numbers.shape}, there are {runs} runs; give one number or {runs}")
    if not (np.isfinite(numbers) & (numbers >= 0)).all():
        bad = numbers[~(np.isfinite(numbers) & (numbers >= 0))].flat[0]
        raise AtlasError(f"{name}: {bad} is outside the bounds, finite and ≥ 0; choose a number there")
    return np.broadcast_to(numbers, runs)


class _Noise:
    """Standard normal numbers of each run times sigma 0.9^k, drawn in the order of the steps.

    Run r draws from its own stream, keyed by (seed, r); the numbers depend
    neither on the other runs nor on how the steps are cut into calls.
    """

    def __init__(self, sigma: float, seed: int, runs: Sequence[int], shape: tuple[int, int]):
        self.sigma, self.shape = sigma, shape
        self.generators = [
            np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run), 1]))) for run in runs
        ]
        self.last = 0 if sigma == 0 else 1 + int(np.log(MIN_NOISE / sigma) / np.log(NOISE_DECAY))

    def draw(self, first: int, count: int) -> np.ndarray:
        """(noisy steps up to ``count``, R, n, d)."""
        noisy = max(0, min(count, self.last - first))
        drawn = np.empty((noisy, len(self.generators), *self.shape))
        for run, generator in enumerate(self.generators):
            drawn[:, run] = generator.standard_normal((noisy, *self.shape))
        factors = self.sigma * NOISE_DECAY ** np.arange(first, first + noisy)
        return drawn * factors[:, None, None, None]


def _ends_of_calls(steps: int, frame_steps: np.ndarray, longest: int) -> list[int]:
    """Where the kernel returns to Python: at every frame and at least every ``longest`` steps."""
    stops = sorted({*frame_steps.tolist(), steps} - {0})
    ends: list[int] = []
    first = 0
    for stop in stops:
        ends.extend(range(first + longest, stop, longest))
        ends.append(stop)
        first = stop
    return ends if steps else []


def energy_flow(
    starts: np.ndarray,
    matrix: np.ndarray,
    *,
    step_size: float | np.ndarray,
    steps: int,
    direction: str,
    beta: float | np.ndarray = 1.0,
    noise: float = 0.0,
    noise_seed: int = 0,
    runs: Sequence[int] | None = None,
    energy_steps: Iterable[int] = (),
    frame_steps: Iterable[int] = (),
    side_by_side: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EnergyFlow:
    """Let runs of particles flow on the sphere.

    Uses the threads that ``numba.set_num_threads`` allows; the result is the same
    to the last bit for any number of them and for any split of the runs.

    Parameters
    ----------
    starts
        (R, n, d) or (n, d) unit vectors.
    matrix
        D, (d, d) for all runs or (R, d, d). Symmetric.
    step_size
        tau, one number or (R,). Non-negative.
    steps
        Number of Euler steps.
    direction
        'descent' lowers E, 'ascent' raises it.
    beta
        Inverse temperature, one number or (R,). Non-negative.
    noise, noise_seed, runs
        sigma, its seed and the global indices of the runs (default 0 ... R-1) that key the noise.
    energy_steps, frame_steps
        Steps, from 0 to ``steps``, at which energies and positions are kept.
    side_by_side
        What fills the lanes of the vector unit: 'particles' of one run, or 'runs', which is a third faster where there
        are many of them. The last bits depend on it, so it must not depend on how runs are split. Default: 'runs' up to
        16 particles, 'particles' above.
    progress
        Called as progress(steps done, steps) between the calls of the kernel.

    Raises
    ------
    AtlasError
        A value is outside its bounds. A flow that fails on its way is no error: see ``EnergyFlow.status``.
    """
    starts = np.asarray(starts, dtype=float)
    starts = starts[None] if starts.ndim == 2 else starts
    count, n, d = starts.shape
    if direction not in ("descent", "ascent"):
        raise AtlasError(f"direction: {direction!r} is neither 'descent' nor 'ascent'; choose one of them")
    if steps < 0 or noise < 0:
        raise AtlasError(f"steps, noise: {steps}, {noise} are below the bound 0; choose numbers ≥ 0")
    if count and not np.allclose((starts**2).sum(axis=-1), 1.0, rtol=0, atol=1e-6):
        raise AtlasError(
            "starts: a point is off the sphere, the bound is abs(length² - 1) ≤ 1e-6; normalise the points"
        )
    sign = 1.0 if direction == "descent" else -1.0
    scales = Scales.of(
        _checked_matrices(matrix, count, d),
        _checked_numbers("step_size", step_size, count),
        _checked_numbers("beta", beta, count),
        sign,
        n,
    )
    energy_at = _checked_steps("energy_steps", energy_steps, steps)
    frame_at = _checked_steps("frame_steps", frame_steps, steps)
    stream = _Noise(noise, noise_seed, range(count) if runs is None else runs, (n, d))
    if len(stream.generators) != count:
        raise AtlasError(f"runs: has {len(stream.generators)} indices, there are {count} starts; give one a start")
    if side_by_side is None:
        side_by_side = "particles" if n >= MIN_PARTICLES_IN_LANES else "runs"
    elif side_by_side not in LAYOUTS:
        raise AtlasError(f"side_by_side: {side_by_side!r} is neither 'particles' nor 'runs'; choose one of them")
    layout = LAYOUTS[side_by_side](starts, scales)
    return _flow(layout, steps, energy_at, frame_at, stream, progress)


def _flow(
    layout: ParticlesInLanes | RunsInLanes,
    steps: int,
    energy_at: np.ndarray,
    frame_at: np.ndarray,
    noise: _Noise,
    progress: Callable[[int, int], None] | None,
) -> EnergyFlow:
    count, n, d = layout.shape
    energies = np.full((count, len(energy_at)), np.nan)
    frames = np.empty((len(frame_at), count, n, d))
    if 0 in frame_at:
        frames[0] = layout.positions()
    longest = max(1, PAIRS_PER_CALL // max(1, count * n * n))
    if noise.last:
        longest = max(1, min(longest, NOISE_NUMBERS_PER_CALL // max(1, count * n * d)))
    done = 0
    for end in _ends_of_calls(steps, frame_at, longest):
        kept = (energy_at >= done) & (energy_at < end)
        slots = np.full(end - done, -1, dtype=np.int64)
        slots[energy_at[kept] - done] = np.arange(kept.sum())
        energies[:, kept] = layout.advance(done, slots, noise.draw(done, end - done)).T
        done = end
        if done in frame_at:
            frames[frame_at == done] = layout.positions()
        if progress is not None:
            progress(done, steps)
    if steps in energy_at:
        energies[:, -1] = layout.energies()
    status, failed_step = layout.outcome()
    names = np.array(STATUSES)[status]
    worst = layout.worst_change()
    return EnergyFlow(layout.positions(), energy_at, energies, frame_at, frames, names, failed_step, worst)
