"""Everything in small, made once for all tests."""

import os
from pathlib import Path

import pytest
from runs import good, snakemake


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """Folder in which everything was made in small, once for all tests. Tests must not change it."""
    if made := os.environ.get("ATLAS_SMALL_RUN"):  # a run of this very checkout, made before
        return Path(made)
    folder = tmp_path_factory.mktemp("small")
    good(snakemake(folder, "all"))
    return folder
