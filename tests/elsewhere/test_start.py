"""How ./atlas starts Snakemake: Ctrl-C, little memory, a damaged environment, a link to it; one line each."""

import os
import signal
import subprocess
import sys
import time

import pytest
from checkouts import atlas, variables

from attention_atlas.pipeline.jobs import last_word

JOB = """
import sys, time
print("begins", flush=True)
time.sleep(0.5)  # as libraries that are loaded
from attention_atlas.pipeline.jobs import job
with job(sys.argv[1]):
    time.sleep(60)
"""
RUN = """
import subprocess, sys
from attention_atlas.pipeline.start import delay_interrupts
delay_interrupts()
child = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]])
try:
    child.wait()
except KeyboardInterrupt:
    sys.exit(child.wait())
"""


def started(home, *words, **changes):
    """A process in a group of its own, as a terminal makes it, that does not ignore Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, *map(str, words)], env=variables(**{"PYTHONPATH": home / "src", **changes}),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def start(home, folder, *words, **changes):
    """What ./atlas runs, in a folder of its own."""
    program = home / "src" / "attention_atlas" / "pipeline" / "start.py"
    return started(home, program, "--snakefile", home / "Snakefile", "--directory", folder, "-n", *words, **changes)


@pytest.mark.slow
def test_interrupted_before_jobs_are_planned(home, tmp_path):
    run = start(home, tmp_path, "--workflow-profile", home / "profiles" / "default")
    first = run.stderr.readline()
    os.killpg(run.pid, signal.SIGINT)
    time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)  # in haste
    _, error = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in first + error
    assert error.splitlines()[-1] == "attention-atlas: interrupted before any job; the same command begins again"


def test_interrupted_job_that_loads_its_libraries(home, tmp_path):
    """It says so in its log, as a later one does, and shows nothing."""
    log = tmp_path / "job.log"
    run = started(home, "-c", RUN, JOB, log)
    assert run.stdout.readline() == "begins\n"
    os.killpg(run.pid, signal.SIGINT)
    _, error = run.communicate(timeout=60)
    assert (run.returncode, error) == (130, "")
    assert last_word(log) == "attention-atlas: interrupted"


def test_little_memory(home, tmp_path):
    words = ["sh", "-c", 'ulimit -v 300000; exec "$@"', "sh", sys.executable]
    words += [str(home / "src" / "attention_atlas" / "pipeline" / "start.py"), "-n"]
    run = subprocess.run(words, env=variables(PYTHONPATH=home / "src"), cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr.startswith("attention-atlas: the shell allows 307 MB of memory (ulimit -v)")
    assert len(run.stderr.splitlines()) == 1


def test_damaged_environment(home, tmp_path):
    (tmp_path / "yaml.py").write_text("raise ImportError('libyaml.so is missing\\nsecond line')")
    run = start(home, tmp_path, "--config", "threads=1", PYTHONPATH=f"{tmp_path}:{home / 'src'}")
    _, error = run.communicate(timeout=60)
    assert run.returncode == 2
    assert error.startswith("attention-atlas: Snakemake cannot begin (ImportError: libyaml.so is missing)")
    assert error.endswith(f"delete {sys.prefix} and run the command again, which makes it anew\n")
    assert len(error.splitlines()) == 1


def test_no_room_for_the_environment(home, tmp_path):
    """Said before anything is made; ./atlas by a link to it."""
    (tmp_path / "df").write_text("#!/bin/sh\necho Filesystem\necho disk 100000 50000 50000 50% /\n")
    (tmp_path / "df").chmod(0o755)
    (tmp_path / "atlas").symlink_to(home / "atlas")
    path = f"{tmp_path}:{os.environ['PATH']}"
    run = atlas(tmp_path, "build", PATH=path, ATLAS_ENVIRONMENT=tmp_path / "environment")
    assert run.returncode == 2
    assert run.stderr.startswith("attention-atlas: the environment takes 1500 MB, and 48 MB are free for")
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "environment.new").exists()
