"""Everything in small, made once for all tests."""

import pytest
from runs import good, snakemake


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """Folder in which everything was made in small, once for all tests. Tests must not change it."""
    folder = tmp_path_factory.mktemp("small")
    good(snakemake(folder, "all"))
    return folder
