"""After a killed run: who is still at work in its folder?

``kill -9`` of Snakemake leaves the jobs that it had started. They finish, and
write their files, while a new run may already make the same ones: recovering
waits for them first, and removes what those that were killed have left
half-made. Jobs of a cluster are not seen from here.

    python -m attention_atlas.recovery [--directory FOLDER] [options of snakemake, ignored]
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from attention_atlas.files import machine

__all__ = ["AtWork", "at_work", "remove_half_made", "wait_for_jobs"]

POLL_SECONDS = 0.2


class AtWork(NamedTuple):
    """Processes in a folder: Snakemake itself, and jobs (process and script) that it started."""

    runs: list[int]
    jobs: list[tuple[int, str]]


def _is_run(words: list[str]) -> bool:
    """Whether a command line is Snakemake's: the program, or Python with the program or the module."""
    names = [Path(word).name for word in words[:2]]
    return "snakemake" in names or words[1:3] == ["-m", "snakemake"]


def _script(words: list[str]) -> str | None:
    """The script that a job runs: Snakemake copies it to .snakemake/scripts/<random>.<name>."""
    for word in words[1:3]:
        path = Path(word)
        if path.parent.parts[-2:] == (".snakemake", "scripts"):
            return path.name.split(".", 1)[-1]
    return None


def at_work(folder: Path) -> AtWork:
    """Processes whose working folder is ``folder``, without this one and its parents."""
    import psutil  # Snakemake brings it; the environments of the rules do not have it

    here = folder.resolve()
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = AtWork([], [])
    for process in psutil.process_iter():
        try:
            if process.pid in own or Path(process.cwd()) != here:
                continue
            words = process.cmdline()
        except (psutil.Error, OSError):  # it ended meanwhile, or is another user's
            continue
        script = _script(words)
        # the shell that Snakemake starts a script with has no such word in second place
        if script and not words[0].endswith("sh"):
            found.jobs.append((process.pid, script))
        elif _is_run(words):
            found.runs.append(process.pid)
    return found


def wait_for_jobs(folder: Path) -> None:
    """Return when no job of a killed run is left in ``folder``, naming those that are waited for."""
    named: set[int] = set()
    while jobs := at_work(folder).jobs:
        for process, script in jobs:
            if process not in named:
                named.add(process)
                print(
                    f"attention-atlas: waiting for {script} (process {process}), which the killed run has left; "
                    f"end it with: kill {process}",
                    file=sys.stderr,
                    flush=True,
                )
        time.sleep(POLL_SECONDS)


def remove_half_made(folder: Path) -> None:
    """Remove what killed processes of this machine have left half-made in ``folder``, where no job is at work.

    What other machines have left stays: whether their jobs go on cannot be seen from here.
    """
    ours = re.compile(rf"\.{machine()}-\d+\.(part|old)(\.[^.]+)?$")
    for path in (folder / "results").rglob(".*"):
        if not ours.search(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):  # a folder that cannot be written: the run that follows says so in one line
                path.unlink()


def main(words: Iterable[str]) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--directory", "-d", type=Path, default=Path())
    folder = parser.parse_known_args(list(words))[0].directory
    if runs := at_work(folder).runs:
        sys.exit(
            f"attention-atlas: another run (process {runs[0]}) is at work in {folder.resolve()}; "
            f"wait for it, or end it with: kill -INT {runs[0]}"
        )
    try:
        wait_for_jobs(folder)
        remove_half_made(folder)
    except KeyboardInterrupt:
        sys.exit("attention-atlas: interrupted; nothing was changed")


if __name__ == "__main__":
    main(sys.argv[1:])
