"""A line on the console after each finished job: done, total and time left.

Snakemake counts jobs; the time left is an estimate from ``workflow/costs.csv``,
the seconds that each rule took in a full run, scaled by how fast this run is.
"""

import csv
import logging
import sys
import time
from pathlib import Path

from attention_atlas.pipeline.console_errors import PlainErrors
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
        self.begun: dict[int, float] = {}
        self.names: dict[int, str] = {}
        self.last = ""
        self.finished = 0.0
        self.started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        event = str(getattr(record, "event", "") or "")
        if event == "run_info":
            counts = getattr(record, "stats", None) or getattr(record, "per_rule_job_counts", None) or {}
            self.work = sum(self._cost(rule) * int(count) for rule, count in counts.items() if rule != "total")
        elif event == "job_info":
            self._begin(record)
        elif event == "job_finished":
            number = getattr(record, "job_id", -1)
            self.finished += self._cost(self.rules.get(number, ""))
            seconds = time.monotonic() - self.begun.get(number, self.started)
            self.last = f"{self.names.get(number, 'a job')} ({duration(seconds)})"
        elif event == "progress":
            self._print(getattr(record, "done", 0), getattr(record, "total", 0))

    def _begin(self, record: logging.LogRecord) -> None:
        number = getattr(record, "jobid", -1)
        self.rules[number] = str(getattr(record, "rule_name", ""))
        self.begun[number] = time.monotonic()
        wildcards = getattr(record, "wildcards", None) or {}
        self.names[number] = " ".join([self.rules[number], *(str(value) for value in dict(wildcards).values())])

    def _cost(self, rule: str) -> float:
        return self.costs.get(rule, USUAL_SECONDS)

    def _print(self, done: int, total: int) -> None:
        elapsed = time.monotonic() - self.started
        line = f"[atlas] {done} of {total} jobs done, {duration(elapsed)}"
        if done < total and self.finished > 0 and self.work > self.finished:
            line += f", about {duration(elapsed * (self.work - self.finished) / self.finished)} left"
        if self.last:
            line += f"; {self.last}"
        print(line, file=sys.stderr, flush=True)


class HideJobDetails(logging.Filter):
    """Keeps what Snakemake says of each job's inputs and outputs off the console; errors pass."""

    EVENTS = frozenset({"job_info", "job_started", "job_finished", "progress", "group_info"})
    LINES = ("Select jobs to execute", "Execute ", "Using shell:", "Rules claiming more threads")

    def filter(self, record: logging.LogRecord) -> bool:
        if str(getattr(record, "event", "") or "") in self.EVENTS:
            return False
        return record.levelno > logging.INFO or not str(record.msg).startswith(self.LINES)


def follow_progress(logger: logging.Logger, costs: Path, details: bool = False) -> None:
    """Attach a ``ProgressLine`` to Snakemake's logger, once, and unless ``details`` hide the details of jobs."""
    if any(isinstance(handler, ProgressLine) for handler in logger.handlers):
        return
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            if not details:
                handler.addFilter(HideJobDetails())
            handler.addFilter(PlainErrors(sys.argv[1:]))
    # Snakemake's log on a full disk: the traceback of each line that it cannot take would bury the one that says so
    logging.raiseExceptions = False
    logger.addHandler(ProgressLine(read_costs(costs)))
