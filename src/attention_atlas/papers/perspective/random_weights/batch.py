"""Clustering of many random starts with random weights: close pairs, clusters and span dimension.

Source: Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv 2312.10794, Section 9, with general Q, K, V.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attention_atlas.dynamics.clustering.batch import check_starts
from attention_atlas.errors import AtlasError
from attention_atlas.papers.perspective.random_weights.systems import (
    OVER,
    PARTED,
    advance_random_weights,
    working_memory,
)

__all__ = ["Layer", "Layers", "RandomWeights", "given_layers", "random_weights_statistics"]

# Steps after which particles that have met are looked for; for systems of at most _FEW points four times as many, since putting a system's
# matrices into its place takes as long as many steps of so few
_PIECE, _FEW = 15, 8


class RandomWeights(NamedTuple):
    """Close pairs (runs, records); clusters, span dimension, clusters of the finer threshold (runs, records with statistics)."""

    close_pairs: np.ndarray
    clusters: np.ndarray
    spans: np.ndarray
    fine_clusters: np.ndarray


class Layer(NamedTuple):
    """Weights of some runs in one layer.

    Attributes
    ----------
    query_keys : (matrices, d, d) Q^T K
    values : (matrices, d, d); None is the identity, a number c stands for c Q^T K (cheaper)
    which : (runs,) which of the matrices each run has
    """

    query_keys: np.ndarray
    values: np.ndarray | float | None
    which: np.ndarray


# The weights of a layer, by its number, of the runs with these numbers
Layers = Callable[[int, np.ndarray], Layer]


def given_layers(query_keys: np.ndarray, values: np.ndarray | float | None, layer_of_run: np.ndarray) -> Layers:
    """Layers whose matrices are there already, ``layer_of_run`` (runs, layers) of them for each run; the last one goes on."""

    def layer(number: int, runs: np.ndarray) -> Layer:
        return Layer(query_keys, values, layer_of_run[runs, min(number, layer_of_run.shape[1] - 1)])

    return layer


class _Flow:
    """Runs on their way: their points in groups, and their records."""

    def __init__(
        self,
        starts: np.ndarray,
        beta: float,
        layers: Layers,
        model: tuple[float, ...],
        steps_per_layer: int,
        records: np.ndarray,
        every: int,
    ) -> None:
        self.starts, self.beta, self.layers, self.model = starts, beta, layers, model
        self.steps_per_layer, self.records, self.every = steps_per_layer, records, every
        runs, measured = len(starts), -(-len(records) // every)
        self.status, self.memory = np.zeros(runs, dtype=np.int64), working_memory(*starts.shape[1:])
        self.results = RandomWeights(
            *(np.empty((runs, width), dtype=np.int64) for width in (len(records), measured, measured, measured))
        )

    def follow(self, runs: np.ndarray, merging: bool) -> None:
        """From the start to the last record; ``merging``: particles that have met are computed as one."""
        count, n, _ = self.starts.shape
        system = (
            self.starts.copy(),
            np.ones((count, n)),
            np.zeros((count, n), dtype=np.int64),
            np.full(count, n),
            np.full(count, n),
        )
        self.status[runs] = 0
        end, now, number = int(self.records[-1]), 0, -1
        while now < end or number < 0:
            runs = runs[self.status[runs] == 0]
            if len(runs) == 0:
                return
            if number < 0 or now % self.steps_per_layer == 0:
                number += 1
                which, matrices = np.zeros(count, dtype=np.int64), self._checked(self.layers(number, runs))
                which[runs] = matrices.which
            until = min(now + 4 * _PIECE, (number + 1) * self.steps_per_layer, end)
            # what is done with a run depends on itself alone
            few = system[-1][runs] <= _FEW
            self._advance(runs[few], system, matrices, which, (now, until), merging)
            many = runs[~few]
            for first in range(now, max(until, now + 1), _PIECE):
                many = many[self.status[many] == 0]
                self._advance(many, system, matrices, which, (first, min(first + _PIECE, until)), merging)
            now = until

    def _advance(
        self,
        runs: np.ndarray,
        system: tuple[np.ndarray, ...],
        layer: Layer,
        which: np.ndarray,
        steps: tuple[int, int],
        merging: bool,
    ) -> None:
        """Some steps of all of these runs in one layer."""
        if len(runs) == 0:
            return
        factor, step_size, *thresholds, softmax, contracting = self.model
        own = isinstance(layer.values, np.ndarray)
        sign = 0.0 if own or layer.values is None else float(layer.values)
        model = (factor, sign, step_size, *thresholds, softmax, contracting)
        values = layer.values if isinstance(layer.values, np.ndarray) else np.empty((0, 0, 0))
        records = np.searchsorted(self.records, [steps[0] + (steps[0] > 0), steps[1] + 1]).tolist()
        # side by side those with as many groups: a vector has the work of its largest system
        order = runs[np.argsort(-system[-1][runs], kind="stable")]
        arguments = (
            order,
            system,
            model,
            (np.ascontiguousarray(layer.query_keys), np.ascontiguousarray(values), which),
            (*steps, *records),
            self.records,
            self.every,
            self.memory,
            self.status,
            tuple(self.results),
        )
        advance_random_weights(*arguments, merging=merging)

    def _checked(self, layer: Layer) -> Layer:
        # Frobenius' norm bounds the spectral one, whose singular values would cost as much as the steps
        query_keys = layer.query_keys
        largest = self.beta * math.sqrt(np.einsum("lij,lij->l", query_keys, query_keys).max())
        # of the points that USA moves the squares must be numbers too
        bound = 690 if self.model[5] else 340
        if largest > bound:
            largest = self.beta * float(np.linalg.norm(query_keys, 2, axis=(1, 2)).max())
        if largest > bound:
            raise AtlasError(
                f"beta: {self.beta} times the norm of Q^T K is {largest:.3g}, the bound is {bound}; use a smaller beta"
            )
        return layer


def random_weights_statistics(
    starts: np.ndarray,
    beta: float,
    layers: Layers,
    *,
    step_size: float,
    steps_per_layer: int,
    record_steps: Sequence[int] | np.ndarray,
    statistics_every: int = 1,
    threshold: float,
    span_threshold: float,
    fine_threshold: float = 0.9999,
    kind: str = "sa",
    contracting: bool = False,
) -> RandomWeights:
    """Attention with general matrices by the published scheme x_i <- N(x_i + step V sum_j A_ij x_j).

    Parameters
    ----------
    starts
        (runs, n, d) unit vectors.
    layers
        The weights of a layer for some runs; each serves for ``steps_per_layer`` steps. Asked for the layers in turn, of the runs
        that are not over, and from the first layer on again for runs in which particles that had met part.
    statistics_every
        Clusters and spans are found at each so many records, from the first on.
    fine_threshold
        Inner product of the second count of clusters.
    kind
        'sa': A is the softmax; 'usa': its denominator is n.
    contracting
        Whether V is positive semidefinite in all layers: a system that has become one particle is over then.

    Raises
    ------
    AtlasError
        An exponent too large for a float64, or a point that lost its length.
    """
    check_starts(starts, beta)
    model = (
        float(beta) / math.log(2),
        float(step_size),
        float(threshold),
        float(span_threshold),
        float(fine_threshold),
    )
    flow = _Flow(
        np.ascontiguousarray(starts),
        beta,
        layers,
        (*model, kind == "sa", bool(contracting)),
        int(steps_per_layer),
        np.asarray(record_steps, dtype=np.int64),
        int(statistics_every),
    )
    flow.follow(np.arange(len(starts)), merging=True)
    parted = np.flatnonzero(flow.status == PARTED)
    if len(parted):
        flow.follow(parted, merging=False)
    failed = np.count_nonzero((flow.status != 0) & (flow.status != OVER))
    if failed:
        raise AtlasError(
            f"step_size: {step_size} at beta = {beta} left {failed} runs without direction; use smaller steps"
        )
    return flow.results
