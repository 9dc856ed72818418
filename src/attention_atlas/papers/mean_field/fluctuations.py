"""How far the mean fields of a finite network stray from the map in one step.

Given its attention vector A, the spins of the next token are independent with means
tanh(beta W^o_i . A). A mean field is their weighted average, so its variance is

    (1 - epsilon)^2 / N^2 * sum_i (1 - tanh^2(beta W^o_i . A)),

the same for every field, because weights are ±1.
"""

import numpy as np
from numpy.typing import NDArray

from attention_atlas.dynamics.mean_field.map import Parameters
from attention_atlas.dynamics.mean_field.weights import OUTPUT, Weights
from attention_atlas.papers.mean_field.finite_network import column_classes

__all__ = ["one_step_deviation"]


def one_step_deviation(weights: Weights, params: Parameters, attention: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root mean square deviation of a mean field of the token drawn from A (R, M), shape (R,)."""
    columns, counts = column_classes(weights)
    mean = np.tanh(params.beta[:, None] * (attention @ columns[OUTPUT]))
    spins = counts.sum()
    return (1.0 - params.epsilon) * np.sqrt(((1.0 - mean**2) @ counts) / spins) / np.sqrt(spins)
