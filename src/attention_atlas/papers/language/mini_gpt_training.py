"""Training of the small GPT: batches, AdamW, samples of text."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.mini_gpt import GptSizes, Weights, forward, initial_weights, shapes, view
from attention_atlas.papers.language.mini_gpt_gradient import loss_and_gradient, loss_only

__all__ = [
    "Alphabet",
    "Training",
    "TrainingPlan",
    "batch_of",
    "counted_bigram_loss",
    "learning_rate",
    "sample_text",
    "train",
]


class Alphabet:
    """The characters of a text, numbered in their order in Unicode."""

    def __init__(self, text: str):
        self.characters = sorted(set(text))
        self._numbers = {character: number for number, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> np.ndarray:
        """Numbers of the characters, (n,) int64."""
        return np.array([self._numbers[character] for character in text], dtype=np.int64)

    def decode(self, numbers: np.ndarray) -> str:
        return "".join(self.characters[number] for number in numbers)


class TrainingPlan(NamedTuple):
    """How long and how fast a model learns."""

    steps: int
    batch: int
    """pieces of text a step"""
    rate: float
    """largest learning rate of AdamW"""
    warm_up: int
    """steps until it is reached"""
    decay: float
    """weight decay of the matrices"""
    measure_every: int
    """a point of the loss curve every so many steps"""
    held_out: float
    """share of the text, at its end, for the validation loss"""
    seed: int


class Training(NamedTuple):
    """A trained model and how it got there."""

    vector: np.ndarray
    """all weights"""
    steps: np.ndarray
    """(k,) steps at which the losses were measured"""
    train_loss: np.ndarray
    """(k,) nats a character, mean over the steps since the last point"""
    validation_loss: np.ndarray
    """(k,) on fixed pieces of the text held out"""


def batch_of(text: np.ndarray, batch: int, context: int, seed: int, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of the text and what follows each character, (batch, context) both; keyed by (seed, step)."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, step])))
    starts = generator.integers(0, len(text) - context, batch)
    pieces = text[starts[:, None] + np.arange(context + 1)]
    return pieces[:, :-1], pieces[:, 1:]


def learning_rate(step: int, plan: TrainingPlan) -> float:
    """Linear up to the largest rate, then half a cosine down to a tenth of it."""
    if step < plan.warm_up:
        return plan.rate * (step + 1) / plan.warm_up
    progress = (step - plan.warm_up) / max(1, plan.steps - plan.warm_up)
    return plan.rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * progress)))


class _AdamW:
    """Kingma and Ba's Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101)."""

    FIRST, SECOND, EPSILON = 0.9, 0.99, 1e-8

    def __init__(self, vector: np.ndarray, decay: np.ndarray):
        self.vector, self.decay = vector, decay
        self.mean, self.square = np.zeros_like(vector), np.zeros_like(vector)
        self.steps = 0

    def step(self, gradient: np.ndarray, rate: float) -> None:
        kind = self.vector.dtype.type
        self.steps += 1
        self.mean += kind(1 - self.FIRST) * (gradient - self.mean)
        self.square += kind(1 - self.SECOND) * (gradient * gradient - self.square)
        unbias = math.sqrt(1 - self.SECOND**self.steps) / (1 - self.FIRST**self.steps)
        self.vector *= 1 - kind(rate) * self.decay
        self.vector -= kind(rate * unbias) * self.mean / (np.sqrt(self.square) + kind(self.EPSILON))


def _decay_of(sizes: GptSizes, decay: float) -> np.ndarray:
    """Weight decay of each entry of the vector: matrices of the blocks only."""
    parts = [
        np.full(math.prod(shape), decay if name.endswith(".weight") else 0.0, dtype=np.float32)
        for name, shape in shapes(sizes).items()
    ]
    return np.concatenate(parts)


def _parts(text: np.ndarray, sizes: GptSizes, plan: TrainingPlan) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """The text to learn, and the pieces of the text held out that measure the validation loss."""
    cut = int(len(text) * (1 - plan.held_out))
    learned, held_out = text[:cut], text[cut:]
    if len(held_out) <= sizes.context + 1:
        raise AtlasError(
            f"mini-GPT text: {len(held_out)} characters are held out, the bound is {sizes.context + 2}; "
            "give a longer text"
        )
    return learned, batch_of(held_out, 2 * plan.batch, sizes.context, plan.seed, 0)


def counted_bigram_loss(text: np.ndarray, sizes: GptSizes, plan: TrainingPlan) -> float:
    """Validation loss (nats a character) of the pairs of characters counted in the whole text to learn, each once more.

    It is what a learned bigram model tends to.
    """
    learned, (characters, targets) = _parts(text, sizes, plan)
    counts = np.ones((sizes.characters, sizes.characters))
    np.add.at(counts, (learned[:-1], learned[1:]), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    return float(-np.log(shares[characters, targets]).mean())


def train(
    text: np.ndarray, sizes: GptSizes, plan: TrainingPlan, progress: Callable[[int], None] | None = None
) -> Training:
    """Train from scratch on a text in character numbers.

    Raises
    ------
    AtlasError
        The text is too short for the context, or the loss is no longer finite.
    """
    learned, validation = _parts(text, sizes, plan)
    vector = initial_weights(sizes, plan.seed)
    weights = view(vector, sizes)
    slope = np.zeros_like(vector)
    gradient = view(slope, sizes)
    optimiser = _AdamW(vector, _decay_of(sizes, plan.decay))
    points: list[tuple[int, float, float]] = []
    recent: list[float] = []
    for step in range(plan.steps):
        slope[:] = 0
        loss = loss_and_gradient(
            weights, gradient, *batch_of(learned, plan.batch, sizes.context, plan.seed, step + 1), sizes
        )
        if not math.isfinite(loss):
            raise AtlasError(
                f"mini-GPT {sizes.variant}: the loss is {loss} at step {step}; set a smaller rate than {plan.rate}"
            )
        recent.append(loss)
        slope *= min(1.0, 1.0 / (float(np.sqrt(slope @ slope)) + 1e-12))
        optimiser.step(slope, learning_rate(step, plan))
        if (step + 1) % plan.measure_every == 0 or step + 1 == plan.steps:
            points.append((step + 1, float(np.mean(recent)), loss_only(weights, *validation, sizes)))
            recent = []
        if progress:
            progress(step + 1)
    steps, train_loss, validation_loss = zip(*points, strict=True)
    return Training(vector, np.array(steps), np.array(train_loss), np.array(validation_loss))


def sample_text(
    weights: Weights, sizes: GptSizes, start: np.ndarray, length: int, temperature: float, seed: int
) -> np.ndarray:
    """Numbers of ``length`` characters that the model writes after ``start`` (n,)."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed])))
    written = list(start)
    for draw in generator.random(length):
        seen = np.array(written[-sizes.context :])
        scores = forward(weights, seen[None], sizes)[0][0, -1].astype(float) / temperature
        shares = np.exp(scores - scores.max())
        written.append(int(np.searchsorted(np.cumsum(shares) / shares.sum(), draw)))
    return np.array(written[len(start) :])
