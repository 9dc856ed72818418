"""Residual networks x_{l+1} = x_l + (1/L) F(x_l) against the differential equation dx/dt = F(x) on [0, 1]."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.integrate import solve_ivp

from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import normalise, random_points

__all__ = ["attention_errors", "perceptron_errors", "residual_errors"]

Field = Callable[[np.ndarray], np.ndarray]


def residual_errors(
    start: np.ndarray,
    field: Field,
    layers: Sequence[int],
    step: Callable[[np.ndarray, float], np.ndarray] | None = None,
) -> np.ndarray:
    """sup over the layers of |x_l - x(l/L)| (Euclidean norm of the whole state) for each L.

    ``step(x, 1/L)`` replaces x + field(x) / L where a layer does something more, such as
    returning to the sphere. The reference is SciPy's DOP853 with relative tolerance 1e-12.

    Raises
    ------
    AtlasError
        The reference could not be computed.
    """
    shape = start.shape
    solution = solve_ivp(
        lambda t, x: field(x.reshape(shape)).ravel(),
        (0.0, 1.0),
        start.ravel(),
        method="DOP853",
        rtol=1e-12,
        atol=1e-13,
        dense_output=True,
    )
    if not solution.success:
        raise AtlasError(f"deep_limit: the reference was not solved ({solution.message}); use smaller weights or beta")
    layer = step or (lambda x, h: x + h * field(x))
    errors = []
    for count in layers:
        x, worst = start, 0.0
        exact = solution.sol(np.arange(count + 1) / count).T.reshape(-1, *shape)
        for number in range(count):
            x = layer(x, 1 / count)
            worst = max(worst, float(np.linalg.norm(x - exact[number + 1])))
        errors.append(worst)
    return np.array(errors)


def perceptron_errors(seed: int, dimension: int, width: int, runs: int, layers: Sequence[int]) -> np.ndarray:
    """(runs, len(layers)) errors of F(x) = W2 tanh(W1 x + b) / sqrt(width), W1 / sqrt(dimension), random normal weights and starts."""
    errors = []
    for run in range(runs):
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, 0, run])))
        first = generator.standard_normal((width, dimension)) / np.sqrt(dimension)
        second = generator.standard_normal((dimension, width)) / np.sqrt(width)
        shift, start = generator.standard_normal(width), generator.standard_normal(dimension)
        errors.append(
            residual_errors(start, lambda x, a=first, b=shift, c=second: c @ np.tanh(a @ x + b), layers)  # type: ignore[misc]
        )
    return np.array(errors)


def attention_errors(
    seed: int, dimension: int, particles: int, beta: float, runs: int, layers: Sequence[int]
) -> np.ndarray:
    """(runs, len(layers)) errors of softmax attention on the sphere: layers x_i <- N(x_i + (1/L) sum_j A_ij x_j)."""

    def step(x: np.ndarray, h: float) -> np.ndarray:
        return normalise(x + h * attention_field(x, "sa", beta, project=False))

    return np.array(
        [
            residual_errors(start, lambda x: attention_field(x, "sa", beta), layers, step)
            for start in random_points(seed, range(runs), particles, dimension)
        ]
    )
