"""The 1-bit attention network of finite size, in two ways that have the same law.

``SpinNetwork`` keeps every spin as one bit and draws each on its own. Spins with
the same columns of weights flip the same coin, and only their number that came up +1
enters a mean field: ``CountNetwork`` draws that number from the binomial law, which is
exactly the same distribution and costs the same for a hundred spins and a million.

Poc-López and Aguilera, "Dynamical Mean-Field Theory of Self-Attention Neural Networks".
"""

import math

import numpy as np
from numba import types
from numpy.typing import ArrayLike, NDArray

from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window, entry_fields, token_fields
from attention_atlas.dynamics.mean_field.weights import KEY, OUTPUT, QUERY, VALUE, Weights
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.random.philox import philox4x32, seed_words

__all__ = ["CountNetwork", "SpinNetwork", "column_classes", "one_step_deviation", "pack_bits", "softmax_attention"]

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
WORD_BITS = 64
# A coin is compared with its probability bit by bit, from the highest one on.
COIN_BITS = 53


def column_classes(weights: Weights) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Distinct columns (4, M, C) of the semantic weights and how many spins have each, (C,)."""
    rows = weights.semantic.reshape(-1, weights.semantic.shape[2])
    # the signs of a column as the bits of a number
    codes = ((rows > 0) * (1 << np.arange(len(rows)))[:, None]).sum(axis=0)
    all_counts = np.bincount(codes, minlength=1 << len(rows))
    present = np.flatnonzero(all_counts)
    columns = np.where((present >> np.arange(len(rows))[:, None]) & 1, 1, -1).astype(np.int8)
    return columns.reshape(*weights.semantic.shape[:2], -1), all_counts[present]


def softmax_attention(gamma: Floats, queries: Floats, keys: Floats, values: Floats) -> Floats:
    """A (R, M) from queries (R, M), keys and values (R, D, M) and gamma (R,)."""
    logits = gamma[:, None] * np.einsum("ra,rda->rd", queries, keys)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.einsum("rd,rda->ra", weights, values) / weights.sum(axis=1, keepdims=True)


def one_step_deviation(weights: Weights, params: Parameters, attention: Floats) -> Floats:
    """Root mean square deviation of a mean field of the token drawn from A (R, M), shape (R,).

    Given A, the spins of the next token are independent with means tanh(beta W^o_i . A). A mean field
    is their weighted average, so its variance is

        (1 - epsilon)^2 / N^2 * sum_i (1 - tanh^2(beta W^o_i . A)),

    the same for every field, because weights are ±1.
    """
    columns, counts = column_classes(weights)
    mean = np.tanh(params.beta[:, None] * (attention @ columns[OUTPUT]))
    spins = counts.sum()
    return (1.0 - params.epsilon) * np.sqrt(((1.0 - mean**2) @ counts) / spins) / np.sqrt(spins)


class CountNetwork:
    """R independent networks, each a binomial count for each class of spins.

    They start from windows of the map, whose tokens have the mean fields of infinite
    size, so that every deviation stems from the steps taken.
    """

    def __init__(
        self, model: MeanFieldModel, weights: Weights, params: Parameters, start: Window, generator: np.random.Generator
    ):
        if weights.semantic.shape[1] != model.patterns:
            raise AtlasError(
                f"weights: {weights.semantic.shape[1]} patterns do not fit the model's {model.patterns};"
                " use its own weights"
            )
        self.model, self.params, self.generator = model, params, generator
        self.columns, self.counts = column_classes(weights)
        self.spins = int(self.counts.sum())
        # (4, R, L, M), newest first
        self.fields = entry_fields(model, params, start)
        self.phase = start.phase

    @classmethod
    def from_token(
        cls,
        model: MeanFieldModel,
        weights: Weights,
        params: Parameters,
        token: ArrayLike,
        generator: np.random.Generator,
    ) -> "CountNetwork":
        """Networks whose window holds one token (N,) of ±1 with positional bits -1, and grows to its full length."""
        network = cls(model, weights, params, Window(np.zeros((1, model.patterns)), 0), generator)
        share = params.epsilon[:, None]
        first = (1.0 - share) * token_fields(weights, token)[:, None]
        network.fields = (first + share * model.positional[:, None, 0, : model.patterns])[:, :, None]
        return network

    def step(self) -> Floats:
        """One token more; returns its fields (4, R, M), of which the output one is without the positional part."""
        gamma, beta, epsilon = self.params.gamma, self.params.beta[:, None], self.params.epsilon[:, None]
        attention = softmax_attention(gamma, self.fields[QUERY][:, 0], self.fields[KEY], self.fields[VALUE])
        self.attention = attention
        chance = 0.5 * (1.0 + np.tanh(beta * (attention @ self.columns[OUTPUT])))
        up = self.generator.binomial(self.counts, chance)
        semantic = np.einsum("rc,fac->fra", (2 * up - self.counts).astype(float), self.columns) / self.spins
        self.phase = (self.phase + 1) % self.model.cycle
        positional = self.model.positional[:, self.phase, None, : self.model.patterns]
        new = (1.0 - epsilon) * semantic + epsilon * positional
        self.fields = np.concatenate([new[:, :, None], self.fields[:, :, : self.model.context - 1]], axis=2)
        shown = new.copy()
        shown[OUTPUT] = (1.0 - epsilon) * semantic[OUTPUT]
        return shown

    def trajectory(self, steps: int) -> Floats:
        """m^{o,se} after each of ``steps`` steps, (R, steps, M)."""
        return np.stack([self.step()[OUTPUT] for _ in range(steps)], axis=1)


def pack_bits(signs: ArrayLike) -> Words:
    """±1 along the last axis as bits (1 for +1) of 64-bit words, filled up with zeros."""
    bits = np.asarray(signs) > 0
    filling = [(0, 0)] * (bits.ndim - 1) + [(0, -bits.shape[-1] % WORD_BITS)]
    grouped = np.pad(bits, filling).reshape(*bits.shape[:-1], -1, WORD_BITS)
    return (grouped.astype(np.uint64) << np.arange(WORD_BITS, dtype=np.uint64)).sum(axis=-1, dtype=np.uint64)


@inner(forceinline=True)
def _count_ones(word):
    """Number of ones in a 64-bit word, by sums in ever wider fields."""
    word = word - ((word >> types.uint64(1)) & types.uint64(0x5555555555555555))
    word = (word & types.uint64(0x3333333333333333)) + ((word >> types.uint64(2)) & types.uint64(0x3333333333333333))
    word = (word + (word >> types.uint64(4))) & types.uint64(0x0F0F0F0F0F0F0F0F)
    return types.int64((word * types.uint64(0x0101010101010101)) >> types.uint64(56))


@compiled
def _differing_bits(weights, token, out):
    """Number of spins in which each of the rows (F, words) differs from the token."""
    for row in range(weights.shape[0]):
        count = 0
        for i in range(token.size):
            count += _count_ones(weights[row, i] ^ token[i])
        out[row] = count


@compiled
def _toss(masks, thresholds, step, replica, k0, k1, token):
    """Draw every spin of a token: 1 where a uniform number of COIN_BITS bits is below its class's threshold.

    The numbers of a word's 64 spins are compared with their thresholds bit by bit, all 64 at
    once, until the last of them is decided: eight random words on average.
    """
    one = types.uint64(1)
    for i in range(token.size):
        undecided = types.uint64(0xFFFFFFFFFFFFFFFF)
        result = types.uint64(0)
        random_low, random_high = types.uint64(0), types.uint64(0)
        for bit in range(COIN_BITS):
            if bit % 2 == 0:
                c0, c1, c2, c3 = philox4x32(
                    types.uint64(i), types.uint64(bit // 2), types.uint64(step), types.uint64(replica), k0, k1
                )
                random_low = c0 | (c1 << types.uint64(32))
                random_high = c2 | (c3 << types.uint64(32))
            random = random_low if bit % 2 == 0 else random_high
            threshold = types.uint64(0)
            for c in range(thresholds.size):
                if (thresholds[c] >> types.uint64(COIN_BITS - 1 - bit)) & one:
                    threshold |= masks[c, i]
            result |= undecided & threshold & ~random
            undecided &= ~(threshold ^ random)
            if undecided == types.uint64(0):
                break
        token[i] = result


class SpinNetwork:
    """One network with every spin a bit, started from a single token.

    Parameters
    ----------
    model, weights, params
        ``params`` holds one run; the model's correlations are not used.
    token
        First token, (N,) of ±1; its positional bits are all -1.
    seed, replica
        Key of the random numbers: Philox at (word, bit, step, replica).
    """

    def __init__(
        self, model: MeanFieldModel, weights: Weights, params: Parameters, token: ArrayLike, seed: int, replica: int = 0
    ):
        spins = weights.semantic.shape[2]
        first = np.asarray(token)
        if first.shape != (spins,) or not np.isin(first, (-1, 1)).all():
            raise AtlasError(f"token: shape {first.shape} or its values do not fit; give {spins} spins of -1 or 1")
        self.model, self.spins, self.replica = model, spins, replica
        self.beta, self.gamma, self.epsilon = (float(values[0]) for values in params)
        self.rows = pack_bits(weights.semantic).reshape(4 * model.patterns, -1)
        patterns, inverse = np.unique(weights.semantic[OUTPUT], axis=1, return_inverse=True)
        self.outputs = patterns.astype(float)  # (M, C)
        self.masks = pack_bits(2 * (inverse.reshape(-1) == np.arange(patterns.shape[1])[:, None]) - 1)
        self.keys = seed_words(seed)
        self.steps = 0
        self.token = pack_bits(first)
        self.fields = self._fields()[:, None]  # (4, D, M), newest first

    def _fields(self) -> Floats:
        """Mean fields (4, M) of the newest token, positional part included."""
        differing = np.empty(len(self.rows), dtype=np.int64)
        _differing_bits(self.rows, self.token, differing)
        semantic = (1.0 - 2.0 * differing / self.spins).reshape(4, -1)
        phase = self.steps % self.model.cycle
        self.output = (1.0 - self.epsilon) * semantic[OUTPUT]
        return (1.0 - self.epsilon) * semantic + self.epsilon * self.model.positional[:, phase, : self.model.patterns]

    def step(self) -> Floats:
        """One token more; returns its m^{o,se} (M,)."""
        query, keys, values = self.fields[QUERY, :1], self.fields[KEY][None], self.fields[VALUE][None]
        attention = softmax_attention(np.array([self.gamma]), query, keys, values)[0]
        chance = 0.5 * (1.0 + np.tanh(self.beta * (attention @ self.outputs)))
        thresholds = np.array([min(math.floor(p * 2.0**COIN_BITS), 2**COIN_BITS - 1) for p in chance], dtype=np.uint64)
        self.steps += 1
        _toss(self.masks, thresholds, self.steps, self.replica, *self.keys, self.token)
        self.fields = np.concatenate([self._fields()[:, None], self.fields[:, : self.model.context - 1]], axis=1)
        return self.output
