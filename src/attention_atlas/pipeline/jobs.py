"""Surroundings of one job: its log, its threads, and one clear line when it fails."""

import errno
import gc
import importlib
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from attention_atlas.errors import AtlasError

__all__ = ["explain", "job", "last_word", "named_function", "usage_from_log", "use_threads"]

PREFIX = "attention-atlas: "
INTERRUPTED = "interrupted"

USAGE = re.compile(r"^used ([\d.]+) s of processor time and at most ([\d.]+) MB of memory$", re.MULTILINE)

# By itself Python looks for garbage after every 700 new objects, a tenth of the time of compiling kernels.
GARBAGE_THRESHOLDS = (50_000, 20, 20)

# Errors of the system that a user can mend: the disk is full; the folder must not be written.
FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def named_function(name: str) -> Callable[..., Any]:
    """The function that a row names as ``module:function``, the module below ``attention_atlas``."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"attention_atlas.{module}"), function)
    return found


def use_threads(threads: int) -> None:
    """Give Numba exactly ``threads`` threads (at most as many as the machine has).

    Where Numba is not loaded yet (importing it costs half a second that a drawing does not need)
    the number waits in its environment variable.
    """
    if "numba" not in sys.modules:
        os.environ["NUMBA_NUM_THREADS"] = str(max(1, min(threads, os.cpu_count() or 1)))
        return
    import numba

    numba.set_num_threads(max(1, min(threads, numba.config.NUMBA_NUM_THREADS)))


def explain(error: BaseException, log: str | os.PathLike[str]) -> str:
    """One line for the console: what failed and what to change."""
    text = " ".join(str(error).split())
    if isinstance(error, AtlasError):
        return text
    if isinstance(error, MemoryError):
        return f"out of memory ({text or 'no details'}); use more slabs, or give the rule more memory (mem_mb)"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        if error.errno in FULL:
            return f"{where}the disk is full; free some space and run the same command again, finished results are kept"
        if error.errno in FORBIDDEN:
            return f"{where}cannot be written or read ({error.strerror}); check the permissions of the results folder"
    return f"{type(error).__name__}: {text}; details in {log}"


def _usage() -> str:
    """What this process and those it has waited for used, by the kernel's own account; ``USAGE`` reads it."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in both)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes or kilobytes
    return f"used {seconds:.2f} s of processor time and at most {max(one.ru_maxrss for one in both) / unit:.1f} MB of memory\n"


def usage_from_log(costs: Path, logs: Path) -> tuple[float, float] | None:
    """Processor seconds and megabytes at most of a job that succeeded, from its log; None where it does not say.

    ``costs`` is Snakemake's benchmark file of the job, <rule>/<job>.tsv, beside which <rule>.log or <rule>/<job>.log stands in ``logs``.
    """
    rule, name = costs.parent.name, costs.stem
    log = logs / (f"{rule}.log" if name == "job" else f"{rule}/{name}.log")
    try:
        found = USAGE.findall(log.read_text(errors="replace"))
    except OSError:
        return None
    return (float(found[-1][0]), float(found[-1][1])) if found else None


def last_word(log: Path) -> str | None:
    """The last line of a job's log: why it failed (after ``PREFIX``), what it used (``USAGE``), or anything if it was killed.

    None if there is no log.
    """
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return lines[-1] if lines else ""


def _can_be_mended(error: BaseException) -> bool:
    """Whether the line says all there is to say: then the log needs no traceback."""
    return isinstance(error, AtlasError) or (isinstance(error, OSError) and error.errno in FULL | FORBIDDEN)


def _origin(error: BaseException) -> BaseException:
    """The full disk behind an error, if there is one: a compressor, say, that cannot finish its file complains of itself."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen:
        if isinstance(link, OSError) and link.errno in FULL:
            return link
        seen.append(link)
        link = link.__cause__ or link.__context__
    return error


def _fail(error: BaseException, path: Path, console: int, stream: IO[str] | None) -> NoReturn:
    """One line on the console and, if it can be written, in the log after what there is to trace; exit status 1."""
    error = _origin(error)
    line = f"{PREFIX}{explain(error, path)}\n"
    os.write(console, line.encode())
    if stream is not None:
        with suppress(OSError):
            if not _can_be_mended(error):
                traceback.print_exception(error, file=stream)
            stream.write(line)
    raise SystemExit(1)


@contextmanager
def job(log: str | os.PathLike[str], threads: int = 1) -> Iterator[None]:
    """Run a script's work with its output in ``log`` and Numba on ``threads`` threads.

    An error becomes one line on the console (and at the end of the log, after
    the traceback where there is something to trace) and exit status 1. Ctrl-C
    is noted in the log alone: the run says that it was interrupted.
    """
    path = Path(log)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = open(path, "w", encoding="utf-8", buffering=1)
    except OSError as error:
        _fail(error, path, 2, None)
    # the descriptors too: ffmpeg and C libraries write there
    output, console = os.dup(1), os.dup(2)
    os.dup2(stream.fileno(), 1)
    os.dup2(stream.fileno(), 2)
    try:
        with redirect_stdout(stream), redirect_stderr(stream):
            # of Ctrl-C while libraries were loaded this process learns here: ``pipeline/start.py``
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            use_threads(threads)
            gc.set_threshold(*GARBAGE_THRESHOLDS)
            yield
            # Python looks through all that is loaded for garbage once more when it ends, which takes 0.2 s
            gc.freeze()
            stream.write(_usage())
    except KeyboardInterrupt:
        with suppress(OSError):
            stream.write(f"{PREFIX}{INTERRUPTED}\n")
        raise SystemExit(128 + signal.SIGINT) from None
    except Exception as error:
        _fail(error, path, console, stream)
    finally:
        os.dup2(output, 1)
        os.dup2(console, 2)
        os.close(output)
        os.close(console)
        with suppress(OSError):  # a full disk, of which the line has told
            stream.close()
