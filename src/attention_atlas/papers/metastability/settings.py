"""Checks across the keys of the block ``metastability``."""

from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.numerics.sweeps import sweep_values

__all__ = ["check"]

# e^{709} is the largest float; growth_rates.csv holds rates per unit of ordinary time.
LARGEST_RATE_BETA = 700.0
# The solver of the continuity equation wants its grid finer than the interaction.
CELLS_PER_MODE = 4


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _sweeps(block)
    yield from _slabs(block)
    yield from _counting(block["counting"])
    yield from _grids(block)
    yield from _start_sizes(block)
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
        elif values.max() > LARGEST_RATE_BETA:
            yield f"{key}: {values.max()} is above the bound {LARGEST_RATE_BETA}; set smaller values"
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
