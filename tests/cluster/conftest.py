"""A Slurm for the tests of this folder, if it can be had."""

import pytest
from local_slurm import LocalSlurm, SlurmError, install
from runs import lacking


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """Two nodes on the loopback, ended after the tests."""
    cluster = LocalSlurm(tmp_path_factory.mktemp("slurm"))
    try:
        install()
        cluster.start()
    except SlurmError as error:
        cluster.stop()
        lacking(str(error))
    yield cluster
    cluster.stop()
