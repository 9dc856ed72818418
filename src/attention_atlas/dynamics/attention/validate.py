"""What can be asked for together: a table of rules, each with the line that the user reads."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.attention.model import (
    KERNELS,
    MASKS,
    METHODS,
    NORMALISATIONS,
    OBSERVABLES,
    Setting,
)
from attention_atlas.dynamics.attention.weights import DRAWN, Head, random_heads
from attention_atlas.errors import AtlasError

__all__ = ["MAX_EXPONENT", "RULES", "Rule", "check", "check_starts", "largest_product"]

# exp of a larger number times n is no float64.
MAX_EXPONENT = 690.0
# Positions of all records that a call may keep, in numbers (4 GB).
MAX_POSITIONS = 5 * 10**8
MAX_WEIGHTS = 5 * 10**8
MAX_GRAPH_TOKENS = 20_000
MAX_TOKENS = 10**6
MAX_DIMENSION = 4096
# Tokens may be off the sphere by rounding; they are put back.
MAX_OFF_SPHERE = 1e-6
STEP_METHODS = tuple(name for name in METHODS if name != "ode")
NOISY_NORMALISATIONS = ("post_ln", "ngpt", "sqrt")


class Rule(NamedTuple):
    """``broken(setting)`` says whether the setting breaks the rule, ``line(setting)`` what the user reads then."""

    broken: Callable[[Setting], bool]
    line: Callable[[Setting], str]


def _names(names) -> str:
    return ", ".join(names)


def _name_rule(field: str, names) -> Rule:
    return Rule(
        lambda s: getattr(s, field) not in names,
        lambda s: f"{field}: {getattr(s, field)!r} is not known; give one of {_names(names)}",
    )


def _number_rule(field: str, low: float, high: float, *, open_low: bool = False) -> Rule:
    def broken(s: Setting) -> bool:
        value = getattr(s, field)
        return not (math.isfinite(value) and (low < value if open_low else low <= value) and value <= high)

    sign = "above" if open_low else "from"
    return Rule(
        broken,
        lambda s: (
            f"{field}: {getattr(s, field)} is outside the bounds, {sign} {low:g} to {high:g}; choose a number there"
        ),
    )


def _belongs(field: str, allowed: Callable[[Setting], bool], where: str) -> Rule:
    """A value that was given although nothing uses it."""
    return Rule(
        lambda s: field in s.given and not allowed(s), lambda s: f"{field}: it belongs to {where} only; leave it out"
    )


def _needs(field: str, needed: Callable[[Setting], bool], why: Callable[[Setting], str]) -> Rule:
    return Rule(lambda s: needed(s) and field not in s.given, lambda s: f"{field}: it is missing, {why(s)}; give it")


def _observed(*names: str) -> Callable[[Setting], bool]:
    return lambda s: any(name in s.observe for name in names)


def _unknown(s: Setting) -> str | None:
    return next((name for name in s.observe if name not in OBSERVABLES), None)


_NAMES = (
    _name_rule("kernel", KERNELS),
    _name_rule("mask", MASKS),
    _name_rule("method", METHODS),
    _name_rule("space", tuple(NORMALISATIONS)),
    Rule(
        lambda s: s.normalisation not in NORMALISATIONS[s.space],
        lambda s: (
            f"normalisation: {s.normalisation!r} is not known in the space {s.space!r}; "
            f"give one of {_names(NORMALISATIONS[s.space])}"
        ),
    ),
    _name_rule("drawn", DRAWN),
    _name_rule("sums", ("pairs", "modes")),
    Rule(
        lambda s: _unknown(s) is not None,
        lambda s: f"observe: {_unknown(s)!r} is not known; give some of {_names(OBSERVABLES)}",
    ),
    Rule(
        lambda s: len(set(s.observe)) < len(s.observe),
        lambda s: f"observe: {next(n for n in s.observe if s.observe.count(n) > 1)!r} stands there twice; give it once",
    ),
    Rule(lambda s: not s.observe, lambda s: f"observe: nothing is observed; give some of {_names(OBSERVABLES)}"),
)

_BOUNDS = (
    _number_rule("tokens", 1, MAX_TOKENS),
    _number_rule("runs", 1, 10**7),
    Rule(
        lambda s: not (2 if s.space == "sphere" else 1) <= s.dimension <= MAX_DIMENSION,
        lambda s: (
            f"dimension: {s.dimension} is outside the bounds, from {2 if s.space == 'sphere' else 1} to "
            f"{MAX_DIMENSION} in the space {s.space!r}; choose another"
        ),
    ),
    _number_rule("beta", 0.0, 1e6),
    _number_rule("window", 0, MAX_TOKENS),
    _number_rule("tie_tolerance", 0.0, 0.1),
    _number_rule("bias", -700.0, 700.0),
    _number_rule("layer_time", 0.0, 1e9, open_low=True),
    _number_rule("switch_time", 0.0, math.inf),
    _number_rule("alpha", 0.0, 1e3, open_low=True),
    _number_rule("step", 0.0, 1e6, open_low=True),
    _number_rule("tolerance", 1e-13, 1e-1),
    _number_rule("residual", -1e3, 1e3),
    _number_rule("max_steps", 1, 10**12),
    _number_rule("noise", 0.0, 1e3),
    _number_rule("seed", 0, 2**64 - 1),
    _number_rule("weights_seed", 0, 2**64 - 1),
    _number_rule("cluster_distance", 0.0, 1e6, open_low=True),
    _number_rule("close", -1.0, 1.0),
    _number_rule("span_threshold", 0.0, 1e6, open_low=True),
)

_ATTENTION = (
    Rule(lambda s: {"beta", "gamma"} <= s.given, lambda s: "gamma: beta is given too; give one of them"),
    _belongs("beta", lambda s: s.kernel != "hardmax", "kernels with a temperature, not hardmax"),
    _belongs("gamma", lambda s: s.kernel != "hardmax", "kernels with a temperature, not hardmax"),
    _belongs("tie_tolerance", lambda s: s.kernel == "hardmax", "the kernel hardmax"),
    _belongs("bias", lambda s: s.kernel == "sigmoid", "the kernel sigmoid"),
    _belongs("window", lambda s: s.mask in ("window", "causal_window"), "the masks window and causal_window"),
    _needs("window", lambda s: s.mask in ("window", "causal_window"), lambda s: f"the mask {s.mask} has a width"),
    _belongs("graph", lambda s: s.mask == "graph", "the mask graph"),
    _needs("graph", lambda s: s.mask == "graph", lambda s: "the mask graph is an array (tokens, tokens)"),
    Rule(
        lambda s: s.mask == "graph" and s.tokens > MAX_GRAPH_TOKENS,
        lambda s: f"graph: {s.tokens} tokens, the bound is {MAX_GRAPH_TOKENS}; use fewer tokens or the mask window",
    ),
    Rule(
        lambda s: s.mask == "graph" and s.graph.shape != (s.tokens, s.tokens),  # type: ignore[union-attr]
        lambda s: f"graph: its shape is {s.graph.shape}, there are {s.tokens} tokens; give {s.tokens} rows of as many",  # type: ignore[union-attr]
    ),
    Rule(
        lambda s: s.mask == "graph" and not s.graph.any(axis=1).all(),  # type: ignore[union-attr]
        lambda s: (
            f"graph: token {int(np.argmin(s.graph.any(axis=1)))} attends to nobody; "  # type: ignore[union-attr]
            "give every row an entry that is not 0"
        ),
    ),
    Rule(
        lambda s: s.kernel == "unnormalised" and s.space == "sphere" and _reach(s) > MAX_EXPONENT,
        lambda s: (
            f"beta: {s.beta:g} gives exponents up to {_reach(s):.4g}, the bound of the kernel unnormalised is "
            f"{MAX_EXPONENT:.0f}; use a smaller beta or softmax"
        ),
    ),
    Rule(
        lambda s: (
            s.sums == "modes"
            and not (
                s.dimension == 2
                and s.space == "sphere"
                and s.mask == "none"
                and s.kernel in ("softmax", "unnormalised")
                and all(head.query is None and head.key is None and head.query_key is None for head in s.heads)
            )
        ),
        lambda s: (
            "sums: modes need the circle (dimension 2, space sphere), no mask, Q = K = identity and the kernel softmax "
            "or unnormalised; use pairs"
        ),
    ),
    Rule(
        lambda s: s.sums == "modes" and s.beta > 2000,
        lambda s: f"beta: {s.beta:g} with sums by modes, the bound is 2000; use a smaller beta or pairs",
    ),
)

_WEIGHTS = (
    _belongs("drawn", lambda s: random_heads(s.heads), "random matrices"),
    _belongs("weights_seed", lambda s: random_heads(s.heads), "random matrices"),
    _belongs(
        "layer_time",
        lambda s: _by_layer(s) and s.method != "layers",
        "matrices drawn for each layer, by another method than layers",
    ),
    Rule(
        lambda s: _weight_numbers(s) > MAX_WEIGHTS,
        lambda s: (
            f"runs: the matrices of {s.runs} runs are {_weight_numbers(s):.1e} numbers, the bound is {MAX_WEIGHTS:.0e}; "
            "compute fewer runs at a time"
        ),
    ),
)

_SPACE = (
    _belongs("switch_time", lambda s: s.normalisation == "mix_ln", "the normalisation mix_ln"),
    _needs(
        "switch_time", lambda s: s.normalisation == "mix_ln", lambda s: "mix_ln changes from post_ln to pre_ln then"
    ),
    _belongs("alpha", lambda s: s.normalisation == "ngpt", "the normalisation ngpt"),
    Rule(
        lambda s: s.normalisation == "rescaled" and len(s.heads) > 1,
        lambda s: f"heads: {len(s.heads)} with the normalisation rescaled, which has one V; use one head",
    ),
    Rule(
        lambda s: s.normalisation == "rescaled" and _by_layer(s),
        lambda s: (
            f"drawn: {s.drawn!r} with the normalisation rescaled, whose V is the same for ever; draw it once or for each run"
        ),
    ),
    Rule(
        lambda s: s.normalisation == "rescaled" and s.method in ("published", "layers"),
        lambda s: f"method: {s.method!r} with the normalisation rescaled, which is a flow; use ode, rk4 or euler",
    ),
)

_TIME = (
    _belongs("tolerance", lambda s: s.method == "ode", "the method ode"),
    _belongs("max_steps", lambda s: s.method == "ode", "the method ode"),
    _belongs("step", lambda s: s.method != "ode", f"the methods {_names(STEP_METHODS)}"),
    _needs("step", lambda s: s.method not in ("ode", "layers"), lambda s: f"the method {s.method} takes equal steps"),
    _belongs("residual", lambda s: s.method == "layers", "the method layers"),
    Rule(
        lambda s: "residual" in s.given and s.normalisation in ("averaging", "mix_ln"),
        lambda s: f"residual: it is not defined for the normalisation {s.normalisation}; leave it out",
    ),
    Rule(
        lambda s: s.method == "published" and s.space != "sphere",
        lambda s: "method: published steps return to the sphere; use euler in the space free",
    ),
    Rule(
        lambda s: s.method == "published" and s.normalisation in ("pre_ln", "peri_ln"),
        lambda s: f"method: published steps return to the sphere, {s.normalisation} leaves it; use layers or euler",
    ),
    Rule(
        lambda s: s.kernel == "hardmax" and s.method in ("ode", "rk4", "rk4_frozen"),
        lambda s: (
            f"method: {s.method!r} needs a smooth velocity, that of hardmax jumps; use euler, published or layers"
        ),
    ),
    Rule(
        lambda s: s.method == "rk4_frozen" and s.space == "sphere",
        lambda s: "method: rk4_frozen is that of the flow in the space free; use rk4 on the sphere",
    ),
    Rule(
        lambda s: s.method == "rk4_frozen" and s.sums == "modes",
        lambda s: "method: rk4_frozen has no sums by modes; use pairs",
    ),
    Rule(
        lambda s: s.times.ndim != 1 or s.times.size == 0 or not np.isfinite(s.times).all(),
        lambda s: f"times: shape {s.times.shape} or a time that is not finite; give a list of finite times",
    ),
    Rule(
        lambda s: s.times[0] < 0 or bool((np.diff(s.times) <= 0).any()),
        lambda s: "times: they must be ≥ 0 and increase; sort them and drop doubles",
    ),
    Rule(
        lambda s: s.method != "ode" and s.times[-1] / s.step > 1e12,
        lambda s: f"step: {s.step:g} makes {s.times[-1] / s.step:.1e} steps, the bound is 1e12; use a longer step",
    ),
)

_NOISE = (
    Rule(
        lambda s: s.noise > 0 and s.normalisation not in NOISY_NORMALISATIONS,
        lambda s: (
            f"noise: {s.noise:g} with the normalisation {s.normalisation}, it is defined on the sphere for "
            f"{_names(NOISY_NORMALISATIONS)}; use one of them or no noise"
        ),
    ),
    Rule(
        lambda s: s.noise > 0 and s.method not in ("euler", "published", "layers"),
        lambda s: f"noise: {s.noise:g} with the method {s.method!r}; use euler, published or layers",
    ),
    _belongs("seed", lambda s: s.noise > 0, "noise (starts have a seed of their own)"),
)

_OBSERVE = (
    Rule(
        lambda s: _observed("energy")(s) and (s.kernel not in ("softmax", "unnormalised") or not s.beta > 0),
        lambda s: (
            f"observe: there is no energy with the kernel {s.kernel} at beta {s.beta:g}; use softmax or unnormalised, beta > 0"
        ),
    ),
    Rule(
        lambda s: _observed("energy")(s) and len(s.heads) > 1,
        lambda s: f"observe: {len(s.heads)} heads have no common energy; leave energy out",
    ),
    Rule(
        lambda s: _observed("energy")(s) and s.space == "sphere" and _reach(s) > MAX_EXPONENT,
        lambda s: (
            f"observe: the energy at beta {s.beta:g} is up to exp({_reach(s):.4g}), the bound is exp({MAX_EXPONENT:.0f}); "
            "use a smaller beta or leave energy out"
        ),
    ),
    Rule(
        lambda s: s.dimension != 2 and any(name.startswith("order_") and name[6:] not in "12" for name in s.observe),
        lambda s: f"observe: orders above 2 need dimension 2, it is {s.dimension}; leave them out",
    ),
    _belongs("cluster_distance", _observed("clusters"), "the observable clusters"),
    _belongs("close", _observed("close_pairs"), "the observable close_pairs"),
    _belongs("span_threshold", _observed("span"), "the observable span"),
    Rule(
        lambda s: _observed("positions")(s) and s.runs * len(s.times) * s.tokens * s.dimension > MAX_POSITIONS,
        lambda s: (
            f"observe: positions of {s.runs} runs at {len(s.times)} times are "
            f"{s.runs * len(s.times) * s.tokens * s.dimension:.1e} numbers, the bound is {MAX_POSITIONS:.0e}; "
            "record fewer times or runs"
        ),
    ),
)

RULES = (*_NAMES, *_BOUNDS, *_ATTENTION, *_WEIGHTS, *_SPACE, *_TIME, *_NOISE, *_OBSERVE)


def _by_layer(s: Setting) -> bool:
    return random_heads(s.heads) and s.drawn in ("layer", "run_and_layer")


def _weight_numbers(s: Setting) -> int:
    by_run = random_heads(s.heads) and s.drawn in ("run", "run_and_layer")
    return 2 * (s.runs if by_run else 1) * len(s.heads) * s.dimension**2


def largest_product(heads: Sequence[Head]) -> float:
    """Bound of |<Q x, K y>| over tokens of length 1; infinity if a matrix of scores is random."""
    largest = 0.0
    for head in heads:
        size = 1.0
        for matrix in (head.query, head.key, head.query_key):
            if isinstance(matrix, str):
                size = math.inf
            elif isinstance(matrix, float):
                size *= abs(matrix)
            elif isinstance(matrix, np.ndarray):
                size *= float(
                    np.abs(matrix).max() if matrix.ndim == 1 else np.linalg.norm(matrix, 2, axis=(-2, -1)).max()
                )
        largest = max(largest, size)
    return largest


def _reach(s: Setting) -> float:
    """The largest exponent on the sphere with given matrices; with random ones a run may blow up."""
    size = largest_product(s.heads)
    return s.beta * size if math.isfinite(size) else 0.0


def check(setting: Setting) -> None:
    """Raise the line of the first rule that the setting breaks.

    Raises
    ------
    AtlasError
        A name that is not known, a number outside its bounds, or things that do not go together.
    """
    for rule in RULES:
        if rule.broken(setting):
            raise AtlasError(rule.line(setting))


def check_starts(starts: ArrayLike, setting: Setting | None = None) -> np.ndarray:
    """Starts as (R, n, d), float64 and contiguous; with a setting, of the length that it needs.

    Raises
    ------
    AtlasError
        Another shape, a number that is not finite, a token without direction or not of length 1.
    """
    try:
        points = np.asarray(starts)
        if points.dtype.kind not in "iuf":
            raise TypeError
    except (TypeError, ValueError):
        raise AtlasError("starts: they are no array of real numbers; give one (R, n, d) or (n, d)") from None
    if points.ndim == 2:
        points = points[None]
    if points.ndim != 3 or points.size == 0 or not np.isfinite(points).all():
        raise AtlasError(
            f"starts: shape {points.shape} or a number that is not finite; give finite numbers (R, n, d) or (n, d)"
        )
    points = np.ascontiguousarray(points, dtype=float)
    if setting is None or setting.space == "free":
        return points
    lengths = np.linalg.norm(points, axis=-1, keepdims=True)
    if not (lengths > 0).all():
        raise AtlasError("starts: a token has length 0, which has no direction; give another place")
    if setting.normalisation in ("pre_ln", "peri_ln"):
        return points
    off = float(np.abs(lengths - 1).max())
    if off > MAX_OFF_SPHERE:
        raise AtlasError(
            f"starts: a token is {off:.3g} off the unit sphere, the bound with {setting.normalisation} is {MAX_OFF_SPHERE}; "
            "divide the tokens by their lengths"
        )
    return points / lengths
