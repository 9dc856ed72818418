"""Checks across the keys of the block ``mean_field``."""

from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.numerics.sweeps import sweep_values

__all__ = ["DIAGRAMS", "check"]

DIAGRAMS = (
    "bifurcation",
    "bifurcation_zoom",
    "bifurcation_attention",
    "bifurcation_both",
    "bifurcation_epsilon",
    "bifurcation_bits5",
)
LARGEST_GAIN = 1000.0


def _window(model: Mapping[str, Any]) -> Iterator[str]:
    code = 2 ** model["positional_bits"]
    if model["context"] is not None and model["context"] > code:
        yield (
            f"model.context: a window of {model['context']} tokens is longer than the positional code of "
            f"{model['positional_bits']} bits, which tells {code} tokens apart; set at most {code}, or more positional_bits"
        )
    weights = model["weights"]
    if weights["kind"] == "explicit" and not weights["file"]:
        yield "model.weights.file: null, but the weights are explicit; name the .npz that holds them"


def _lengths(key: str, block: Mapping[str, Any]) -> Iterator[str]:
    """Steps of a run: transient, then saved and spectrum."""
    if block["spectrum"] < block["saved"]:
        yield (
            f"{key}.spectrum: {block['spectrum']} steps are fewer than the {block['saved']} saved ones; "
            "set a spectrum at least as long"
        )
    if block.get("alignment", 0) > block["transient"]:
        yield (
            f"{key}.alignment: {block['alignment']} steps are more than the transient of {block['transient']}; "
            "set a shorter alignment or a longer transient"
        )
    if block["saved"] < 2:
        yield f"{key}.saved: {block['saved']} steps are too few to look for a period; set at least 2"


def _range(key: str, block: Mapping[str, Any]) -> Iterator[str]:
    if block["low"] >= block["high"]:
        yield f"{key}.low: {block['low']} is not below {key}.high = {block['high']}; set low < high"


def _slabs(key: str, slabs: int, items: int, unit: str) -> Iterator[str]:
    if slabs > items:
        yield f"{key}.slabs: {slabs} is above the bound, there are {items} {unit}; set fewer slabs"


def _sweep(key: str, values: Any, last: float) -> Iterator[str]:
    found = sweep_values(values)
    if found.min() < 0 or found.max() > last:
        yield f"{key}: values from {found.min():g} to {found.max():g} leave the bounds 0 to {last:g}; stay inside"


def diagram_size(model: Mapping[str, Any], diagram: Mapping[str, Any]) -> int:
    """L M of a diagram, which may have a number of positional bits of its own."""
    if diagram["positional_bits"] is None and model["context"] is not None:
        return int(model["context"] * model["patterns"])
    return int(2 ** (diagram["positional_bits"] or model["positional_bits"]) * model["patterns"])


def _leading(key: str, leading: int | None, size: int) -> Iterator[str]:
    if leading is not None and leading > size:
        yield f"{key}: {leading} is above the {size} dimensions of the window; set at most {size}"


def _trajectories(block: Mapping[str, Any]) -> Iterator[str]:
    saved = block["saved"]
    for name, value in (("shown", max(block["shown"])), ("segment", block["segment"]), ("lags", block["lags"] + 1)):
        if value > saved:
            yield f"trajectories.{name}: {value} steps are more than the {saved} saved ones; set at most {saved}"
    if block["running_points"] > saved:
        yield f"trajectories.running_points: {block['running_points']} is above the {saved} saved steps; set fewer"


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _window(block["model"])
    context = block["model"]["context"] or 2 ** block["model"]["positional_bits"]
    size = context * block["model"]["patterns"]
    if block["start"]["tokens"] <= context:
        yield (
            f"start.tokens: {block['start']['tokens']} tokens do not fill the window of {context} with attention; "
            f"set at least {context + 1}"
        )
    for name in DIAGRAMS:
        diagram = block[name]
        yield from _lengths(name, diagram)
        yield from _range(name, diagram)
        yield from _slabs(name, diagram["slabs"], len(sweep_values(diagram["values"])), "values")
        yield from _leading(f"{name}.leading", diagram["leading"], diagram_size(block["model"], diagram))
        last = 1.0 if diagram["parameter"] == "epsilon" else LARGEST_GAIN
        yield from _sweep(f"{name}.values", diagram["values"], last)
    for name in ("full", "zoom", "bits5"):
        chain = block["continuation"][name]
        key = f"continuation.{name}"
        yield from _lengths(key, chain)
        yield from _range(key, chain)
        yield from _slabs(key, chain["slabs"], 2 * len(chain["starts"]), "chains")
        yield from _sweep(f"{key}.values", chain["values"], LARGEST_GAIN)
    for name in ("coexistence", "published_run", "phase_diagram"):
        yield from _lengths(name, block[name])
    for name in ("coexistence", "published_run"):
        yield from _leading(f"{name}.leading", block[name]["leading"], size)
    coexistence, phase = block["coexistence"], block["phase_diagram"]
    yield from _slabs("coexistence", coexistence["slabs"], len(sweep_values(coexistence["values"])), "values")
    yield from _sweep("coexistence.values", coexistence["values"], LARGEST_GAIN)
    yield from _range("phase_diagram", phase)
    yield from _slabs("phase_diagram", phase["slabs"], len(sweep_values(phase["betas"])), "rows")
    for name in ("betas", "beta_atts"):
        yield from _sweep(f"phase_diagram.{name}", phase[name], LARGEST_GAIN)
    yield from _trajectories(block["trajectories"])
