"""All runs of a setting: layout of the tokens, stretches of time with one set of matrices, calls of the kernels."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numba
import numpy as np

from attention_atlas.dynamics.attention.kernels import (
    adaptive_runs,
    adaptive_runs_in_turn,
    equal_runs,
    equal_runs_in_turn,
    equal_systems,
    prepare,
    rest_of_runs,
)
from attention_atlas.dynamics.attention.law import MIX, POST, PRE, Law, graph_bits, make_law
from attention_atlas.dynamics.attention.model import METHODS, OBSERVABLES, Setting
from attention_atlas.dynamics.attention.modes import mode_table
from attention_atlas.dynamics.attention.noise import noise_keys
from attention_atlas.dynamics.attention.validate import largest_product
from attention_atlas.dynamics.attention.weights import Matrices, layer_matrices, random_heads
from attention_atlas.numerics.vectors import NATIVE

__all__ = ["observed_runs"]

# With fewer tokens, systems are in lanes (if steps are equal and all have the same matrices).
FEWEST_TOKENS_IN_LANES = 12
# From so many tokens on, threads share one system if there are not enough runs for all threads.
FEWEST_TOKENS_IN_THREADS = 1024
# Pairs of tokens of a call of a kernel: about a second
PAIRS_PER_CALL = 1e9
FEWEST_STEPS_PER_CALL = 16
# A token at rest moves slower than this share of the strongest pull.
REST = 1e-6


class _Stretch(NamedTuple):
    """Until a time (or step number, for equal steps) with one scheme and one layer."""

    until: float
    scheme: int
    layer: int


class _Results(NamedTuple):
    found: np.ndarray
    positions: np.ndarray
    counts: np.ndarray
    status: np.ndarray
    rest: np.ndarray


def _stretches(setting: Setting, law: Law) -> Iterator[_Stretch]:
    """Stretches of time one after the other, up to the last record."""
    equal = setting.method != "ode"
    unit = setting.step if equal else 1.0
    last = round(setting.times[-1] / unit) if equal else float(setting.times[-1])
    switch: float = 0.0
    if law.scheme == MIX:
        switch = (
            math.ceil(setting.switch_time / unit - 1e-9)
            if equal and setting.switch_time < 1e300
            else setting.switch_time
        )
    by_layer = random_heads(setting.heads) and setting.drawn in ("layer", "run_and_layer")
    length: float = math.inf
    if by_layer:
        length = max(1, round(setting.layer_time / unit)) if equal else setting.layer_time
        if setting.method == "layers":
            length = 1
    now, layer = 0.0, 0
    while True:
        until = min((layer + 1) * length, last)
        if law.scheme == MIX and now < switch:
            until = min(until, switch)
        scheme = law.scheme if law.scheme != MIX else POST if now < switch else PRE
        # the last stretch records its end
        yield _Stretch(math.inf if until >= last else until, scheme, layer)
        if until >= last:
            return
        now = until
        if now >= (layer + 1) * length:
            layer += 1


def _in_lanes(points: np.ndarray, law: Law) -> np.ndarray:
    """(R, d * width) with tokens in lanes; the filling of the last block repeats token 0."""
    runs, tokens, dimension = points.shape
    x = np.zeros((runs, dimension, law.width))
    x[:, :, :tokens] = points.transpose(0, 2, 1)
    x[:, :, tokens : law.blocks * NATIVE] = x[:, :, :1]
    return x.reshape(runs, -1)


def _systems_in_lanes(points: np.ndarray, law: Law) -> np.ndarray:
    """(groups, d * width) with systems in lanes; lanes beyond the last run repeat it."""
    runs, tokens, dimension = points.shape
    groups = -(-runs // NATIVE)
    chosen = np.minimum(np.arange(groups * NATIVE), runs - 1).reshape(groups, NATIVE)
    x = np.zeros((groups, dimension, law.width))
    x[:, :, : tokens * NATIVE] = points[chosen].transpose(0, 3, 2, 1).reshape(groups, dimension, -1)
    return x.reshape(groups, -1)


def _out_of_lanes(x: np.ndarray, law: Law, runs: int) -> np.ndarray:
    """Systems (runs, n, d) of ``_systems_in_lanes``."""
    x = x.reshape(len(x), law.dimension, law.width)[:, :, : law.tokens * NATIVE]
    return (
        x.reshape(len(x), law.dimension, law.tokens, NATIVE)
        .transpose(0, 3, 2, 1)
        .reshape(-1, law.tokens, law.dimension)[:runs]
    )


class _Batch:
    """Some runs of a setting, from their starts to their last record."""

    def __init__(self, points: np.ndarray, setting: Setting, results: _Results, tell: Callable[[], None]):
        self.setting, self.results, self.tell = setting, results, tell
        self.equal = setting.method != "ode"
        by_run = any(isinstance(m, np.ndarray) and m.ndim == 3 for head in setting.heads for m in head[1:])
        by_run = by_run or (random_heads(setting.heads) and setting.drawn in ("run", "run_and_layer"))
        self.wide = self.equal and setting.tokens < FEWEST_TOKENS_IN_LANES and not by_run
        self.wide = self.wide and setting.normalisation != "rescaled" and setting.sums == "pairs"
        reach = largest_product(setting.heads)
        self.law, self.wide_law = make_law(setting, reach, False), make_law(setting, reach, True)
        self.graph = graph_bits(setting.graph, False)
        self.wide_graph = graph_bits(setting.graph, True) if self.wide else self.graph
        self.x = _systems_in_lanes(points, self.wide_law) if self.wide else _in_lanes(points, self.law)
        threads = numba.get_num_threads()
        self.inside = setting.tokens >= FEWEST_TOKENS_IN_THREADS and setting.runs < 4 * threads and threads > 1
        self.chunks = min(self.law.blocks, 8 * threads) if self.inside else 1
        prepare(not self.equal, self.wide)
        self.clocks = np.zeros((len(points), 2))
        self.records = np.round(setting.times / setting.step).astype(np.int64) if self.equal else setting.times
        codes = [OBSERVABLES.index(name) for name in setting.observe if name != "positions"]
        self.watch = np.array(codes, dtype=np.int64)
        self.limits = (setting.cluster_distance, setting.close, setting.span_threshold)
        self.keys = (
            noise_keys(setting.seed, setting.run_numbers) if setting.noise > 0 else np.zeros((1, 2), dtype=np.uint64)
        )
        self.budget = max(FEWEST_STEPS_PER_CALL, int(PAIRS_PER_CALL / (len(points) * _pairs_of_step(setting))))

    def follow(self) -> None:
        """All stretches, and what is at rest at the end."""
        layer, matrices = -1, None
        for stretch in _stretches(self.setting, self.law):
            if matrices is None or stretch.layer != layer:
                layer = stretch.layer
                matrices = layer_matrices(
                    self.setting.heads, self.setting.drawn, self.setting.weights_seed, self.setting.run_numbers, layer,
                    self.setting.dimension,
                )  # fmt: skip
            self._pass(stretch, matrices)
        assert matrices is not None
        self._rest(stretch, matrices)

    def _unfinished(self, until: float) -> bool:
        counts, status = self.results.counts, self.results.status
        reached = counts[:, 1] if self.equal else self.clocks[:, 0]
        return bool(((status == 0) & (counts[:, 0] < len(self.records)) & (reached < until)).any())

    def _tables(self, matrices: Matrices) -> np.ndarray:
        """Working memory that the law needs: for e^(tV) if V is a matrix, or for sums by modes."""
        s = self.setting
        if s.sums == "modes":
            return mode_table(s.beta, math.exp(s.beta) if s.kernel == "unnormalised" else 1.0)
        size = s.dimension if s.normalisation == "rescaled" and (matrices.value_form > 1).any() else 0
        return np.zeros((4, size, size))

    def _pass(self, stretch: _Stretch, matrices: Matrices) -> None:
        s, r = self.setting, self.results
        forms = (matrices.scale, matrices.key_form, matrices.value_form)
        sets = (matrices.keys, matrices.values, matrices.set_of_run)
        common = (r.status, forms, sets, self.graph)
        tables, sphere = self._tables(matrices), s.space == "sphere"
        until, method = float(stretch.until), METHODS.index(s.method)
        turn = (self.chunks,) if self.inside else ()
        ends = (self.watch, self.limits, r.found, r.positions, *turn)
        steps = (self.records, s.step, s.residual, s.noise, self.keys)
        first = True
        while first or self._unfinished(until):
            first = False
            if not self.equal:
                (adaptive_runs_in_turn if self.inside else adaptive_runs)(
                    self.law, stretch.scheme, sphere, tables, until, self.budget, self.x, self.clocks, r.counts, *common,
                    self.records, s.tolerance, s.max_steps, *ends,
                )  # fmt: skip
            elif self.wide:
                equal_systems(
                    self.law, self.wide_law, method, stretch.scheme, sphere, tables, until, self.budget, self.x, r.counts,
                    *common, self.wide_graph, *steps, *ends,
                )  # fmt: skip
            else:
                (equal_runs_in_turn if self.inside else equal_runs)(
                    self.law, method, stretch.scheme, sphere, tables, until, self.budget, self.x, r.counts, *common, *steps,
                    *ends,
                )  # fmt: skip
            self.tell()

    def _rest(self, stretch: _Stretch, matrices: Matrices) -> None:
        x = _in_lanes(_out_of_lanes(self.x, self.wide_law, len(self.clocks)), self.law) if self.wide else self.x
        ends = self.results.counts[:, 1] * self.setting.step if self.equal else self.clocks[:, 0]
        speeds, pulls = np.empty(len(x)), np.empty(len(x))
        rest_of_runs(
            self.law, stretch.scheme, self._tables(matrices), x, ends.astype(float),
            (matrices.scale, matrices.key_form, matrices.value_form),
            (matrices.keys, matrices.values, matrices.set_of_run), self.graph, self.chunks, int(self.inside),
            speeds, pulls,
        )  # fmt: skip
        self.results.rest[:] = (speeds <= REST * pulls) & (self.results.status == 0) & (self.setting.noise == 0.0)


def _pairs_of_step(setting: Setting) -> float:
    """The work of a step of one run, in pairs of tokens on the circle."""
    stages = {"ode": 6, "rk4": 4, "rk4_frozen": 4}.get(setting.method, 1)
    others = 100 if setting.sums == "modes" else setting.tokens
    return stages * len(setting.heads) * setting.tokens * others * (1 + setting.dimension / 8)


def _batch_size(setting: Setting) -> int:
    """Runs that are followed together: about a second of work in the fewest steps of a call, and whole vectors of systems."""
    unit = NATIVE * numba.get_num_threads()
    return unit * max(1, int(PAIRS_PER_CALL / (_pairs_of_step(setting) * FEWEST_STEPS_PER_CALL * unit)))


def observed_runs(
    points: np.ndarray, setting: Setting, progress: Callable[[int, int], Any] | None
) -> tuple[dict[str, np.ndarray], np.ndarray | None, np.ndarray, np.ndarray, np.ndarray]:
    """Observables, positions, steps tried, codes of ``STATUSES`` and rest of all runs; ``points`` (R, n, d) are checked."""
    runs, times = setting.runs, len(setting.times)
    names = [name for name in setting.observe if name != "positions"]
    kept = times if "positions" in setting.observe else 0
    results = _Results(
        np.full((runs, times, len(names)), np.nan),
        np.full((runs, kept, setting.tokens, setting.dimension), np.nan),
        np.zeros((runs, 2), dtype=np.int64),
        np.zeros(runs, dtype=np.int64),
        np.zeros(runs, dtype=bool),
    )

    def tell() -> None:
        if progress is not None:
            progress(int(results.counts[:, 0].sum()), runs * times)

    size = _batch_size(setting)
    for first in range(0, runs, size):
        part = slice(first, first + size)
        heads = tuple(
            head._replace(
                **{  # type: ignore[arg-type]
                    name: matrix[part]
                    for name, matrix in head._asdict().items()
                    if isinstance(matrix, np.ndarray) and matrix.ndim == 3
                }
            )
            for head in setting.heads
        )
        numbers = setting.run_numbers[part]
        batch = setting.replaced(runs=len(numbers), run_numbers=numbers, heads=heads)
        _Batch(points[part], batch, _Results(*(array[part] for array in results)), tell).follow()
    if progress is not None and (results.status != 0).any():
        progress(runs * times, runs * times)
    observables = {name: np.ascontiguousarray(results.found[:, :, place]) for place, name in enumerate(names)}
    return observables, results.positions if kept else None, results.counts[:, 1].copy(), results.status, results.rest
