"""The block ``mean_field`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_request, largest_slab, plane_request
from attention_atlas.numerics.sweeps import sweep_length, sweep_values

__all__ = [
    "CHAINS",
    "CORRELATIONS_ALONE",
    "DIAGRAMS",
    "MAX_COLUMNS",
    "PLANE_EXPONENTS",
    "SLICE_RUNS",
    "blocks_of",
    "check",
    "diagram_size",
    "runs_at_once",
    "sizes",
]

DIAGRAMS = (
    "bifurcation",
    "bifurcation_zoom",
    "bifurcation_attention",
    "bifurcation_both",
    "bifurcation_epsilon",
    "bifurcation_bits5",
)
CHAINS = ("full", "zoom", "breakout", "windows", "bits5", "bits5_windows", "bits5_zoom")
# Kinds of weights that are correlations only, and belong to no network of spins
CORRELATIONS_ALONE = ("gaussian", "means", "manual")
MAX_GAIN = 1000.0
# Orbits of the diagrams on slices that are in memory at a time.
SLICE_RUNS = 32
# Exponents of each point of the phase diagram: the largest tells the class
PLANE_EXPONENTS = 2
# The picture of a bifurcation diagram has at most so many columns: more than a page shows, and all values of the papers.
MAX_COLUMNS = 4096
# Memory for the recording of one group of runs of a sweep, and blocks of lanes in it at least: two threads need a few each to end together
# Runs side by side on the processor with the widest vectors; ``numerics.registers.LANES`` divides it on all others.
MAX_LANES = 16
GROUP_BYTES, GROUP_BLOCKS = 160e6, 8


def blocks_of(block: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The parts of the block that a job depends on: ``names``, beside the model and the start, which all need."""
    return {name: block[name] for name in ("model", "start", *names)}


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


def _weights(block: Mapping[str, Any]) -> Iterator[str]:
    """What some kinds of weights cannot do, before anything is computed."""
    kind, bits = block["model"]["weights"]["kind"], block["model"]["positional_bits"]
    patterns = block["model"]["patterns"]
    if kind == "manual":
        for name, order in block["model"]["weights"]["orders"].items():
            if sorted(order) != list(range(patterns)):
                yield (
                    f"model.weights.orders: {name} {order} does not hold each of 0 to {patterns - 1} once; "
                    f"set an order of {patterns} patterns"
                )
    if kind in CORRELATIONS_ALONE:
        if block["finite_size"]["enabled"]:
            yield (
                f"finite_size.enabled: true, but {kind} correlations belong to no network of spins; set false, "
                "or model.weights.kind segments, random or explicit"
            )
        source = block["start"]["first_token"]
        if source != "published":
            yield f"start.first_token: {source} takes a token of the weights, and {kind} correlations have none; set published"
        if block["tokens"]["enabled"]:
            yield (
                f"tokens.enabled: true, but {kind} correlations belong to no tokens of spins; set false, "
                "or model.weights.kind segments, random or explicit"
            )
    if kind == "explicit":
        others = {f"{name}.positional_bits": block[name]["positional_bits"] for name in DIAGRAMS}
        others |= {
            f"continuation.{name}.positional_bits": block["continuation"][name]["positional_bits"] for name in CHAINS
        }
        for key, own in others.items():
            if own not in (None, bits):
                yield f"{key}: {own}, but the explicit weights hold {bits} positional bits; set {bits}"


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
    yield from _weights(block)
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
        last = 1.0 if diagram["parameter"] == "epsilon" else MAX_GAIN
        yield from _sweep(f"{name}.values", diagram["values"], last)
    yield from _range("slices", block["slices"])
    yield from _sweep("slices.values", block["slices"]["values"], MAX_GAIN)
    for name in CHAINS:
        chain = block["continuation"][name]
        key = f"continuation.{name}"
        yield from _lengths(key, chain)
        yield from _range(key, chain)
        yield from _slabs(key, chain["slabs"], 2 + 2 * len(chain["starts"]), "chains")
        yield from _sweep(f"{key}.values", chain["values"], MAX_GAIN)
    for name in ("coexistence", "published_run", "phase_diagram", "tokens", "breakout"):
        yield from _lengths(name, block[name])
    for name in ("coexistence", "published_run"):
        yield from _leading(f"{name}.leading", block[name]["leading"], size)
    coexistence, phase = block["coexistence"], block["phase_diagram"]
    yield from _slabs("coexistence", coexistence["slabs"], len(sweep_values(coexistence["values"])), "values")
    yield from _sweep("coexistence.values", coexistence["values"], MAX_GAIN)
    yield from _range("phase_diagram", phase)
    yield from _slabs("phase_diagram", phase["slabs"], len(sweep_values(phase["betas"])), "rows")
    for name in ("betas", "beta_atts"):
        yield from _sweep(f"phase_diagram.{name}", phase[name], MAX_GAIN)
    yield from _trajectories(block["trajectories"])
    patterns = block["model"]["patterns"]
    for name in ("start", "tokens"):
        if block[name]["pattern"] > patterns:
            yield f"{name}.pattern: {block[name]['pattern']} is above the {patterns} patterns of the model; set at most {patterns}"


def runs_at_once(saved: int) -> int:
    """How many runs of a sweep are in memory at a time, whole blocks of lanes, if ``saved`` steps of each are recorded."""
    return MAX_LANES * max(GROUP_BLOCKS, int(GROUP_BYTES // (saved * 3 * MAX_LANES * 8)))


def _sweep_size(
    runs: int, settings: Mapping[str, Any], tangents: int, bins: int = 0, each: float = 2.4e-8
) -> JobRequest:
    """``runs`` runs with at most ``tangents`` each; ``bins`` counts of each run are kept, in two histograms; ``each`` is seconds a step.

    The recording of one group of runs is held at a time.
    """
    group = min(runs_at_once(settings["saved"]), MAX_LANES * math.ceil(runs / MAX_LANES))
    held = group * (settings["saved"] * 3 + 4 * tangents * tangents) * 8
    # counts of the groups and, while they are joined, of all
    counts = 2 * 2 * runs * bins * 4
    steps = settings["transient"] + settings["saved"] + settings["spectrum"] * tangents
    return job_request(held + counts + runs * tangents * 200, each * runs * steps)


def _diagram_size(model: Mapping[str, Any], diagram: Mapping[str, Any]) -> JobRequest:
    """One slab of a bifurcation diagram."""
    runs = largest_slab(sweep_length(diagram["values"]), diagram["slabs"])
    return _sweep_size(runs, diagram, diagram_size(model, diagram), diagram["bins"])


def _picture_size(diagram: Mapping[str, Any]) -> JobRequest:
    """Gathering or drawing a bifurcation diagram: the histograms of one slab, and a picture of limited width in colours."""
    values = sweep_length(diagram["values"])
    slab = 2 * largest_slab(values, diagram["slabs"]) * diagram["bins"] * 4
    return job_request(2 * slab + min(values, MAX_COLUMNS) * diagram["bins"] * 110 + values * 6000, 2e-3 * values)


def _chains_size(model: Mapping[str, Any], chain: Mapping[str, Any]) -> JobRequest:
    """One slab of a continuation: each value waits for its neighbour, so slabs share the chains, not their values."""
    chains = largest_slab(2 + 2 * len(chain["starts"]), chain["slabs"])
    # most values lie in windows whose orbits repeat, and are over early
    return _sweep_size(
        chains * sweep_length(chain["values"]), chain, diagram_size(model, chain), chain["bins"], each=1.0e-8
    )


def _slices_size(slices: Mapping[str, Any]) -> JobRequest:
    """Two histograms a value and pair, as counts and as picture, and the recording of some orbits."""
    counts = 8.0 * sweep_length(slices["values"]) * slices["bins"] * len(slices["pairs"])
    recorded = 48.0 * SLICE_RUNS * slices["saved"]
    steps = slices["transient"] + len(slices["pairs"]) * slices["saved"]
    return job_request(8 * counts + 2 * recorded, 5e-8 * sweep_length(slices["values"]) * steps)


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What the jobs ask for whose memory or time grows with the configuration."""
    model, plane, starts = block["model"], block["phase_diagram"], block["coexistence"]
    diagrams = {name.removeprefix("bifurcation"): block[name] for name in DIAGRAMS}
    chains = {name: block["continuation"][name] for name in CHAINS}
    pictures = [
        (2 + 2 * len(chain["starts"])) * sweep_length(chain["values"]) * chain["bins"] * 110
        for chain in chains.values()
    ]
    rows, columns = sweep_length(plane["betas"]), sweep_length(plane["beta_atts"])
    tangents = starts["leading"] or diagram_size(model, {"positional_bits": None})
    runs = largest_slab(sweep_length(starts["values"]), starts["slabs"]) * starts["runs"]
    return {
        "mean_field_bifurcation_compute": largest_request(
            "suffix", {suffix: _diagram_size(model, diagram) for suffix, diagram in diagrams.items()}
        ),
        "mean_field_bifurcation_aggregate": largest_request(
            "suffix", {suffix: _picture_size(diagram) for suffix, diagram in diagrams.items()}
        ),
        "mean_field_continuation_compute": largest_request(
            "chain", {name: _chains_size(model, chain) for name, chain in chains.items()}
        ),
        "mean_field_continuation_plot": job_request(max(pictures)),
        "mean_field_slices_compute": _slices_size(block["slices"]),
        "mean_field_coexistence_compute": _sweep_size(runs, starts, tangents),
        "mean_field_phase_diagram_compute": _sweep_size(
            largest_slab(rows, plane["slabs"]) * columns, plane, PLANE_EXPONENTS
        ),
        "mean_field_phase_diagram_aggregate": plane_request(rows * columns),
    }
