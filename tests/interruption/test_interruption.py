"""Runs that are killed, interrupted, starved or doubled end in one clear line, and the next one gives the same bytes."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from runs import HOME, SMALL, command, complaint, digests, good, lacking, snakemake

from attention_atlas.drawing.animation import write_mp4

pytestmark = pytest.mark.slow
MOMENTS = 10
# A moment lies this many seconds at most after the run has begun to plan its jobs.
LATEST = 6.0
# What is made again in a copy of the small run: all kinds of rules of three papers, claims and a film among them.
TARGETS = [
    "spheres_fig2",
    "spheres_fig3a_animation",
    "results/spheres/claims/claims.csv",
    "metastability_staircase",
    "results/metastability/claims/claims.csv",
    "mean_field_trajectories",
]
MADE = [
    "spheres/runs/fig2/*.npz",
    "spheres/data/fig2.csv",
    "spheres/data/fig2_runs.csv",
    "spheres/figures/fig2.*",
    "spheres/figures/fig3a_animation.*",
    "spheres/claims/claims.csv",
    "metastability/data/staircase*.csv",
    "metastability/figures/staircase.*",
    "metastability/claims/claims.csv",
    "mean_field/data/trajectories*",
    "mean_field/figures/trajectories_*",
]


class Started(NamedTuple):
    """A run in the background and the file with what it says."""

    process: subprocess.Popen
    output: Path

    def said(self) -> str:
        return self.output.read_text()


def made(folder):
    """Hash of each file that the targets make, and that nothing half-made is left beside them."""
    assert not list(folder.glob("results/**/.*.part*"))
    return {name: digest for pattern in MADE for name, digest in digests(folder, pattern).items()}


@pytest.fixture(scope="session")
def undisturbed(small_run):
    """What the targets look like when nothing happens."""
    found = made(small_run)
    for pattern in MADE:
        assert digests(small_run, pattern), pattern
    return found


@pytest.fixture
def unmade(small_run, tmp_path):
    """A copy of the small run in which the files of the targets are missing."""
    folder = tmp_path / "work"
    shutil.copytree(small_run, folder, ignore=shutil.ignore_patterns("log", "conda", "atlas"))
    unmake(folder)
    return folder


def unmake(folder):
    for pattern in MADE:
        for path in (folder / "results").glob(pattern):
            path.unlink()


@pytest.fixture(scope="session")
def atlas(tmp_path_factory):
    """The command line and the variables of ./atlas in the environment of the tests, as if it had made it."""
    environment = tmp_path_factory.mktemp("environment")
    for name in ("bin", "lib", "pyvenv.cfg"):
        if (found := Path(sys.prefix) / name).exists():
            (environment / name).symlink_to(found)
    pins = [HOME / "requirements" / f"{name}.txt" for name in ("main", "without-dependencies")]
    stamp = f"{sys.version}\n" + "".join(path.read_text() for path in pins)
    (environment / "stamp").write_text(stamp)
    return {"ATLAS_ENVIRONMENT": str(environment), "PYTHON": sys.executable}


def complaints(run):
    """The different lines with which a failed run ended; the log of a job repeats its own, several may say the same."""
    lines = {line for line in run.stderr.splitlines() if line.startswith("attention-atlas: ")}
    assert run.returncode != 0
    assert "Traceback" not in run.stderr, run.stderr
    return lines


def recovery(folder, *targets):
    words = ["sh", HOME / "atlas", "recover", "--cores", 2, "--directory", folder, *targets, "--configfile", SMALL]
    return [str(word) for word in words]


def run_once(words, variables):
    environment = os.environ | {"PYTHONPATH": ""} | variables
    return subprocess.run(words, cwd=HOME, env=environment, capture_output=True, text=True, timeout=900)


def start(words, variables, folder):
    """Start a run in a process group of its own, as a terminal does."""
    output = folder.parent / f"output_{time.monotonic_ns()}"
    environment = os.environ | {"PYTHONPATH": ""} | variables
    with output.open("w") as stream:
        process = subprocess.Popen(
            words,
            cwd=HOME,
            env=environment,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            # tests that were started in the background ignore Ctrl-C, and what they start inherits that
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    return Started(process, output)


def wait_until(condition, run, seconds=300):
    """Whether the condition came true before the run ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, run.said()
        if run.process.poll() is not None:
            return condition()
        time.sleep(0.02)
    return True


def ended_before(run, seconds):
    """Whether the run ended by itself within these seconds from its planning on."""
    wait_until(lambda: "Building DAG" in run.said(), run)
    try:
        run.process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_killed_at_ten_random_moments(unmade, undisturbed, atlas):
    """kill -9, half of the time of Snakemake alone, so that its jobs go on; each recovery is killed again."""
    moments = random.Random(20241018)
    words, killed = command(unmade, *TARGETS), 0
    while killed < MOMENTS:
        run = start(words, atlas, unmade)
        alone, moment = moments.random() < 0.5, moments.uniform(0.0, LATEST)
        if ended_before(run, moment):
            assert run.process.returncode == 0, run.said()
            assert made(unmade) == undisturbed
            unmake(unmade)
            continue
        (os.kill if alone else os.killpg)(run.process.pid, signal.SIGKILL)
        run.process.wait()
        killed += 1
        words = recovery(unmade, *TARGETS)
    good(run_once(words, atlas))
    assert made(unmade) == undisturbed


def test_interrupted_at_ten_random_moments(unmade, undisturbed):
    """Ctrl-C: one line that says how to go on, and the same command does."""
    moments = random.Random(20240603)
    interrupted = 0
    while interrupted < MOMENTS:
        run = start(command(unmade, *TARGETS), {}, unmade)
        if ended_before(run, moments.uniform(0.0, LATEST)):
            assert run.process.returncode == 0, run.said()
            assert made(unmade) == undisturbed
            unmake(unmade)
            continue
        os.killpg(run.process.pid, signal.SIGINT)
        run.process.wait(120)
        interrupted += 1
        if run.process.returncode:
            lines = run.said().splitlines()
            assert lines[-1].startswith("attention-atlas: interrupted; finished results are kept, run the same command")
            assert sum(line.startswith("attention-atlas: ") for line in lines) == 1, run.said()
            assert "Error in rule" not in run.said()
    good(snakemake(unmade, *TARGETS))
    assert made(unmade) == undisturbed


def test_killed_run_is_named_by_the_next_and_recovered_in_one_step(unmade, undisturbed, atlas):
    run = start(command(unmade, *TARGETS), {}, unmade)
    assert wait_until(lambda: list((unmade / ".snakemake" / "scripts").glob("*.py")), run)
    run.process.kill()  # its jobs go on
    run.process.wait()
    line = complaint(snakemake(unmade, *TARGETS))
    assert f"a run in {unmade} was killed; recover it with: ./atlas recover " in line
    told = line.split("recover it with: ")[1].split()
    assert str(SMALL) in told and str(unmade) in told
    good(run_once(["sh", str(HOME / "atlas"), *told[1:]], atlas))
    assert made(unmade) == undisturbed


def test_two_runs_at_once(unmade, undisturbed, atlas):
    """The second is refused in one line that names the first, so is a recovery; the first is not disturbed."""
    first = start(command(unmade, *TARGETS), {}, unmade)
    assert wait_until(lambda: list((unmade / ".snakemake" / "locks").glob("*.lock")), first)
    line = complaint(snakemake(unmade, *TARGETS))
    assert f"another run (process {first.process.pid}) makes some of the same files in {unmade}" in line
    assert "wait for it" in line
    line = complaint(run_once(recovery(unmade, *TARGETS), atlas))
    assert f"another run (process {first.process.pid}) is at work in {unmade}" in line
    assert first.process.wait(600) == 0, first.said()
    assert made(unmade) == undisturbed


@pytest.mark.parametrize(
    ("damaged", "remove", "target"),
    [
        ("spheres/runs/fig2/0.npz", ["spheres/data/fig2*.csv"], "spheres_fig2"),
        ("mean_field/data/trajectories.npz", ["mean_field/data/*_series.csv"], "mean_field_trajectories"),
        ("metastability/data/staircase.csv", ["metastability/figures/staircase.*"], "metastability_staircase"),
    ],
)
def test_truncated_file_between_rules(unmade, undisturbed, small_run, damaged, remove, target):
    """The message names the file and the command that makes it again; the command does."""
    for pattern in MADE:
        for path in (small_run / "results").glob(pattern):
            shutil.copy2(path, unmade / path.relative_to(small_run))
    file = unmade / "results" / damaged
    stamp = file.stat()
    file.write_bytes(file.read_bytes()[:-40])
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    for pattern in remove:
        for path in (unmade / "results").glob(pattern):
            path.unlink()
    (line,) = complaints(snakemake(unmade, target))
    assert f"results/{damaged}: " in line
    told = line.split("run the same command again: ")[1]
    assert told.startswith(f"rm {file} && snakemake ")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    good(subprocess.run(told, shell=True, cwd=HOME, env=environment, capture_output=True, text=True, timeout=900))
    assert made(unmade) == undisturbed


@contextmanager
def mounted(folder, *options):
    """A mount at ``folder`` for the time of a test; needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if done.returncode:
        lacking(f"a file system for the test cannot be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


FILM = ["spheres_fig2", "spheres_fig3a_animation", "spheres_fig7"]


@pytest.mark.parametrize("kilobytes", [64, 160, 320])
def test_full_disk(tmp_path, undisturbed, atlas, kilobytes):
    """Too small a disk for the run: full while Snakemake writes its notes, while a table is written, during a film."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs") as folder:
        lines = complaints(snakemake(folder, *FILM))
        assert lines
        for line in lines:
            assert "the disk is full; free some space and run the same command again" in line
        subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        good(snakemake(folder, *FILM))
        here = made(folder)
        assert {"results/spheres/data/fig2.csv", "results/spheres/figures/fig3a_animation.mp4"} <= set(here)
        assert {name: undisturbed[name] for name in here} == here


def test_film_on_a_full_disk_is_not_left_cut_short(tmp_path):
    """The encoder does not fail where it cannot write: the film must be looked at before it is taken for one."""
    frames = list(np.random.default_rng(0).integers(0, 255, (12, 120, 120, 3), dtype=np.uint8))
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=24k", "tmpfs") as folder:
        with pytest.raises(OSError, match="No space left on device"):
            write_mp4(folder / "a.mp4", frames, 6)
        assert list(folder.iterdir()) == []
    write_mp4(tmp_path / "a.mp4", frames, 6)
    assert (tmp_path / "a.mp4").stat().st_size > 24 * 1024


def test_results_on_a_read_only_disk(tmp_path, small_run):
    """The permissions of a folder do not bind root: a file system that cannot be written does."""
    figures = tmp_path / "results" / "spheres" / "figures"
    with mounted(figures, "-t", "tmpfs", "-o", "ro", "tmpfs"):
        lines = complaints(snakemake(tmp_path, "spheres_fig7"))
        assert lines
        for line in lines:
            assert "results/spheres/figures" in line
            assert "cannot be written or read (Read-only file system); check the permissions" in line
    good(snakemake(tmp_path, "spheres_fig7"))
    here, there = digests(tmp_path, "spheres/*/fig7.*"), digests(small_run, "spheres/*/fig7.*")
    assert here and here == there


def test_folder_on_a_read_only_disk(tmp_path):
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "ro", "tmpfs") as folder:
        line = complaint(snakemake(folder, "spheres_fig7"))
        assert "the folder results cannot be written (Read-only file system)" in line
        assert "--directory" in line
