"""The block ``studies`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from attention_atlas.job_requests import JobRequest, job_request
from attention_atlas.numerics.sweeps import sweep_length, sweep_values

__all__ = ["check", "log_values", "sizes"]

# Closer to 1 the modes of a density in noise.py do not hold its peak.
LARGEST_ORDER = 0.97


def log_values(sweep: Mapping[str, float]) -> np.ndarray:
    """The values of a sweep ``{first, last, count}``, equally spaced on a logarithmic scale, both ends included."""
    return np.geomspace(sweep["first"], sweep["last"], int(sweep["count"]))


def _hardmax(block: Mapping[str, Any]) -> Iterator[str]:
    for row, tokens in block["rows"].items():
        for place, token in enumerate(tokens):
            for entry in token:
                if isinstance(entry, str) and entry.endswith("/0"):
                    yield f"hardmax.rows.{row}[{place}]: {entry} is a division by 0; give another number"
    latest = max(block["shown_steps"])
    if latest > block["steps"]:
        yield f"hardmax.shown_steps: {latest} is above the bound hardmax.steps = {block['steps']}; set smaller numbers"


def _causal(block: Mapping[str, Any]) -> Iterator[str]:
    circle = block["circle"]
    latest = max(circle["shown_times"])
    if latest > circle["last_time"]:
        yield (
            f"causal.circle.shown_times: {latest:g} is above the bound causal.circle.last_time = "
            f"{circle['last_time']:g}; set smaller times"
        )
    frozen = block["frozen"]
    if frozen["shown_cars"] not in frozen["cars"]:
        yield f"causal.frozen.shown_cars: {frozen['shown_cars']:g} is none of causal.frozen.cars; choose one of them"


def _noise(block: Mapping[str, Any]) -> Iterator[str]:
    particles = block["particles"]
    if particles["shown_beta"] not in particles["betas"]:
        yield f"noise.particles.shown_beta: {particles['shown_beta']:g} is none of noise.particles.betas; choose one of them"
    for share in particles["shown_shares"]:
        if share not in particles["shares"]:
            yield f"noise.particles.shown_shares: {share:g} is none of noise.particles.shares; choose some of them"
    for name in ("states", "particles", "sphere"):
        orders = sweep_values(block[name]["orders"])
        if orders.min() <= 0 or orders.max() > LARGEST_ORDER or (np.diff(orders) <= 0).any():
            yield f"noise.{name}.orders: they must increase, above 0 to {LARGEST_ORDER}; change first and last"


def _emergence(block: Mapping[str, Any]) -> Iterator[str]:
    for name, rows in block["values"].items():
        if any(len(row) != len(rows) for row in rows):
            yield f"emergence.values.{name}: a row has not {len(rows)} entries; give as many as there are rows"
    for name, size in (("polytope", 2), ("polytope_3d", 3), ("mixed", 3)):
        if len(block["values"][name]) != size:
            yield f"emergence.values.{name}: has {len(block['values'][name])} rows, it is drawn in {size} dimensions; give {size}"


def _emergence_leaders(block: Mapping[str, Any]) -> Iterator[str]:
    if (np.diff(block["leaders"]["shown_times"]) <= 0).any():
        yield "emergence_leaders.leaders.shown_times: they do not increase; sort them"


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _hardmax(block["hardmax"])
    yield from _causal(block["causal"])
    yield from _noise(block["noise"])
    yield from _emergence(block["emergence"])
    yield from _emergence_leaders(block["emergence_leaders"])


def _sizes_of_flows(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Jobs of hardmax, causal attention and normalisation."""
    chance = block["hardmax"]["random"]
    numbers = chance["runs"] * chance["steps"] * chance["tokens"]
    circle, parking, atlas = block["causal"]["circle"], block["causal"]["parking"], block["causal"]["values"]["atlas"]
    frozen = block["causal"]["frozen"]
    pairs = circle["runs"] * circle["tokens"] ** 2 / 2
    cars = parking["runs"] * parking["tokens"] * parking["betas"]["last"] / parking["cars"] ** 2
    equal, random = block["normalisation"]["flows"]["equal_angles"], block["normalisation"]["random"]
    steps = random["runs"] * random["last_time"] / random["step"]
    work = random["tokens"] * random["dimension"] * (random["tokens"] + random["dimension"])
    return {
        "studies_hardmax_compute": job_request(8 * numbers * (12 + 3 * chance["tokens"]), 1e-5 * numbers),
        "studies_causal_circle_compute": job_request(
            16 * circle["runs"] * circle["tokens"] * (circle["records"] + 10),
            4e-9 * pairs * circle["last_time"] / circle["step"],
        ),
        "studies_causal_parking_compute": job_request(1e3 * parking["tokens"], 3.2e-8 * cars),
        "studies_causal_frozen_compute": job_request(
            1e3 * frozen["tokens"] ** 2, 2.6e-5 * len(frozen["cars"]) * frozen["runs"] * frozen["tokens"] ** 2
        ),
        "studies_causal_values_compute": job_request(
            1e8, 1e-7 * atlas["ends"]["runs"] * atlas["tokens"] ** 2 * atlas["last_time"] / 20
        ),
        "studies_norm_flows_compute": job_request(
            64 * equal["tokens"] ** 2, 2e-8 * equal["tokens"] ** 3 * equal["particle_time"] / 40
        ),
        "studies_norm_random_compute": job_request(64 * random["runs"] * random["dimension"] ** 2, 7e-9 * steps * work),
    }


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What each computing job of ``workflow/figures/studies.yaml`` asks for."""
    states, particles, sphere = (block["noise"][name] for name in ("states", "particles", "sphere"))
    branches = len(states["betas"]) + sweep_length(states["phase_betas"]) + 8
    runs = len(particles["shares"]) * (len(particles["betas"]) + len(particles["both_starts"]))
    context, scales, free = block["long_context"], block["multiscale"], block["emergence"]
    many = block["emergence_leaders"]["sparse"]
    plane, largest = context["plane"], max(context["sparse"]["sizes"])
    cells = sweep_length(plane["rhos"]) * sweep_length(plane["gammas"])
    pairs = 20 * scales["heat"]["backward"]["tokens"] ** 2 + 40 * scales["alignment"]["tokens"] ** 2
    waiting = 10 * scales["energy"]["records"] * scales["energy"]["tokens"] ** 2
    return {
        **_sizes_of_flows(block),
        "studies_noise_states_compute": job_request(1e7, 1.5e-3 * branches * sweep_length(states["orders"])),
        "studies_noise_sphere_compute": job_request(
            1e7, 5e-4 * sweep_length(sphere["orders"]) * len(sphere["dimensions"]) * (len(sphere["beta_shares"]) + 1)
        ),
        "studies_noise_particles_compute": job_request(
            48 * particles["tokens"] * particles["records"],
            1.2e-7 * runs * particles["tokens"] * particles["last_time"] / particles["step"],
        ),
        "studies_long_context_compute": job_request(
            100 * plane["gradient_tokens"] ** 2 + 48 * largest * context["random"]["dimension"],
            2.5e-9
            * (cells * plane["tokens"] ** 2 * sum(plane["dimensions"]) + largest**2 * context["random"]["dimension"]),
        ),
        "studies_multiscale_compute": job_request(2e8, 4e-7 * pairs / 10 + 8e-9 * waiting),
        "studies_emergence_leaders_compute": job_request(
            64 * many["tokens"] * (many["tokens"] + many["dimension"] * many["time"] / many["step"]),
            4e-9
            * many["tokens"]
            * many["dimension"]
            * (many["tokens"] + many["dimension"])
            * many["time"]
            / many["step"],
        ),
        "studies_emergence_compute": job_request(1e8, 1e-4 * free["many"]["runs"] * free["tokens"] ** 2),
    }
