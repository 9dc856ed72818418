"""The block ``experiments``: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.attention.validate import check_starts
from attention_atlas.errors import AtlasError
from attention_atlas.job_requests import JobRequest, job_request
from attention_atlas.papers.experiments.question import (
    Question,
    expected_seconds,
    in_key,
    question,
    setting_of,
)
from attention_atlas.papers.experiments.starts import starts_of

__all__ = ["check", "sizes"]

MAX_CELLS, MAX_ROWS, MAX_BYTES = 10_000, 3_000_000, 4e9
# Starts of so many coordinates are made once to see whether they can be
MAX_CHECKED = 1_000_000
VERDICTS = ("expected", "at_least", "at_most")


def _claims(asked: Question, times: np.ndarray) -> Iterator[str]:
    for place, claim in enumerate(asked.entry.get("claims") or []):
        key = f"claims[{place}]"
        given = [name for name in VERDICTS if name in claim]
        if len(given) != 1:
            yield f"{key}: it has {' and '.join(given) or 'no bound'}; give exactly one of expected, at_least, at_most"
        if claim["observe"] not in asked.numbers:
            yield f"{key}.observe: {claim['observe']} is not observed; add it to observe: {', '.join(asked.numbers)}"
        if "tolerance" in claim and "expected" not in claim:
            yield f"{key}.tolerance: it belongs to expected; leave it out"
        at = claim.get("at", "last")
        if not isinstance(at, str) and not times[0] <= at <= times[-1]:
            yield f"{key}.at: {at} lies outside the times {times[0]:g} to {times[-1]:g}; choose one there, first or last"
        for swept in claim.get("where") or {}:
            if swept not in [sweep.key for sweep in asked.sweeps]:
                yield f"{key}.where.{swept}: this key is not swept; name one of sweep"


def _check_one(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one entry; the first line says most."""
    asked = question(name, entry)
    cells, records = asked.cells(), asked.records
    if len(cells) > MAX_CELLS:
        yield f"sweep: {len(cells)} combinations, the bound is {MAX_CELLS}; give fewer values"
        return
    if len(cells) * records * max(1, len(asked.numbers)) > MAX_ROWS:
        yield f"sweep: {len(cells) * records * len(asked.numbers)} rows of results, the bound is {MAX_ROWS}; give fewer values or records"
        return
    if not asked.numbers:
        yield "observe: the positions alone leave nothing to draw; add an observable such as clusters"
        return
    kept = "positions" in asked.observe
    if kept and 8.0 * len(cells) * asked.runs * records * entry["tokens"] * entry["dimension"] > MAX_BYTES:
        yield "observe: the positions of all runs take more than 4 GB; observe fewer records or runs, or leave positions out"
        return
    times = np.array([])
    for values in cells:
        cell = asked.cell_entry(values)
        setting = setting_of(cell, 1, asked.observe)
        times = setting.times
        if cell["tokens"] * cell["dimension"] <= MAX_CHECKED:
            check_starts(starts_of(cell, 1), setting)
    yield from _claims(asked, times)


def check(block: Mapping[str, Any]) -> list[str]:
    """One line for each experiment that cannot be, with the key inside the block first."""
    lines = []
    for name, entry in block.items():
        try:
            lines += [f"{name}.{line}" for line in _check_one(name, entry)]
        except AtlasError as error:
            lines.append(f"{name}.{in_key(error)}")
    return lines


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Memory and time of a slab, ``experiments_<name>``, and of gathering it, ``experiments_<name>_table``."""
    found = {}
    for name, entry in block.items():
        asked = question(name, entry)
        cells = [asked.cell_entry(values) for values in asked.cells()]
        slabs = entry.get("slabs", 1)
        numbers = 8.0 * len(cells) * asked.runs * asked.records * (len(asked.observe) + 1)
        tokens = max(cell["tokens"] * cell["dimension"] for cell in cells)
        positions = asked.runs * len(cells) * asked.records * tokens * 8.0 if "positions" in asked.observe else 0.0
        seconds = sum(expected_seconds(cell, asked.runs) for cell in cells) / slabs
        # a few copies of the tokens of the runs of one combination, and one run at all times
        held = 20.0 * 8 * asked.runs * tokens + 8.0 * asked.records * tokens
        found[f"experiments_{name}"] = job_request(held + (2 * numbers + positions) / slabs, seconds)
        found[f"experiments_{name}_table"] = job_request(4 * numbers + 2 * positions, 5e-6 * numbers)
    return found
