"""The block ``studies`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from attention_atlas.job_requests import JobRequest, job_request

__all__ = ["check", "log_values", "sizes"]


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


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _hardmax(block["hardmax"])


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What each job of ``workflow/rules/studies.smk`` asks for."""
    chance = block["hardmax"]["random"]
    numbers = chance["runs"] * chance["steps"] * chance["tokens"]
    return {
        "studies_hardmax": job_request(8 * numbers * (12 + 3 * chance["tokens"]), 1e-6 * numbers),
    }
