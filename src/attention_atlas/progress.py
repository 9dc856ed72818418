"""Progress of a long kernel: done, total and time left, as lines in the job's log."""

import sys
import time
from typing import IO

__all__ = ["Progress", "duration"]


def duration(seconds: float) -> str:
    """'8 s', '2:05 min' or '3:20:10 h'."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d} h"


class Progress:
    """Counts finished work and writes a line at most every ``every`` seconds.

    Call it with the number of units done so far, from Python, between the
    chunks of a kernel: ``progress(done)``. A second argument replaces the
    total. The last line is always written.
    """

    def __init__(self, label: str, total: int, unit: str = "steps", every: float = 5.0, stream: IO[str] | None = None):
        self.label, self.total, self.unit, self.every = label, total, unit, every
        self.stream = stream if stream is not None else sys.stderr
        self.started = time.monotonic()
        self.last = float("-inf")

    def __call__(self, done: int, total: int | None = None) -> None:
        if total is not None:
            self.total = total
        now = time.monotonic()
        if done < self.total and now - self.last < self.every:
            return
        self.last = now
        elapsed = now - self.started
        left = elapsed * (self.total - done) / done if done else float("nan")
        rest = (
            "finished in " + duration(elapsed)
            if done >= self.total
            else f"{duration(left)} left"
            if done
            else "starting"
        )
        share = 100 * done / self.total if self.total else 100.0
        print(f"{self.label}: {done}/{self.total} {self.unit} ({share:.0f} %), {rest}", file=self.stream, flush=True)
