"""What the engine of attention can be asked for: the names, and the checked setting that they make.

Nothing here needs Numba, so that a configuration can be checked without loading a kernel.
"""

from typing import Any, NamedTuple

import numpy as np

from attention_atlas.dynamics.attention.weights import Head

__all__ = [
    "KERNELS",
    "MASKS",
    "METHODS",
    "NORMALISATIONS",
    "OBSERVABLES",
    "PAIR_OBSERVABLES",
    "STATUSES",
    "Setting",
]

# The place of a name in its tuple is its code in the kernels.
KERNELS = ("softmax", "unnormalised", "hardmax", "sigmoid")
MASKS = ("none", "causal", "window", "causal_window", "graph")
# "ode": adaptive Dormand-Prince; "rk4", "euler": fixed steps of the ODE; "rk4_frozen": Runge-Kutta steps with the attention matrix
# of their start; "published": the authors' scheme x <- N(x + h A); "layers": the same map counted in layers.
METHODS = ("ode", "rk4", "rk4_frozen", "euler", "published", "layers")
NORMALISATIONS = {
    "sphere": ("post_ln", "pre_ln", "mix_ln", "peri_ln", "ngpt", "sqrt"),
    "free": ("none", "rescaled", "averaging"),
}
# Observables that look at all pairs of tokens, with one number a record.
PAIR_OBSERVABLES = ("clusters", "close_pairs", "largest_distance", "energy", "attention_entropy", "participation")
ORDERS = tuple(f"order_{k}" for k in range(1, 9))
OBSERVABLES = (
    *PAIR_OBSERVABLES,
    "mean_inner_product",
    "variance",
    "span",
    "effective_rank",
    "speed",
    "radius",
    *ORDERS,
    "positions",
)
STATUSES = ("ok", "too many steps", "blew up")


class Setting(NamedTuple):
    """Everything that ``attention_flow`` was asked for, with defaults filled in; names as there."""

    runs: int
    tokens: int
    dimension: int
    kernel: str
    beta: float
    mask: str
    window: int
    graph: np.ndarray | None
    tie_tolerance: float
    bias: float
    sums: str
    heads: tuple[Head, ...]
    drawn: str
    weights_seed: int
    layer_time: float
    space: str
    normalisation: str
    switch_time: float
    alpha: float
    method: str
    times: np.ndarray
    step: float
    tolerance: float
    residual: float
    max_steps: int
    noise: float
    seed: int
    run_numbers: np.ndarray
    observe: tuple[str, ...]
    cluster_distance: float
    close: float
    span_threshold: float
    given: frozenset[str] = frozenset()

    def replaced(self, **changes: Any) -> "Setting":
        """A copy with some values changed."""
        return self._replace(**changes)
