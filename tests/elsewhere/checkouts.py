"""Copies of the checkout in other places, and ./atlas in them."""

import os
import shutil
import subprocess
import sys

from runs import HOME

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "results", ".snakemake", "tour", "logs", "__pycache__", ".*_cache", ".hypothesis"
)
# As by snakemake-interface: one small figure without Numba, whose jobs take seconds.
TARGET = "spheres_fig7"


def checkout(place, pins=None):
    """Copy the files of the checkout to ``place``; with ``pins`` these are its requirements."""
    shutil.copytree(HOME, place, ignore=LEFT_OUT)
    if pins is not None:
        (place / "requirements" / "main.txt").write_text(pins)
        (place / "requirements" / "without-dependencies.txt").write_text("")
    return place


def variables(**changes):
    """The surroundings of a user: nothing of the shell that runs the tests but what ``changes`` says; None leaves a variable out."""
    dropped = ("PYTHON", "ATLAS_", "ATTENTION_ATLAS_", "PIP_", "XDG_", "NUMBA_", "VIRTUAL_ENV", "GIT_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    known = {"PYTHON": sys.executable, "PIP_CONFIG_FILE": os.devnull} | changes
    return {name: str(value) for name, value in (plain | known).items() if value is not None}


def atlas(place, *words, cwd=None, **changes):
    """Run ./atlas of a checkout."""
    return subprocess.run(
        [str(place / "atlas"), *map(str, words)],
        cwd=cwd or place, env=variables(**changes), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def borrow_environment(place, folder):
    """An environment for ./atlas of ``place`` that runs the Python of the tests with its packages; made without a network."""
    run = atlas(place, "run", "true", ATLAS_ENVIRONMENT=folder)
    assert run.returncode == 0, run.stderr
    paths = [path for path in sys.path if path.endswith("site-packages")]
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "borrowed.pth").write_text("\n".join(paths) + "\n")
    return folder
