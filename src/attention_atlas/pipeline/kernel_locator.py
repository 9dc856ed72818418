"""Kernels whose files in the cache are damaged are compiled anew.

Numba reads an entry that a full disk or a loss of power has cut short as if it were whole, fails, and fails again at every later
start. It lets classes be named that say where the entries of a function lie (NUMBA_CACHE_LOCATOR_CLASSES); this one looks at them first.
"""

import io
import pickletools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba.core import config
from numba.core.caching import UserProvidedCacheLocator

from attention_atlas.pipeline.kernel_cache import kernels_of_sources

__all__ = ["CheckedLocator", "drop_damaged", "is_whole"]

# Pickles one after another in a file: in an index the version of Numba and the list of entries, in an entry one.
PICKLES = {".nbi": 2, ".nbc": 1}


def is_whole(path: Path) -> bool:
    """Whether a file of Numba's cache holds its pickles from beginning to end; nothing in them is run."""
    stream = io.BytesIO(path.read_bytes())
    try:
        for _ in range(PICKLES[path.suffix]):
            for _ in pickletools.genops(stream):
                pass
    except Exception:  # whatever the bytes happen to look like
        return False
    return not stream.read(1)


@cache
def drop_damaged(folder: Path) -> None:
    """Delete the damaged entries in a folder of Numba's cache, once in a process. Numba compiles what it does not find."""
    for path in folder.glob("*.nb[ci]"):
        try:
            if not is_whole(path):
                path.unlink(missing_ok=True)
        except OSError:  # another process has replaced it, or it cannot be deleted
            continue


class CheckedLocator(UserProvidedCacheLocator):
    """Entries in the folder for exactly these sources, without damaged ones.

    A ``NUMBA_CACHE_DIR`` set by hand counts for nothing: it would bring kernels of other sources back.
    """

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> "CheckedLocator | None":
        config.CACHE_DIR = str(kernels_of_sources())
        locator = super().from_function(py_func, py_file)
        if locator is not None:
            drop_damaged(Path(locator.get_cache_path()))
        return locator
