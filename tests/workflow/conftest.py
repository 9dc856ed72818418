"""Runs of the workflow in folders of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
SMALL = HOME / "tests" / "config" / "small.yaml"


def snakemake(folder, *arguments, home=HOME, configs=(SMALL,), cores=2, timeout=900):
    """Run Snakemake in ``folder``; what it printed and its exit status."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(home / "Snakefile"), "--cores", str(cores)]
    command += ["--directory", str(folder), "--workflow-profile", str(home / "profiles" / "default"), *arguments]
    if configs:
        command += ["--configfile", *map(str, configs)]
    environment = os.environ | {"PYTHONPATH": ""}
    return subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def good(run):
    """The run, if it succeeded; else its output as the failure."""
    assert run.returncode == 0, (run.stdout + run.stderr)[-4000:]
    return run


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """Folder in which everything was made in small, once for all tests. Tests must not change it."""
    folder = tmp_path_factory.mktemp("small")
    good(snakemake(folder, "all"))
    return folder
