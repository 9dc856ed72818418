"""The block ``experiments``: checks across its keys, and what its jobs ask a cluster for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.attention.validate import check_starts
from attention_atlas.errors import AtlasError
from attention_atlas.job_requests import JobRequest, job_request, largest_request
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
# Ends of the names of rules, and of the files of an experiment: no name may make one of another's
RULE_NAMES = re.compile(r"(.*_)?(compute|aggregate|claims|plot)")
FILE_NAMES = ("_runs", "_claims", "_snapshots", "_film")


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
        yield from _where(f"{key}.where", asked, claim.get("where") or {})


def _where(key: str, asked: Question, where: Mapping[str, Any]) -> Iterator[str]:
    sweeps = {sweep.key: sweep for sweep in asked.sweeps}
    for swept, wanted in where.items():
        if swept not in sweeps:
            yield f"{key}.{swept}: this key is not swept; name one of sweep"
            continue
        sweep, is_number = sweeps[swept], isinstance(wanted, int | float) and not isinstance(wanted, bool)
        if sweep.is_numeric and not is_number:
            yield f"{key}.{swept}: {wanted!r} is no number; give one near a value of the sweep"
        elif not sweep.is_numeric and wanted not in sweep.values:
            yield f"{key}.{swept}: {wanted!r} is no value of the sweep; give one of {', '.join(map(str, sweep.values))}"


def _names(names: Iterable[str]) -> Iterator[str]:
    """One line for each name that would make a rule or a file of another name."""
    known = set(names)
    for name in known:
        if RULE_NAMES.fullmatch(name):
            yield f"{name}: a name that ends so is one of the rules'; choose another"
        for end in FILE_NAMES:
            if name + end in known:
                yield f"{name}{end}: files of {name} have this name; choose another"
        if (found := re.fullmatch(r"(.*)_\d+", name)) and found[1] in known:
            yield f"{name}: jobs of {found[1]} have this name; choose another"


def _starts_checked(cell: Mapping[str, Any], runs: int) -> int:
    """How many runs' starts are made to see whether they can be: all where one array or one stream holds all of them."""
    together = (cell.get("starts") or {}).get("kind") in ("points", "torch_cpu", "torch_cuda", "numpy")
    return min(runs, max(1, MAX_CHECKED // (cell["tokens"] * cell["dimension"]))) if together else 1


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
    if (slabs := entry.get("slabs", 1)) > len(cells) * asked.runs:
        yield f"slabs: {slabs} is above the bound, there are {len(cells) * asked.runs} runs at all swept values; set fewer"
        return
    kept = "positions" in asked.observe
    if kept and (sized := [sweep.key for sweep in asked.sweeps if sweep.key in ("tokens", "dimension")]):
        yield f"observe: positions make no array where {sized[0]} is swept; leave positions out, or do not sweep it"
        return
    if kept and 8.0 * len(cells) * asked.runs * records * entry["tokens"] * entry["dimension"] > MAX_BYTES:
        yield "observe: the positions of all runs take more than 4 GB; observe fewer records or runs, or leave positions out"
        return
    times, seen = np.array([]), set()
    at_once = min(asked.runs, -(-len(cells) * asked.runs // slabs))
    for values in cells:
        cell = asked.cell_entry(values)
        setting = setting_of(cell, asked.runs, asked.observe, at_once)
        times = setting.times
        start = repr((cell["tokens"], cell["dimension"], cell.get("starts"), setting.space, setting.normalisation))
        if cell["tokens"] * cell["dimension"] <= MAX_CHECKED and start not in seen:
            seen.add(start)
            runs = asked.runs if "points" in (cell.get("starts") or {}) else _starts_checked(cell, asked.runs)
            check_starts(starts_of(cell, runs, np.arange(1)), setting)
    yield from _claims(asked, times)


def check(block: Mapping[str, Any]) -> list[str]:
    """One line for each experiment that cannot be, with the key inside the block first."""
    lines = list(_names(block))
    for name, entry in block.items():
        try:
            lines += [f"{name}.{line}" for line in _check_one(name, entry)]
        except AtlasError as error:
            lines.append(f"{name}.{in_key(error, entry)}")
    return lines


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Memory and time of a slab, ``experiments_<name>``, and of gathering it, ``experiments_<name>_table``.

    ``experiments_run_compute`` is a slab of any of them.
    """
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
    if block:
        every = {name: found[f"experiments_{name}"] for name in block}
        found["experiments_run_compute"] = largest_request("experiment", every)
    return found
