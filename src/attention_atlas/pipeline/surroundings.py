"""What jobs find around them, whatever the user's shell says, and which commit the sources are of."""

import getpass
import os
import re
import subprocess
import sys
from pathlib import Path

from attention_atlas.errors import AtlasError
from attention_atlas.pipeline.caches import user_caches

__all__ = ["check_paths", "commit_of", "prepare_jobs"]

# Variables of the user that change how Python, NumPy, Numba or Matplotlib work, by how they begin.
CHANGING = ("PYTHON", "NPY_", "NUMBA_", "MPL", "MATPLOTLIB", "OPENBLAS_", "MKL_", "OMP_", "BLIS_", "VECLIB_", "KMP_")
# Of these, what stays: paths and caches, and the processor that Numba compiles for (the verdicts are the same).
KEPT = {
    "PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
    "PYTHONUNBUFFERED", "NUMBA_CACHE_LOCATOR_CLASSES", "NUMBA_THREADING_LAYER", "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES", "MPLCONFIGDIR",
}  # fmt: skip
# What a path may hold that Snakemake hands to a shell without quotes.
PLAIN = re.compile(r"[\w/.+@%,=:~^-]*", re.ASCII)


def prepare_jobs(source: Path) -> None:
    """Settings that all jobs of this run inherit, in place of the user's own.

    The library is on their path, text is UTF-8, no settings of Matplotlib, NumPy or Numba are read. Linear algebra has one
    thread: more would take the cores of other jobs and change the order of summation with their number.
    """
    for name in list(os.environ):
        if name.startswith(CHANGING) and name not in KEPT:
            del os.environ[name]
    # the library, also in conda environments that do not hold it
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != str(source)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(source), *others])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ |= {
        "PYTHONUTF8": "1",
        "PYTHONNOUSERSITE": "1",
        # a numpy.py in the folder of the run is not NumPy
        "PYTHONSAFEPATH": "1",
        "MPLBACKEND": "Agg",
        "MATPLOTLIBRC": str(source / "attention_atlas" / "drawing" / "matplotlibrc"),
    }
    try:
        getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers, with which Snakemake ends in a traceback
        os.environ["LOGNAME"] = str(os.getuid())
    # Matplotlib and fontconfig keep lists of fonts there; without a folder each job would make them anew
    folder = user_caches()
    if folder != Path(os.environ.get("XDG_CACHE_HOME") or folder):
        os.environ["XDG_CACHE_HOME"] = str(folder)
    if not _can_be_written(os.environ.get("MPLCONFIGDIR")):
        os.environ["MPLCONFIGDIR"] = str(folder / "attention-atlas" / "matplotlib")


def _can_be_written(folder: str | None) -> bool:
    return bool(folder) and os.path.isdir(str(folder)) and os.access(str(folder), os.W_OK)


def check_paths(home: Path) -> None:
    """Refuse, before any job, paths with which Snakemake cannot work.

    Raises
    ------
    AtlasError
        The Python that runs Snakemake lies where a shell needs quotes, which Snakemake does not write; the checkout or the folder
        of the run has braces in its path, which Snakemake takes for a wildcard.
    """
    if not PLAIN.fullmatch(sys.executable):
        raise AtlasError(
            f"Python lies in {sys.executable}, and Snakemake starts it in a shell without quotes; "
            "use ./atlas, which keeps its environment elsewhere, or an environment in a folder of plain letters"
        )
    if os.pathsep in str(home):
        raise AtlasError(f"{home}: a colon in the path of the checkout divides lists of folders; rename the folder")
    for folder in (home, Path.cwd()):
        if found := re.search(r"[{}]", str(folder)):
            raise AtlasError(
                f"{folder}: Snakemake takes {found[0]} in a path for a wildcard; rename the folder, or work in another one"
            )


def commit_of(home: Path) -> str:
    """Commit of the checkout ``home``, with '+' if files differ from it.

    'unknown' without git, and where the files lie in a repository that is not theirs. Git is told to trust the folder, whoever
    owns it; variables that name another repository, as a hook of git sets them, are left out.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def git(*words: str) -> str:
        options = ["-c", f"safe.directory={home}", "-c", "core.fsmonitor=false", "-C", str(home)]
        try:
            done = subprocess.run(["git", *options, *words], capture_output=True, text=True, env=variables, check=False)
        except OSError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    top = git("rev-parse", "--show-toplevel")
    if not top or not os.path.samefile(top, home):
        return "unknown"
    return git("describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*") or "unknown"
