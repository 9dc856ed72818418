"""Helpers of the workflow tests: run Snakemake in a folder of its own, compare results."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

HOME = Path(__file__).resolve().parents[2]
SMALL = HOME / "tests" / "config" / "small.yaml"


def lacking(reason: str) -> NoReturn:
    """Skip a test that cannot run here; with ATLAS_NO_SKIP=1, as on the machine that checks every change, fail it."""
    if os.environ.get("ATLAS_NO_SKIP") == "1":
        pytest.fail(f"{reason}; with ATLAS_NO_SKIP=1 this must not be", pytrace=False)
    pytest.skip(reason)


def command(folder, *arguments, home=HOME, configs=(SMALL,), cores=2):
    """The command line of a run in ``folder``."""
    words = [sys.executable, "-m", "snakemake", "--snakefile", str(home / "Snakefile"), "--cores", str(cores)]
    words += ["--directory", str(folder), "--workflow-profile", str(home / "profiles" / "default"), *arguments]
    return words + (["--configfile", *map(str, configs)] if configs else [])


def surroundings(home=HOME):
    """Variables of a run of the checkout ``home``, whatever is installed: its console is found there."""
    return os.environ | {"PYTHONPATH": str(home / "src")}


def snakemake(folder, *arguments, home=HOME, timeout=1800, kernels=None, **options):
    """Run Snakemake in ``folder``; what it printed and its exit status. ``kernels``: another kernel cache."""
    words = command(folder, *arguments, home=home, **options)
    variables = surroundings(home) | ({"ATTENTION_ATLAS_CACHE": str(kernels)} if kernels else {})
    return subprocess.run(words, cwd=home, env=variables, capture_output=True, text=True, timeout=timeout, check=False)


def good(run):
    """The run, if it succeeded; else its output as the failure."""
    assert run.returncode == 0, (run.stdout + run.stderr)[-4000:]
    return run


def digests(folder, pattern):
    """Hash of each file below results/ that matches, by its name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "results").glob(pattern))
    }


def complaint(run):
    """The one line with which a failed run ended."""
    lines = [line for line in run.stderr.splitlines() if line.startswith("attention-atlas: ")]
    assert run.returncode != 0
    assert len(lines) == 1, run.stderr
    assert "Traceback" not in run.stderr
    return lines[0]


def overlay(folder, text):
    """A configuration file in ``folder`` that goes over the others."""
    path = folder / "overlay.yaml"
    path.write_text(text)
    return path
