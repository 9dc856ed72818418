"""Whether the folder of the run has room and can be written: what most errors of the system come from.

Snakemake hands on the name of an error and a text, no number; so the folder itself is looked at, and no text is searched.
"""

import builtins
import difflib
import os
import shutil
from collections.abc import Collection
from pathlib import Path

__all__ = ["FULL", "disk_is_full", "is_system_error", "last_line", "near_target", "remedy"]

FULL = "the disk is full; free some space and run the same command again, finished results are kept"
# With less than this many bytes left a disk counts as full: what did not fit has been removed again.
FULL_BELOW = 2**20


def disk_is_full() -> bool:
    """Whether next to nothing is left where the run writes."""
    try:
        return shutil.disk_usage(Path.cwd()).free < FULL_BELOW
    except OSError:
        return False


def is_system_error(name: str) -> bool:
    """Whether ``name`` is ``OSError`` or a kind of it, such as ``PermissionError``."""
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, OSError)


def last_line(text: str) -> str:
    """What a traceback or an error of Snakemake says, without its advice in parentheses: the last line that names no place in a file."""
    lines = [line for line in text.splitlines() if line and not line[0].isspace()]
    return lines[-1].partition(" (")[0] if lines else text.strip()


def near_target(text: str, targets: Collection[str]) -> str:
    """What to ask for in place of a name that no rule makes, which is a word of ``text``."""
    found = [near for word in text.split() for near in difflib.get_close_matches(word, targets, n=1, cutoff=0.7)]
    hint = f"did you mean {found[0]}? " if found else ""
    return f"{hint}snakemake --list-target-rules names what can be asked for"


def remedy(text: str) -> str:
    """One line for an error of the system: what to do, where the folder shows it, else what was not possible with which file.

    Parameters
    ----------
    text : the error as a traceback, whose last line says that
    """
    folder = Path.cwd()
    if disk_is_full():
        return FULL
    if not os.access(folder, os.W_OK):
        return f"{folder} cannot be written; check its permissions, or work in another folder with --directory"
    return f"{last_line(text)}; check that the results can be read and written there, and run the same command again"
