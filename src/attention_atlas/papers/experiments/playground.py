"""Experiments in the playground: the first run of those that its flow can follow."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.papers.experiments.question import engine_arguments

__all__ = ["addresses"]

KERNELS = {"softmax": "sa", "unnormalised": "usa"}
MASKS = {"none": 0, "causal": 1}
# Arguments of the engine that the page understands or does not need; the page takes steps of its own where none is said
KNOWN = {"kernel", "beta", "mask", "query_key", "value", "noise", "seed", "step", "sums", "space", "normalisation"}
TIMES = {"method", "last_time", "records", "spacing", "first_time", "tolerance", "max_steps"}
THRESHOLDS = {"cluster_distance", "close", "span_threshold"}


def _diagonals(arguments: Mapping[str, Any], dimension: int) -> tuple[list[float], int] | None:
    """Eigenvalues of D and the direction where Q^T K = D and V = ± D are diagonal, None where they are not."""
    given = [arguments.get(name, [1.0] * dimension) for name in ("query_key", "value")]
    if any(not isinstance(matrix, list) or any(isinstance(entry, list) for entry in matrix) for matrix in given):
        return None
    form, value = ([float(entry) for entry in matrix] for matrix in given)
    for direction in (1, -1):
        if value == [direction * entry for entry in form] and max(map(abs, form)) <= 4:
            return form, direction
    return None


def _state(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    arguments, starts = engine_arguments(entry), dict(entry.get("starts") or {})
    fits = (
        not entry.get("sweep")
        and entry["tokens"] <= 500
        and entry["dimension"] in (2, 3)
        and set(arguments) <= KNOWN | TIMES | THRESHOLDS
        and arguments.get("kernel", "softmax") in KERNELS
        and arguments.get("mask", "none") in MASKS
        and arguments.get("space", "sphere") == "sphere"
        and arguments.get("normalisation", "post_ln") == "post_ln"
        and isinstance(arguments.get("noise", 0.0), int | float)
        and starts.get("kind", "uniform") == "uniform"
        and starts.get("radius", 1.0) == 1.0
    )
    found = _diagonals(arguments, entry["dimension"]) if fits else None
    if found is None:
        return None
    form, direction = found
    return {
        "flow": KERNELS[arguments.get("kernel", "softmax")],
        "d": entry["dimension"],
        "n": entry["tokens"],
        "beta": arguments.get("beta", 1.0),
        "step": arguments.get("step", 0.1),
        "direction": direction,
        "causal": MASKS[arguments.get("mask", "none")],
        "noise": arguments.get("noise", 0.0),
        "seed": starts.get("seed", 1),
        "run": starts.get("first_run", 0),
        **{f"l{k + 1}": value for k, value in enumerate(form)},
    }


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Experiment -> state of the page; an experiment that sweeps a key, or asks for what the page has not, has none."""
    states = {name: _state(entry) for name, entry in (config.get("experiments") or {}).items()}
    return {name: state for name, state in states.items() if state}
