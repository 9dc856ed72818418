"""Whether the folder of the run has room and can be written: what most errors of the system come from.

Snakemake hands on the name of an error and a text, no number; so the folder itself is looked at, and no text is searched.
"""

import builtins
import os
import shutil
from pathlib import Path

__all__ = ["FULL", "disk_is_full", "is_system_error", "remedy"]

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
    return f"{text.strip().splitlines()[-1]}; check that the results can be read and written there, and run the same command again"
