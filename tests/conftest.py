"""Fixtures for all tests."""

import os
import signal
from pathlib import Path

import pytest

# A shell that starts the tests in the background lets them ignore Ctrl-C, and all that they start with them.
signal.signal(signal.SIGINT, signal.default_int_handler)

HOME = Path(__file__).resolve().parents[1]
REFERENCE = HOME.parent / "shared" / "reference"


@pytest.fixture(scope="session")
def home() -> Path:
    """The root of the repository."""
    return HOME


@pytest.fixture(scope="session")
def published() -> Path:
    """Folder with the authors' published numbers; skips where it is not there."""
    if not REFERENCE.is_dir():
        pytest.skip("the published numbers lie beside a developer's checkout only")
    return REFERENCE


@pytest.fixture(scope="session")
def small_run(tmp_path_factory) -> Path:
    """Folder in which everything was made in small, once for all tests. Tests must not change it."""
    if made := os.environ.get("ATLAS_SMALL_RUN"):  # a run of this very checkout, made before
        return Path(made)
    from runs import good, snakemake

    folder = tmp_path_factory.mktemp("small")
    good(snakemake(folder, "all"))
    return folder
