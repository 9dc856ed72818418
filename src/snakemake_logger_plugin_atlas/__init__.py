"""The console of a run, as a logger plugin of Snakemake: ``--logger atlas``, which ``profiles/default`` asks for.

One line a finished job with what is done and about how long the rest takes; at the end the jobs that failed, why, and how to go
on. ``--logger-atlas-details``, and every dry run, shows inputs, outputs and reasons of all jobs in Snakemake's own words.
"""

import logging
import os
import sys
from dataclasses import dataclass, field
from logging import LogRecord
from pathlib import Path

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

from attention_atlas.errors import COMMAND_VARIABLE
from attention_atlas.pipeline.expectations import COMPUTING, TARGETS
from snakemake_logger_plugin_atlas.run import Run
from snakemake_logger_plugin_atlas.surroundings import (
    FULL,
    disk_is_full,
    is_system_error,
    last_line,
    near_target,
    remedy,
)

__all__ = ["LogHandler", "LogHandlerSettings"]


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """What ``snakemake --help`` lists for this plugin."""

    details: bool = field(
        default=False, metadata={"help": "Show inputs, outputs and reasons of every job, as Snakemake words them."}
    )


class LogHandler(LogHandlerBase):
    """Snakemake calls ``emit`` for each of its log records, in one thread, and ``close`` at the end of the run."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        self.stream = sys.stdout if self.common_settings.stdout else sys.stderr
        self.details = isinstance(self.settings, LogHandlerSettings) and self.settings.details
        self.run: Run | None = None
        self.command = os.environ.get(COMMAND_VARIABLE, "").strip()
        self.unexplained: list[str] = []
        self.stopped, self.local = False, True
        # Python's own variable: on a full disk each line that Snakemake's log cannot take would bring a traceback
        logging.raiseExceptions = False

    def emit(self, record: LogRecord) -> None:
        try:
            self._follow(record)
            if text := self._text(record):
                self._write(text)
        except Exception as error:
            # an error must not end the thread that calls this
            self._write(f"[atlas] fault of the console ({type(error).__name__}: {error}); .snakemake/log has all lines")

    def close(self) -> None:
        """Say how the run ended; called more than once."""
        run, self.run = self.run, None
        if run is not None:
            stopped = self.stopped or bool(self.unexplained)
            for line in [*self.unexplained, *run.closing_lines(self.command, stopped)]:
                self._write(line)
        super().close()

    def _write(self, text: str) -> None:
        code = getattr(self.stream, "encoding", None) or "utf-8"
        try:  # a name may hold what the console cannot show
            print(text.encode(code, "backslashreplace").decode(code), file=self.stream, flush=True)
        except (OSError, ValueError):  # the reader has gone, or the stream is closed
            return

    def _follow(self, record: LogRecord) -> None:
        """Note what the events tell of the run, whichever view is shown."""
        event = getattr(record, "event", None)
        if event == LogEvent.WORKFLOW_STARTED and not self.command:
            program, _, arguments = str(getattr(record, "cmd", "")).partition(" ")
            # ``python -m snakemake`` is the program __main__.py
            self.command = f"{Path(program).name.replace('__main__.py', 'python -m snakemake')} {arguments}".strip()
        elif event == LogEvent.RESOURCES_INFO and hasattr(record, "nodes"):
            self.local = False
        elif event == LogEvent.RUN_INFO and not self.common_settings.dryrun:
            self.run = Run(getattr(record, "stats", {}), record.created, COMPUTING, self.local)
        elif self.run is not None:
            self.run.follow(record)

    def _text(self, record: LogRecord) -> str | None:
        """What the console shows of a record, if anything."""
        event = getattr(record, "event", None)
        if self.details:
            return self._snakemakes_words(record)
        if event == LogEvent.WORKFLOW_STARTED:
            return None
        if event == LogEvent.ERROR:
            return self._error(record)
        if self.run is None or (event is None and record.levelno > logging.INFO):
            return self._snakemakes_words(record) if event is None or self.common_settings.dryrun else None
        return self._of_jobs(self.run, record)

    def _snakemakes_words(self, record: LogRecord) -> str | None:
        text = self.format(record)
        return None if text == "None" else text  # an event without a message

    def _of_jobs(self, run: Run, record: LogRecord) -> str | None:
        """A line when a job has ended; none for what the scheduler remarks between them."""
        event = getattr(record, "event", None)
        if event == LogEvent.RUN_INFO:
            return f"[atlas] {run.total} jobs of {len(run.planned)} rules"
        if event == LogEvent.PROGRESS:
            return run.progress_line(record.created)
        if event == LogEvent.JOB_ERROR:
            cause = self.unexplained.pop(0) if self.unexplained else None
            failure = run.failures.get(getattr(record, "jobid", -1))
            if failure is not None:
                line = f"[atlas] failed: {failure}"
                return line if failure.explained or cause is None else f"{cause}\n{line}"
        return None

    def _error(self, record: LogRecord) -> str | None:
        """An error in Snakemake's words, but one of the system in one line: its traceback helps nobody."""
        text, kind = self.format(record), str(getattr(record, "exception", ""))
        if is_system_error(kind):
            self.stopped = True
            return f"attention-atlas: {remedy(text)}"
        if kind == "MissingRuleException":
            return f"attention-atlas: {last_line(text)}; {near_target(text, TARGETS)}"
        if text.startswith("Traceback "):  # an error that Snakemake does not expect
            self.stopped = True
            return f"attention-atlas: {last_line(text)} (where it comes from: --logger-atlas-details)"
        if kind == "RuleException" and self.run is not None:
            # of a job, whose log may say more plainly why it failed
            self.unexplained.append(f"attention-atlas: {FULL}" if disk_is_full() else text)
            return None
        # the last word of a run that did not finish, whatever the reason, is a WorkflowError
        self.stopped |= kind != "WorkflowError"
        return text
