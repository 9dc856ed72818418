"""Two classes that a residual network separates: x_{l+1} = x_l + W_l tanh(A_l x_l + b_l) / L on two interleaved half circles.

The network is trained by Adam on the logistic loss of the sign of the first coordinate at the end, with gradients by hand.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

__all__ = ["Weights", "best_line", "classes_table", "half_circles", "loss_and_gradient", "states"]

# Slope of the logistic loss: the first coordinate is of order one.
SLOPE = 4.0
ADAM_FIRST, ADAM_SECOND, ADAM_SMALL = 0.9, 0.999, 1e-8


class Weights(NamedTuple):
    """outer (L, 2, h), inner (L, h, 2), shift (L, h)."""

    outer: np.ndarray
    inner: np.ndarray
    shift: np.ndarray


def half_circles(generator: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (count, 2) of two half circles that reach into each other, and their classes ±1 (count,)."""
    classes = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    angles = np.pi * generator.uniform(size=count)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * classes[:, None] - 0.5 * classes[:, None] * [1.0, 0.5]
    return points + noise * generator.standard_normal((count, 2)), classes


def states(points: np.ndarray, weights: Weights) -> list[np.ndarray]:
    """Points after 0 ... L layers."""
    x, found, layers = points, [points], len(weights.outer)
    for outer, inner, shift in zip(*weights, strict=True):
        x = x + np.tanh(x @ inner.T + shift) @ outer.T / layers
        found.append(x)
    return found


def loss_and_gradient(points: np.ndarray, classes: np.ndarray, weights: Weights) -> tuple[float, Weights]:
    """Mean of ln(1 + e^{-SLOPE class x_1}) at the end, and its gradient."""
    xs, layers = states(points, weights), len(weights.outer)
    margin = SLOPE * classes * xs[-1][:, 0]
    loss = float(np.logaddexp(0, -margin).mean())
    back = np.zeros_like(points)
    back[:, 0] = -SLOPE * classes / (1 + np.exp(margin)) / len(points)
    gradient = Weights(*(np.zeros_like(part) for part in weights))
    for layer in range(layers - 1, -1, -1):
        outer, inner, shift = (part[layer] for part in weights)
        hidden = np.tanh(xs[layer] @ inner.T + shift)
        gradient.outer[layer] = back.T @ hidden / layers
        inside = (back @ outer / layers) * (1 - hidden**2)
        gradient.inner[layer], gradient.shift[layer] = inside.T @ xs[layer], inside.sum(axis=0)
        back = back + inside @ inner
    return loss, gradient


def _trained(
    points: np.ndarray, classes: np.ndarray, settings: Mapping[str, Any], generator: np.random.Generator
) -> Weights:
    layers, width = settings["layers"], settings["width"]
    weights = Weights(
        generator.standard_normal((layers, 2, width)) / np.sqrt(width),
        generator.standard_normal((layers, width, 2)),
        np.zeros((layers, width)),
    )
    first, second = ([np.zeros_like(part) for part in weights] for _ in range(2))
    for number in range(1, settings["steps"] + 1):
        _, gradient = loss_and_gradient(points, classes, weights)
        for part, slope, m, v in zip(weights, gradient, first, second, strict=True):
            m += (1 - ADAM_FIRST) * (slope - m)
            v += (1 - ADAM_SECOND) * (slope**2 - v)
            size = np.sqrt(v / (1 - ADAM_SECOND**number)) + ADAM_SMALL
            part -= settings["rate"] * m / (1 - ADAM_FIRST**number) / size
    return weights


def best_line(points: np.ndarray, classes: np.ndarray, directions: int = 720) -> float:
    """Largest share of points on their side of any line, over ``directions`` directions and all offsets."""
    best = 0.0
    for angle in np.pi * np.arange(directions) / directions:
        order = np.argsort(points @ [np.cos(angle), np.sin(angle)])
        below = np.concatenate([[0], np.cumsum(classes[order] < 0)])
        above = np.concatenate([[0], np.cumsum(classes[order] > 0)])
        right = (below + above[-1] - above) / len(points)
        best = max(best, right.max(), 1 - right.min())
    return float(best)


def classes_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns part, layer, number, class, x, y, value.

    ``point``: the test set at three layers; ``path``: some of it at all layers; ``accuracy`` 0: best line at the start, 1: sign of x at
    the end on the training set, 2: on the test set.
    """
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([settings["seed"]])))
    points, classes = half_circles(generator, settings["points"], settings["noise"])
    tests, labels = half_circles(generator, settings["points"], settings["noise"])
    weights = _trained(points, classes, settings, generator)
    after, ends = states(tests, weights), states(points, weights)[-1]
    accuracies = [
        best_line(tests, labels),
        float((np.sign(ends[:, 0]) == classes).mean()),
        float((np.sign(after[-1][:, 0]) == labels).mean()),
    ]
    parts = [pd.DataFrame({"part": "accuracy", "number": range(3), "value": accuracies})]
    shown = np.arange(min(settings["paths"], len(tests)))
    for layer, places in enumerate(after):
        for part, chosen in (("point", np.arange(len(tests))), ("path", shown)):
            if part == "path" or layer in (0, settings["layers"] // 2, settings["layers"]):
                parts.append(
                    pd.DataFrame({
                        "part": part, "layer": layer, "number": chosen, "class": labels[chosen], "x": places[chosen, 0],
                        "y": places[chosen, 1],
                    })
                )  # fmt: skip
    return pd.concat(parts, ignore_index=True)[["part", "layer", "number", "class", "x", "y", "value"]]
