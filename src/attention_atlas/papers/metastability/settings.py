"""The block ``metastability`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_request, largest_slab
from attention_atlas.numerics.sweeps import sweep_length, sweep_values

__all__ = ["check", "sizes"]

# e^{709} is the largest float; growth_rates.csv holds rates per unit of ordinary time.
MAX_RATE_BETA = 700.0
# The solver of the continuity equation wants its grid finer than the interaction.
CELLS_PER_MODE = 4
# More numbers of PyTorch's stream depend on the GPU.
CUDA_MAX_NUMBERS = 40_960


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _sweeps(block)
    yield from _slabs(block)
    yield from _counting(block["counting"])
    yield from _grids(block)
    yield from _start_sizes(block)
    yield from _talk(block["talk"])
    yield from _streams(block)
    animation = block["sphere"]["animation"]
    dimension = block["sphere"]["cases"][animation["case"]]["dimension"]
    if dimension != 3:
        yield f"sphere.animation.case: {animation['case']} has dimension {dimension}, the film needs 3; choose another case"


def _sweeps(block: Mapping[str, Any]) -> Iterator[str]:
    rates, heads = block["growth_rates"], block["multi_head"]
    positive = {
        "growth_rates.betas": rates["betas"],
        "growth_rates.staircase_betas": rates["staircase_betas"],
        "plateau_lifetime.betas": block["plateau_lifetime"]["betas"],
        "multi_head.repulsion.second_betas": heads["repulsion"]["second_betas"],
        "multi_head.turned.betas": heads["turned"]["betas"],
    }
    for key, sweep in positive.items():
        values = sweep_values(sweep)
        if not (values > 0).all():
            yield f"{key}: {values.min()} is out of bounds, beta must be > 0; set positive values"
        elif values.max() > MAX_RATE_BETA:
            yield f"{key}: {values.max()} is above the bound {MAX_RATE_BETA}; set smaller values"
    weights = sweep_values(heads["repulsion"]["weights"])
    if not ((weights >= 0) & (weights < 1)).all():
        yield "multi_head.repulsion.weights: a value is outside 0 to 1, from 1 on nothing attracts; set values ≥ 0 and < 1"


def _slabs(block: Mapping[str, Any]) -> Iterator[str]:
    for figure in ("plateau", "linear_phase"):
        slabs, runs = block[figure]["slabs"], block[figure]["runs"]
        if slabs > runs:
            yield f"{figure}.slabs: {slabs} is above the bound {figure}.runs = {runs}; set fewer slabs"


def _counting(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule["smallest_scale"] > rule["largest_scale"]:
        yield (
            f"counting.smallest_scale: {rule['smallest_scale']} is above the bound counting.largest_scale = "
            f"{rule['largest_scale']}; set a smaller number"
        )
    if rule["tightness"] > rule["smallest_scale"]:
        yield (
            f"counting.tightness: {rule['tightness']} is above the bound counting.smallest_scale = "
            f"{rule['smallest_scale']}; set a smaller number"
        )


def _grids(block: Mapping[str, Any]) -> Iterator[str]:
    pde = block["pde"]
    for cells in pde["order_cells"]:
        if pde["order_reference"] % cells or cells >= pde["order_reference"]:
            yield (
                f"pde.order_cells: {cells} does not divide pde.order_reference = {pde['order_reference']}; "
                "set a divisor below it"
            )


def _start_sizes(block: Mapping[str, Any]) -> Iterator[str]:
    """Sizes that must lie above the noise of the start, 1/sqrt(n)."""
    phase = block["linear_phase"]
    bounds = {
        "linear_phase.amplitude": (phase["amplitude"], phase["particles"] ** -0.5),
        # the largest of some twenty amplitudes is about 2/sqrt(n)
        "exit_time.size": (block["exit_time"]["size"], 2 * min(block["exit_time"]["particles"]) ** -0.5),
        "sphere.fit_power": (block["sphere"]["fit_power"], 1 / block["sphere"]["particles"]),
    }
    for key, (value, noise) in bounds.items():
        if value <= noise:
            yield f"{key}: {value} is not above the noise of the start, {noise:.3g}; set a larger number or more particles"


def _talk(talk: Mapping[str, Any]) -> Iterator[str]:
    for name, case in talk["particles"]["cases"].items():
        for key in ("steps", "histogram"):
            if case[key] % case["every"] or case[key] > case["steps"]:
                yield (
                    f"talk.particles.cases.{name}.{key}: {case[key]} is no multiple of every = {case['every']} up to "
                    f"steps = {case['steps']}; set one"
                )
    strengths = sweep_values(talk["feed_forward"]["strengths"])
    if strengths[0] != 0 or (strengths < 0).any():
        yield "talk.feed_forward.strengths: they begin with attention alone; set 0 first and values ≥ 0"


def _streams(block: Mapping[str, Any]) -> Iterator[str]:
    space_time, heads, talk = block["space_time"], block["multi_head"], block["talk"]
    asked = {
        "space_time": (space_time, (space_time["run"] + 1) * space_time["particles"]),
        "multi_head": (heads, heads["runs"] * heads["particles"]),
        "talk.particles": (talk["particles"], talk["particles"]["particles"]),
        "talk.pde": (talk["pde"], talk["pde"]["points"]),
    }
    for key, (settings, count) in asked.items():
        if settings["start"] == "torch_cuda" and count > CUDA_MAX_NUMBERS:
            yield f"{key}.start: torch_cuda gives {CUDA_MAX_NUMBERS} numbers, {count} are asked for; set another"


def _talk_size(talk: Mapping[str, Any]) -> JobRequest:
    """The largest of the topics: observed angles of the notebook's particles."""
    particles = talk["particles"]
    cases, count = particles["cases"].values(), particles["particles"]
    observed = max(case["steps"] // case["every"] for case in cases)
    steps = sum(case["steps"] for case in cases)
    return job_request(4 * 8 * observed * count, max(10.0, 5e-8 * steps * count))


def _circle_size(particles: int, runs: int, observations: float, each: float) -> JobRequest:
    """Runs on the circle: the starts of all of them are in memory, and what is observed of a few; ``each`` is seconds a particle."""
    return job_request((2 * runs + 8 * observations) * particles * 8, each * runs * particles)


def _sphere_size(sphere: Mapping[str, Any]) -> JobRequest:
    particles, dimension = sphere["particles"], max(case["dimension"] for case in sphere["cases"].values())
    observations = sphere["duration"] / sphere["interval"] + 20
    return job_request(
        2 * observations * particles * dimension * 8 + 8 * particles**2 * 8,
        1.5e-7 * sphere["runs"] * particles**2 * dimension,
    )


def _heads_size(heads: Mapping[str, Any]) -> JobRequest:
    """A slab of the larger of the two maps of two heads."""
    repulsion, turned = heads["repulsion"], heads["turned"]
    points = max(
        sweep_length(repulsion["second_betas"]) * sweep_length(repulsion["weights"]),
        sweep_length(turned["betas"]) * sweep_length(turned["turns"]),
    )
    runs = largest_slab(points, heads["slabs"]) * heads["runs"]
    return job_request(2 * runs * heads["particles"] * 8, 0.015 * runs * heads["particles"] / 512)


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What the jobs ask for whose memory or time grows with the configuration."""
    linear, plateau, noise, limit = (
        block[name] for name in ("linear_phase", "plateau", "plateau_noise", "mean_field_limit")
    )
    exits, space_time, pde = block["exit_time"], block["space_time"], block["pde"]
    counted = plateau["duration"] / plateau["interval"]
    runs_of_slab = len(linear["betas"]) * largest_slab(linear["runs"], linear["slabs"])
    return {
        "metastability_linear_phase_compute": _circle_size(linear["particles"], runs_of_slab, 1, 9e-7),
        "metastability_plateau_histogram_compute": _circle_size(
            plateau["particles"], largest_slab(plateau["runs"], plateau["slabs"]), counted, 1.8e-4
        ),
        "metastability_plateau_noise_compute": _circle_size(
            noise["particles"], noise["runs"] * len(noise["equivalent"]), noise["duration"] / noise["interval"], 8e-5
        ),
        "metastability_mean_field_limit_compute": largest_request(
            "index",
            {
                str(index): _circle_size(particles, limit["runs"], limit["observations"], 2.2e-6)
                for index, particles in enumerate(limit["particles"])
            },
        ),
        "metastability_exit_time_compute": _circle_size(sum(exits["particles"]), exits["runs"], 1, 1.7e-6),
        "metastability_metastable_clusters_compute": _circle_size(
            space_time["particles"], 1, space_time["observations"], 1e-4
        ),
        "metastability_pde_compute": _circle_size(pde["particles"], 1, pde["observations"], 5e-5),
        "metastability_sphere_clusters_compute": _sphere_size(block["sphere"]),
        "metastability_multi_head_compute": _heads_size(block["multi_head"]),
        "metastability_talk_particles_compute": _talk_size(block["talk"]),
    }
