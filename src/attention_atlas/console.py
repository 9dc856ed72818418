"""A line on the console after each finished job: done, total and time left.

Snakemake counts jobs; the time left is an estimate from ``workflow/costs.csv``,
the seconds that each rule took in a full run, scaled by how fast this run is.
"""

import csv
import logging
import sys
import time
from pathlib import Path

from attention_atlas.progress import duration

__all__ = ["ProgressLine", "follow_progress", "read_costs"]

# A rule that the table does not know: about what a small drawing rule takes.
USUAL_SECONDS = 3.0


def read_costs(path: Path) -> dict[str, float]:
    """Seconds for each rule; empty if the table is missing."""
    if not path.is_file():
        return {}
    with path.open() as stream:
        return {row["rule"]: float(row["seconds"]) for row in csv.DictReader(stream)}


class ProgressLine(logging.Handler):
    """Listens to Snakemake's log events and prints one line for each finished job."""

    def __init__(self, costs: dict[str, float]):
        super().__init__(logging.INFO)
        self.costs = costs
        self.work = 0.0
        self.rules: dict[int, str] = {}
        self.finished = 0.0
        self.started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        event = str(getattr(record, "event", "") or "")
        if event == "run_info":
            counts = getattr(record, "stats", None) or getattr(record, "per_rule_job_counts", None) or {}
            self.work = sum(self._cost(rule) * int(count) for rule, count in counts.items() if rule != "total")
        elif event == "job_info":
            self.rules[getattr(record, "jobid", -1)] = getattr(record, "rule_name", "")
        elif event == "job_finished":
            self.finished += self._cost(self.rules.get(getattr(record, "job_id", -1), ""))
        elif event == "progress":
            self._print(getattr(record, "done", 0), getattr(record, "total", 0))

    def _cost(self, rule: str) -> float:
        return self.costs.get(rule, USUAL_SECONDS)

    def _print(self, done: int, total: int) -> None:
        elapsed = time.monotonic() - self.started
        line = f"[atlas] {done} of {total} jobs, {duration(elapsed)}"
        if done < total and self.finished > 0 and self.work > self.finished:
            line += f", about {duration(elapsed * (self.work - self.finished) / self.finished)} left"
        print(line, file=sys.stderr, flush=True)


def follow_progress(logger: logging.Logger, costs: Path) -> None:
    """Attach a ``ProgressLine`` to Snakemake's logger, once."""
    if not any(isinstance(handler, ProgressLine) for handler in logger.handlers):
        logger.addHandler(ProgressLine(read_costs(costs)))
