"""Snakemake's long errors as one line that says what to change.

Errors of the configuration and of jobs are lines already (``configuration``,
``jobs``). Left are those that Snakemake itself meets: a folder that a killed or
another run holds, a full disk, a folder that cannot be written, Ctrl-C.
"""

import atexit
import logging
import re
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

from attention_atlas.pipeline.jobs import FORBIDDEN, FULL, explain
from attention_atlas.pipeline.recovery import at_work

__all__ = ["Interruption", "PlainErrors", "plain_words"]

INTERRUPTED = "attention-atlas: interrupted; finished results are kept, run the same command again to go on"
LOCKED = "Directory cannot be locked"
TERMINATING = ("Terminating processes on user request", "Cancelling snakemake on user request")
SYSTEM_ERROR = re.compile(r"\[Errno (\d+)\] ([^:'\n]*)(?:: '([^'\n]*)')?")


def plain_words(text: str, arguments: Sequence[str]) -> str | None:
    """What to tell instead of an error of Snakemake; ``None`` where its own words must do.

    Parameters
    ----------
    text : what Snakemake says
    arguments : the command line of the run, without the program
    """
    if LOCKED in text:
        folder = Path.cwd()
        if runs := at_work(folder).runs:
            return (
                f"another run (process {runs[0]}) makes some of the same files in {folder}; wait for it, "
                f"end it with: kill -INT {runs[0]}, or work in another folder with --directory"
            )
        return f"a run in {folder} was killed; recover it with: {shlex.join(['./atlas', 'recover', *arguments])}"
    for number, reason, name in SYSTEM_ERROR.findall(text):
        if int(number) in FULL | FORBIDDEN:
            return explain(OSError(int(number), reason.strip(), name or None), "")
    return None


class PlainErrors(logging.Filter):
    """On the console's handler: takes the errors that ``plain_words`` knows off it, and says each once in plain words."""

    def __init__(self, arguments: Sequence[str]):
        super().__init__()
        self.arguments = arguments
        self.said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if text.startswith(TERMINATING):
            Interruption.happened()
            return False
        if record.levelno < logging.WARNING:
            return True
        if Interruption.told:  # jobs that were ended are no failures
            return False
        words = plain_words(text, self.arguments)
        if words is None:
            return True
        if words not in self.said:
            self.said.add(words)
            print(f"attention-atlas: {words}", file=sys.stderr, flush=True)
        return False


class Interruption:
    """Ctrl-C is one line, the last: below what the jobs say, instead of a traceback where no job runs yet."""

    told = False

    @classmethod
    def happened(cls) -> None:
        if not cls.told:
            cls.told = True
            atexit.register(print, INTERRUPTED, file=sys.stderr, flush=True)

    @classmethod
    def expect(cls) -> None:
        """Listen to Ctrl-C itself: a job that it ended may be reported before Snakemake says that it was interrupted."""

        def hear(number: int, frame: FrameType | None) -> NoReturn:
            cls.happened()
            raise KeyboardInterrupt

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                cls.happened()
            else:
                sys.__excepthook__(kind, error, trace)

        sys.excepthook = hook
        in_main = threading.current_thread() is threading.main_thread()
        if in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, hear)
