"""Where Numba keeps its compiled kernels.

Numba checks only the file of the kernel itself: a change of a jitted function
in *another* file leaves the old machine code in use. The folder is therefore
named after a hash of all sources of this package, so that any edit compiles
afresh and no edit is ever missed.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from functools import cache
from pathlib import Path

from attention_atlas.pipeline.caches import temporary_caches, user_caches
from attention_atlas.pipeline.source_files import files_behind

__all__ = ["cache_folder", "kernels_of_sources", "key_cache_by_sources", "source_hash"]

PACKAGE = Path(__file__).resolve().parents[1]
# A file with kernels: it loads Numba at once.
NUMBA = re.compile(r"^(?:from|import) (?:numba|llvmlite)\b", re.MULTILINE)
# Numba's documented list of classes that say where a function is kept: ours first, which drops what is damaged.
LOCATORS = (
    "attention_atlas.pipeline.kernel_locator.CheckedLocator,InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator"
)
# All kernels of a build take some 60 MB.
MIN_FREE_BYTES = 100 * 2**20
# Old folders are removed when they have not been used for this long.
DAYS_KEPT = 30


def kernel_sources(package: Path = PACKAGE) -> list[Path]:
    """Files with kernels and all files of the package that these import, directly or through others."""
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    kernels = [path for path, text in texts.items() if "numba" in text and NUMBA.search(text)]
    return sorted(files_behind(kernels, package.parent))


def source_hash(package: Path = PACKAGE) -> str:
    """Hash of the names and contents of ``kernel_sources``."""
    digest = hashlib.sha256()
    for path in kernel_sources(package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(b"\0")
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def cache_folder(package: Path = PACKAGE) -> Path:
    """Folder for the kernels of exactly these sources.

    Below ``ATTENTION_ATLAS_CACHE`` if that is set, else below the user's cache
    folder; a temporary folder if that cannot be written or its disk is nearly full.
    """
    root = os.environ.get("ATTENTION_ATLAS_CACHE")
    base = Path(root) if root else user_caches() / "attention-atlas"
    try:
        base.mkdir(parents=True, exist_ok=True)
        if not os.access(base, os.W_OK) or shutil.disk_usage(base).free < MIN_FREE_BYTES:
            raise PermissionError(base)
    except OSError:
        base = temporary_caches()
    return base / "kernels" / source_hash(package)


def _remove_stale(folder: Path) -> None:
    """Delete sibling caches that nobody has used for ``DAYS_KEPT`` days."""
    oldest = time.time() - DAYS_KEPT * 86400
    for sibling in folder.parent.iterdir():
        if sibling != folder and sibling.stat().st_mtime < oldest:
            shutil.rmtree(sibling, ignore_errors=True)


@cache
def kernels_of_sources() -> Path:
    """``cache_folder`` of this package, made if it is missing; folders that nobody uses any more are deleted then."""
    folder = cache_folder()
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _remove_stale(folder)
    return folder


def key_cache_by_sources() -> None:
    """Have Numba ask ``kernel_locator`` where kernels are kept; call before kernels are defined.

    The hash is taken with the first kernel: a job that draws needs none.
    """
    os.environ["NUMBA_CACHE_LOCATOR_CLASSES"] = LOCATORS
    # The work queue starts no spinning threads, so two jobs share two cores
    # without slowing each other down.
    os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")
    # Level 3 of LLVM takes a tenth longer, for kernels that are no faster.
    os.environ.setdefault("NUMBA_OPT", "2")
    if "numba" in sys.modules:
        sys.modules["numba"].config.reload_config()
