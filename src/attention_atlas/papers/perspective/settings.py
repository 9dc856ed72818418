"""The block ``perspective`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_request, largest_slab, plane_request
from attention_atlas.numerics.sweeps import sweep_length, sweep_values

__all__ = ["PHASE_BLOCK", "RANDOM_BLOCK", "check", "sizes"]

# Starts of a phase diagram, and of one with random weights, that are in memory at a time; the results do not depend on them.
PHASE_BLOCK, RANDOM_BLOCK = 2048, 1024
# e**beta must be a number with room to spare.
MAX_BETA = 300.0


def _betas(key: str, sweep: Any) -> Iterator[str]:
    values = sweep_values(sweep)
    if (values < 0).any() or (values > MAX_BETA).any():
        bad = values[(values < 0) | (values > MAX_BETA)][0]
        yield f"{key}: {bad} is out of bounds; set values from 0 to {MAX_BETA:.0f}"
    if len(values) > 1 and (values[1:] <= values[:-1]).any():
        yield f"{key}: the values do not ascend; sort them"


def _merging(key: str, tolerance: float, distance: float, threshold: float) -> Iterator[str]:
    low, high = 10 * tolerance, 0.1 * math.sqrt(2 - 2 * threshold)
    if not low <= distance <= high:
        yield (
            f"{key}.merge_distance: {distance} is out of bounds; set a number from {low:.2g} (10 × tolerance) "
            f"to {high:.2g} (a tenth of the distance of a close pair)"
        )


def _phase(block: Mapping[str, Any]) -> Iterator[str]:
    phase = block["phase"]
    yield from _betas("phase.betas", phase["betas"])
    if phase["slabs"] > len(sweep_values(phase["betas"])):
        count = len(sweep_values(phase["betas"]))
        yield f"phase.slabs: {phase['slabs']} is above the bound, betas has {count} values; set fewer slabs"
    for name, flow in phase["flows"].items():
        if flow["integrator"] == "adaptive":
            yield from _merging(f"phase.flows.{name}", flow["tolerance"], flow["merge_distance"], phase["threshold"])
        if flow["step_size"] > flow["last_time"]:
            yield (
                f"phase.flows.{name}.step_size: {flow['step_size']} is above the bound last_time = "
                f"{flow['last_time']}; set a smaller step"
            )
    yield from _betas("phase_sameness.betas", block["phase_sameness"]["betas"])
    if block["phase_sameness"]["runs"] > phase["runs"]:
        yield (
            f"phase_sameness.runs: {block['phase_sameness']['runs']} is above the bound phase.runs = {phase['runs']}; "
            "set fewer runs"
        )
    yield from _betas("phase_curve.betas", block["phase_curve"]["betas"])
    seminar = block["seminar"]
    yield from _betas("seminar.betas", seminar["betas"])
    if seminar["step_size"] > seminar["last_time"]:
        yield (
            f"seminar.step_size: {seminar['step_size']} is above the bound last_time = {seminar['last_time']}; "
            "set a smaller step"
        )


def _random(figure: Mapping[str, Any]) -> Iterator[str]:
    yield from _betas("phase_random.betas", figure["betas"])
    count = len(sweep_values(figure["betas"]))
    if figure["slabs"] > count:
        yield f"phase_random.slabs: {figure['slabs']} is above the bound, betas has {count} values; set fewer slabs"
    for name, variant in figure["variants"].items():
        if 0 < variant["redraw_time"] < figure["step_size"]:
            yield (
                f"phase_random.variants.{name}.redraw_time: {variant['redraw_time']} is below the bound step_size = "
                f"{figure['step_size']}; set 0 (never) or a longer time"
            )


def _particles(name: str, figure: Mapping[str, Any]) -> Iterator[str]:
    for letter, panel in figure["panels"].items():
        key = f"{name}.panels.{letter}.snapshots"
        shots = panel["snapshots"]
        if sorted(shots) != shots:
            yield f"{key}: {shots} does not ascend; sort it"
        if shots[-1] > panel["steps"]:
            yield f"{key}: {shots[-1]} is above the bound steps = {panel['steps']}; set a smaller number"


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _phase(block)
    yield from _random(block["phase_random"])
    for name in ("particles_2d", "particles_3d"):
        yield from _particles(name, block[name])
    energy = block["energy"]
    yield from _merging("energy", energy["tolerance"], energy["merge_distance"], energy["threshold"])
    for name, times in energy["times"].items():
        if times["first"] >= times["last"]:
            yield f"energy.times.{name}.first: {times['first']} is above the bound last = {times['last']}; set a smaller number"
    if not any(block["hypersphere"]["vector"]):
        yield "hypersphere.vector: [0, 0, 0] has no direction; set a number other than 0"
    if not any(block["equivariance"]["axis"]):
        yield "equivariance.axis: [0, 0, 0] has no direction; set a number other than 0"
    layers = block["deep_limit"]["layers"]
    if sorted(layers) != layers:
        yield f"deep_limit.layers: {layers} does not ascend; sort it"
    yield from _betas("clustering_theorems.hemisphere.betas", block["clustering_theorems"]["hemisphere"]["betas"])


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What the jobs of the phase diagrams ask for; slabs share the values of beta, starts are in memory a block at a time."""
    phase, random = block["phase"], block["phase_random"]
    seminar = {**block["seminar"], "slabs": 1}
    planes = 2 * sweep_length(random["betas"]) * random["records"] * len(random["variants"])
    return {
        "perspective_phase_compute": _phase_sizes(phase),
        "perspective_seminar_compute": largest_request(
            "dimension", {str(d): _phase_size(seminar, seminar, d) for d in seminar["dimensions"]}
        ),
        "perspective_phase_sameness_compute": largest_request(
            "dimension",
            {str(d): _sameness_size(phase, block["phase_sameness"], d) for d in block["phase_sameness"]["dimensions"]},
        ),
        "perspective_phase_aggregate": plane_request(2 * sweep_length(phase["betas"]) * phase["records"]),
        "perspective_phase_random_compute": largest_request(
            "dimension", {str(d): _random_size(random, d) for d in random["dimensions"]}
        ),
        "perspective_phase_random_aggregate": plane_request(planes),
        **_animation_sizes(block),
    }


def _animation_sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Frames are drawn one after the other, those of a sphere more slowly than those of a circle."""
    frames, films = block["animation"]["frames"], block["films"]
    return {
        "perspective_particles_2d_animation_plot": job_request(0, 0.02 * frames),
        "perspective_particles_3d_animation_plot": job_request(0, 0.04 * frames),
        "perspective_films_animation_plot": largest_request(
            "figure",
            {
                f"film_{name}": job_request(0, (0.1 if panel["dimension"] == 3 else 0.02) * films["records"])
                for name, panel in films["panels"].items()
            },
        ),
    }


def _phase_sizes(phase: Mapping[str, Any]) -> JobRequest:
    """By the flow, and by the dimension."""
    return largest_request(
        "kind",
        {
            kind: largest_request("dimension", {str(d): _phase_size(phase, flow, d) for d in phase["dimensions"]})
            for kind, flow in phase["flows"].items()
        },
    )


def _phase_size(phase: Mapping[str, Any], flow: Mapping[str, Any], dimension: int) -> JobRequest:
    particles = phase["particles"]
    held = 4 * min(phase["runs"], PHASE_BLOCK) * (particles * dimension + 2 * phase["records"]) * 8
    # the adaptive integrator takes as long as 90 published steps in the time of one
    steps = flow["last_time"] / flow["step_size"] * (90 if flow.get("integrator") == "adaptive" else 1)
    # eight: what does not grow with the dimension, exponentials and counts; no more coordinates than particles, see span_coordinates
    pairs = phase["runs"] * particles**2 * (min(dimension, particles) + 8)
    betas = largest_slab(sweep_length(phase["betas"]), phase["slabs"])
    return job_request(held, 2.9e-11 * betas * pairs * steps)


def _sameness_size(phase: Mapping[str, Any], sameness: Mapping[str, Any], dimension: int) -> JobRequest:
    """Published steps of usa, smaller by sqrt(beta) e^(beta - 1/2), and the adaptive integrator at two tolerances."""
    flow, particles = phase["flows"]["usa"], phase["particles"]
    stiffness = sum(max(math.sqrt(beta) * math.exp(beta - 0.5), 1.0) for beta in sweep_values(sameness["betas"]))
    pairs = sameness["runs"] * particles**2 * (min(dimension, particles) + 8)
    return job_request(1e8, 7e-11 * pairs * stiffness * flow["last_time"] / flow["step_size"])


def _random_size(random: Mapping[str, Any], dimension: int) -> JobRequest:
    """All variants one after the other; all starts, matrices of a block of them in one layer, records of all starts of one beta."""
    variants = random["variants"].values()
    held = min(random["runs"], RANDOM_BLOCK) * (2 * dimension + random["particles"]) * dimension * 8
    held += random["runs"] * random["particles"] * dimension * 8
    kept = random["runs"] * random["records"] * 8 * (1 + 2 / random["statistics_every"])
    # ten: what does not grow with the dimension, exponentials, counts and search for particles that have met
    pairs = random["runs"] * random["particles"] ** 2 * (dimension + 10)
    steps = random["last_time"] / random["step_size"]
    betas = largest_slab(sweep_length(random["betas"]), random["slabs"])
    return job_request(2 * held + 3 * kept, 3.5e-11 * betas * len(variants) * pairs * steps)
