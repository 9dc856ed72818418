"""Where caches lie, also for a user without a home folder."""

import os
import tempfile
from pathlib import Path

__all__ = ["temporary_caches", "user_caches"]


def temporary_caches() -> Path:
    """A folder of this user alone below the one for temporary files."""
    folder = Path(tempfile.gettempdir()) / f"attention-atlas-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():  # somebody else has made it: kernels are programs
        folder = Path(tempfile.mkdtemp(prefix=f"{folder.name}-"))
    return folder


def user_caches() -> Path:
    """The user's folder for caches, or a temporary one where there is no home folder or it cannot be written."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):  # RuntimeError: the user has no home folder
        pass
    return temporary_caches()
