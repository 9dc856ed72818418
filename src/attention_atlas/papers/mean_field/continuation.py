"""Follow attractors along a parameter: every value starts where its neighbour ended."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.lyapunov import spectrum_from_growth
from attention_atlas.dynamics.mean_field.map import SCALING, MeanFieldModel, Window, parameters
from attention_atlas.dynamics.mean_field.periods import periods
from attention_atlas.dynamics.mean_field.run import Recording
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.errors import AtlasError
from attention_atlas.papers.mean_field.attractors import histograms
from attention_atlas.papers.mean_field.classes import classify
from attention_atlas.papers.mean_field.results import Histograms
from attention_atlas.papers.mean_field.sweep import BATCHES, Lengths, check_lengths

__all__ = ["Chain", "ChainResult", "follow"]

Floats = NDArray[np.float64]
# Last steps of the transient in which the tangents turn into place
ALIGNMENT = 1000


class Chain(NamedTuple):
    """One chain: begin at grid point ``first`` and go ``direction`` (+1 or -1) to the end of the grid."""

    first: int
    direction: int


class ChainResult(NamedTuple):
    """Along one chain: grid indices (K,), two leading exponents (K, 2), periods, classes and histograms (K, bins)."""

    indices: NDArray[np.int64]
    exponents: Floats
    period: NDArray[np.int64]
    code: NDArray[np.int8]
    counts: Histograms


def follow(
    model: MeanFieldModel,
    grid: Floats,
    chains: list[Chain],
    start: Window,
    lengths: Lengths,
    bins: int,
    low: float,
    high: float,
    half_width: float = 0.001,
    beta_att: float = 2.2,
    epsilon: float = 0.02,
    scaling: float = SCALING,
    progress: Callable[[int], None] | None = None,
) -> list[ChainResult]:
    """Follow all ``chains`` over the values of beta in ``grid``, side by side; each starts from ``start``.

    A chain's numbers do not depend on which other chains run beside it.
    """
    check_lengths(lengths)
    if any(not 0 <= chain.first < grid.size or chain.direction not in (-1, 1) for chain in chains) or not chains:
        raise AtlasError(
            f"chains: {chains} do not fit a grid of {grid.size} values; start inside it, direction 1 or -1"
        )
    paths = [_path(chain, grid.size) for chain in chains]
    longest = max(path.size for path in paths)
    # A chain that has arrived stays at its end until the others are there
    padded = np.stack([np.pad(path, (0, longest - path.size), mode="edge") for path in paths])
    run = TangentRun(model, parameters(model, grid[padded[:, 0]], beta_att, epsilon, scaling), start, leading=2)
    record = run.recording(lengths.saved)
    found = []
    for place in range(longest):
        run.set_parameters(parameters(model, grid[padded[:, place]], beta_att, epsilon, scaling))
        run.restart_tangents()
        turning = min(lengths.transient, ALIGNMENT)
        run.coast(lengths.transient - turning)
        run.grow(turning)
        found.append(_describe(run, record, lengths, bins, low, high, half_width))
        if progress is not None:
            progress(place + 1)
    return [_chain_result(paths[number], number, found) for number in range(len(chains))]


def _path(chain: Chain, size: int) -> NDArray[np.int64]:
    return np.arange(chain.first, size) if chain.direction > 0 else np.arange(chain.first, -1, -1)


def _describe(
    run: TangentRun, record: Recording, lengths: Lengths, bins: int, low: float, high: float, half_width: float
) -> tuple:
    record.position = 0
    spectrum = spectrum_from_growth(
        [run.grow(lengths.spectrum // BATCHES, record) for _ in range(BATCHES)], run.leading
    )
    run.window()  # raises if a chain is no longer finite
    period, _ = periods(record)
    code = classify(period, spectrum.exponents, spectrum.error, run.model.cycle)
    return spectrum.exponents, period, code, histograms(record, bins, low, high, half_width)


def _chain_result(path: NDArray[np.int64], number: int, found: list[tuple]) -> ChainResult:
    used = found[: path.size]
    counts = Histograms(*(np.stack([np.asarray(step[3][part][number]) for step in used]) for part in range(3)))
    return ChainResult(
        path,
        np.stack([step[0][number] for step in used]),
        np.array([step[1][number] for step in used]),
        np.array([step[2][number] for step in used]),
        counts,
    )
