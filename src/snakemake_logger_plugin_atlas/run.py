"""What the events of a run tell: which jobs are done, about how long the rest takes, which have failed and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging import LogRecord
from pathlib import Path
from typing import NamedTuple

from snakemake_interface_logger_plugins.common import LogEvent

from attention_atlas.job_requests import JobRequest
from attention_atlas.pipeline.jobs import INTERRUPTED, PREFIX, USAGE, last_word
from attention_atlas.progress import duration
from snakemake_logger_plugin_atlas.surroundings import FULL, disk_is_full

__all__ = ["Failure", "Job", "Run", "Work"]

# Nothing is said about the time left before this share of the work is done.
SHARE_BEFORE_ESTIMATE = 0.03
# What a job takes beside its computing, in seconds: Python, its libraries, files.
START = 1.5
NAMES_SHOWN = 3
# Seconds by which the clock of a file system may differ from ours
CLOCKS_APART = 60.0


@dataclass
class Job:
    """A job that was started: its rule, its name with wildcards, cores that it holds, when it began (Unix time), expected core-seconds."""

    rule: str
    name: str
    cores: int
    begun: float
    expected: float


@dataclass
class Failure:
    """A job that failed, the reason in one line, and whether the reason is the job's own word."""

    name: str
    reason: str
    explained: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Work(NamedTuple):
    """A finished job: core-seconds that it took, and that were expected."""

    rule: str
    seconds: float
    expected: float


def computes(rule: str) -> bool:
    """Whether a rule computes, and may compile kernels on the way; drawing, gathering and judging do not."""
    return rule.endswith("_compute")


def pace_of(done: list[Work]) -> float:
    """Seconds taken for a second expected."""
    return sum(work.seconds for work in done) / sum(work.expected for work in done)


def is_of_this_run(log: Path, begun: float) -> bool:
    """Whether a log was written since its job began, and is not what an earlier run has left."""
    try:
        return log.stat().st_mtime > begun - CLOCKS_APART
    except OSError:
        return False


def reason_of(logs: list[str], begun: float = 0.0) -> tuple[str, bool]:
    """Why a job failed, in one line, and whether that is its own word.

    Parameters
    ----------
    logs : its log, and on a cluster that of the job of Slurm
    begun : when it began, Unix time
    """
    line = last_word(Path(logs[0])) if logs and is_of_this_run(Path(logs[0]), begun) else None
    details = f"; details in {logs[-1]}" if logs else ""
    if line is not None and line.startswith(PREFIX):
        return line.removeprefix(PREFIX), True
    if line is not None and USAGE.fullmatch(line):
        return f"it ended well, but not its group on the cluster, or the run{details}", True
    if disk_is_full():
        return FULL, False
    if line is None:
        return f"it did not begin, or was killed at once{details}", False
    return f"it ended without a word, as a job does that is killed, for its memory (mem_mb) or by hand{details}", False


@dataclass
class Run:
    """State of a run.

    Parameters
    ----------
    stats : jobs planned of each rule, and ``total``
    begun : when the run began, Unix time
    computing : what the jobs of a rule compute, from the sizes in the configuration; next to nothing for rules not in it
    local : whether jobs run here, not on a cluster, where those that were sent may wait
    """

    stats: Mapping[str, int]
    begun: float
    computing: Mapping[str, JobRequest] = field(default_factory=dict)
    local: bool = True
    done: int = 0
    total: int = 0
    running: dict[int, Job] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    failures: dict[int, Failure] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    most_cores: int = 0

    def __post_init__(self) -> None:
        self.planned = Counter({rule: count for rule, count in self.stats.items() if rule != "total"})
        self.total = self.planned.total()
        # what is expected of the jobs of each rule that are not done
        self.ahead = {rule: count * self.expected(rule) for rule, count in self.planned.items()}
        self.expected_in_all = sum(self.ahead.values())

    def follow(self, record: LogRecord) -> None:
        """Take note of one event of Snakemake."""
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_INFO:
            self._start(record)
        elif event == LogEvent.JOB_FINISHED:
            self._finish(getattr(record, "job_id", -1), record.created)
        elif event == LogEvent.JOB_ERROR:
            self._fail(record)
        elif event == LogEvent.PROGRESS:
            self.done = getattr(record, "done", self.done)
            self.total = getattr(record, "total", self.total)

    def _start(self, record: LogRecord) -> None:
        number, rule = getattr(record, "jobid", -1), str(getattr(record, "rule_name", ""))
        wildcards = {key: str(value) for key, value in (getattr(record, "wildcards", None) or {}).items()}
        name = " ".join([rule, *wildcards.values()])
        cores = int(getattr(record, "threads", 1) or 1)
        self.running[number] = Job(rule, name, cores, record.created, self.expected(rule, wildcards))
        self.most_cores = max(self.most_cores, sum(job.cores for job in self.running.values()))
        self.names[number] = name

    def _finish(self, number: int, now: float) -> None:
        self.failures.pop(number, None)  # an earlier attempt
        job = self.running.pop(number, None)
        if job is None:
            return
        seconds = now - job.begun
        self.work.append(Work(job.rule, seconds * job.cores, job.expected))
        self.planned[job.rule] -= 1
        # in a run that goes on they may be other jobs than those that were averaged
        left = self.ahead.get(job.rule, 0.0) - job.expected
        self.ahead[job.rule] = max(left, START * self.planned[job.rule])
        self.finished.append(f"{job.name} ({duration(seconds)})")

    def _fail(self, record: LogRecord) -> None:
        number = getattr(record, "jobid", -1)
        job = self.running.pop(number, None)
        name = self.names.get(number, str(getattr(record, "rule_name", "a job")))
        reason, explained = reason_of(list(getattr(record, "log", None) or []), job.begun if job else 0.0)
        if reason != INTERRUPTED:
            self.failures[number] = Failure(name, reason, explained)

    def expected(self, rule: str, wildcards: Mapping[str, str] | None = None) -> float:
        """Core-seconds that a job of a rule, or its jobs on average, are expected to take where the sizes were measured."""
        size = self.computing.get(rule)
        if size is None:
            return START
        return START + (size.seconds if wildcards is None else size.seconds_of(wildcards))

    def seconds_left(self, now: float) -> float | None:
        """Estimate of the time left; None while too little is known.

        How far finished jobs were from what was expected of them is taken to hold for others of their kind; a rule's own finished jobs
        correct this for its next ones, against one job as expected. What has been done so far by the second is taken to go on; in a run on
        one machine the speed is half-way between that and the most cores that were ever busy, since a long job on one core at the beginning
        says little.
        """
        expected = sum(work.expected for work in self.work)
        if not self.work or expected < SHARE_BEFORE_ESTIMATE * self.expected_in_all or now <= self.begun:
            return None
        pace = {
            kind: pace_of([w for w in self.work if computes(w.rule) == kind] or self.work) for kind in (True, False)
        }
        left, paces = 0.0, {}
        for rule, ahead in self.ahead.items():
            usual = self.expected(rule)
            one = Work(rule, pace[computes(rule)] * usual, usual)
            paces[rule] = pace_of([one, *(work for work in self.work if work.rule == rule)])
            left += paces[rule] * ahead
        done = sum(work.seconds for work in self.work)
        for job in self.running.values():
            since = job.cores * (now - job.begun)
            done += since
            left -= min(since, paces.get(job.rule, 0.0) * job.expected)
        speed = done / (now - self.begun)
        if self.local:
            speed = (speed + self.most_cores) / 2
        return left / speed if speed > 0 else None

    def progress_line(self, now: float) -> str:
        """Jobs done, of how many, the time left, and which have just finished."""
        line = f"[atlas] {self.done} of {self.total} jobs done, {duration(now - self.begun)}"
        left = self.seconds_left(now)
        if left is not None and self.done < self.total:
            line += f", about {duration(left)} left"
        more = len(self.finished) - NAMES_SHOWN
        names = [*self.finished[:NAMES_SHOWN], *([f"{more} more"] if more > 0 else [])]
        self.finished.clear()
        return f"{line}; {', '.join(names)}" if names else line

    def closing_lines(self, command: str, stopped: bool = False) -> list[str]:
        """The last lines of a run that did not finish: what failed, why, and how to go on.

        Parameters
        ----------
        command : the command line of the run, if it is known
        stopped : whether an error that no job reported has ended the run; Snakemake has told of it
        """
        kept = f"finished results are kept, go on with: {command or 'the same command'}"
        if self.failures:
            count = f"{len(self.failures)} job{'s' if len(self.failures) > 1 else ''} failed"
            lines = [f"[atlas]   {failure}" for failure in self.failures.values()]
            return [f"[atlas] {count}, {self.done} of {self.total} are done:", *lines, f"[atlas] {kept}"]
        if self.done >= self.total:
            return []
        if stopped:
            return [f"[atlas] stopped, {self.done} of {self.total} jobs are done; {kept}"]
        # nothing failed of itself: Ctrl-C, or a signal to Snakemake alone
        return [f"attention-atlas: interrupted; {kept}"]
