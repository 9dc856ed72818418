"""Single files of a Git repository at a pinned commit, without its history.

A commit is a hash of everything in it, and Git checks every object it receives against its hash:
files that come from the pinned commit are the files that were pinned.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from attention_atlas.errors import AtlasError

__all__ = ["check_out"]

MAX_SECONDS = 900  # seconds for one repository
HELP = "connect to the internet, or put the files there by hand as docs/published.md says"


def _git(folder: Path, address: str, *words: str) -> None:
    # never ask for a name and password: a repository that wants one is not public
    surroundings = os.environ | {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            env=surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise AtlasError("git is not installed, and the published files come by it; install git") from error
    except subprocess.TimeoutExpired as error:
        raise AtlasError(f"{address}: no answer within {MAX_SECONDS} s; {HELP}") from error
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "?")
        raise AtlasError(f"{address}: cannot be fetched ({reason[:200]}); {HELP}")


def check_out(address: str, commit: str, paths: Sequence[str], folder: Path) -> None:
    """Put the files ``paths`` of a commit below ``folder``, which must be empty.

    ``address`` is anything that Git understands: an https address, or the folder of a clone. Where the
    server allows it only the wanted files are sent.

    Raises
    ------
    AtlasError
        No Git, no network, no such commit or no such file.
    """
    _git(folder, address, "init", "--quiet")
    _git(folder, address, "remote", "add", "origin", address)
    _git(folder, address, "fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none", "origin", commit)
    _git(folder, address, "checkout", "--quiet", "FETCH_HEAD", "--", *paths)
