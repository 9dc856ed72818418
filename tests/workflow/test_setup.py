"""The first command on a fresh machine, when something it needs is not there: one line, and the next try starts afresh."""

import os
import subprocess
import sys

from runs import HOME


def atlas(environment, *words, **variables):
    """Run ./atlas with an environment folder of its own and nothing of pip's settings on this machine."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    known = {"ATLAS_ENVIRONMENT": str(environment), "PYTHON": sys.executable, "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        ["sh", str(HOME / "atlas"), *words], env=plain | known | variables, capture_output=True, text=True, timeout=300
    )


def test_no_network(tmp_path):
    """The index of packages cannot be reached: nothing listens at the address."""
    environment = tmp_path / "environment"
    run = atlas(environment, "build", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1", PIP_NO_CACHE_DIR="1")
    announcement, line = run.stderr.splitlines()
    assert announcement == f"attention-atlas: making the environment in {environment} (about a minute, once)"
    assert line.startswith("attention-atlas: the packages of requirements/main.txt could not be installed")
    assert "check the network and run the command again" in line
    assert run.returncode == 2
    assert run.stdout == ""
    # what pip said is kept, and the half-made environment is not taken for a good one
    assert "ERROR" in environment.with_name("environment.log").read_text()
    assert not environment.exists()


def test_no_python_that_is_new_enough(tmp_path):
    run = atlas(tmp_path / "environment", "build", PYTHON="/bin/false")
    assert run.returncode == 2
    assert "Python 3.11 or newer is needed and was not found" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_environment_in_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    run = atlas(tmp_path / "file" / "environment", "build")
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert line.endswith("name a folder that can be written: ATLAS_ENVIRONMENT=/path/to/folder ./atlas ...")


def test_tour_with_a_configuration_of_ones_own(tmp_path):
    """It would take the place of the small one, and the tour would be at full size."""
    run = atlas(tmp_path / "environment", "tour", "spheres", "--configfile", "mine.yaml")
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert "the tour has its own configuration; name both: ./atlas run snakemake" in line
    assert not (tmp_path / "environment").exists()
