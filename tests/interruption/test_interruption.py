"""Runs that are killed, interrupted, starved or doubled lose nothing: the same command goes on, and gives the same bytes."""

import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from runs import HOME, command, complaint, digests, good, lacking, snakemake, surroundings

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


def complaints(run):
    """The different lines with which a failed run ended; the log of a job repeats its own, several may say the same."""
    lines = {line for line in run.stderr.splitlines() if line.startswith("attention-atlas: ")}
    assert run.returncode != 0
    assert "Traceback" not in run.stderr, run.stderr
    return lines


def start(folder):
    """Start a run of the targets in a process group of its own, as a terminal does."""
    output = folder.parent / f"output_{time.monotonic_ns()}"
    with output.open("w") as stream:
        process = subprocess.Popen(
            command(folder, *TARGETS),
            cwd=HOME,
            env=surroundings(),
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            # tests that were started in the background ignore Ctrl-C, and what they start inherits that
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    return Started(process, output)


def unlocked(folder):
    """What is to be done after a kill, before the same command."""
    good(snakemake(folder, "--unlock"))


def jobs_in(folder):
    """Processes that run a script of a run in ``folder``."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            if (path / "cwd").readlink() == folder and b"/.snakemake/scripts/" in words[1]:
                found.append(int(path.name))
        except (OSError, IndexError):  # it has ended
            continue
    return found


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


def test_killed_at_ten_random_moments(unmade, undisturbed):
    """kill -9, half of the time of Snakemake alone, so that its jobs go on beside those of the next run."""
    moments = random.Random(20241018)
    killed = 0
    while killed < MOMENTS:
        run = start(unmade)
        alone, moment = moments.random() < 0.5, moments.uniform(0.0, LATEST)
        if ended_before(run, moment):
            assert run.process.returncode == 0, run.said()
            assert made(unmade) == undisturbed
            unmake(unmade)
            continue
        (os.kill if alone else os.killpg)(run.process.pid, signal.SIGKILL)
        run.process.wait()
        killed += 1
        unlocked(unmade)
    good(snakemake(unmade, *TARGETS))
    assert wait_until(lambda: not jobs_in(unmade), run)
    assert made(unmade) == undisturbed


def test_interrupted_at_ten_random_moments(unmade, undisturbed):
    """Ctrl-C, or SIGTERM for Snakemake alone, which lets running jobs end: the last line says how to go on, and it is so.

    Before the jobs are planned nothing has begun, and Python says so, or the process ends by the signal itself. After SIGTERM Snakemake
    may stand still once its jobs have ended.
    """
    moments = random.Random(20240603)
    interrupted = 0
    while interrupted < MOMENTS:
        run = start(unmade)
        if ended_before(run, moments.uniform(0.0, LATEST)):
            assert run.process.returncode == 0, run.said()
            assert made(unmade) == undisturbed
            unmake(unmade)
            continue
        if interrupted % 2:
            os.kill(run.process.pid, signal.SIGTERM)
        else:
            os.killpg(run.process.pid, signal.SIGINT)
        try:
            run.process.wait(120)
        except subprocess.TimeoutExpired:
            # what docs/running.md says of `kill`: Snakemake's own handler may wait for a lock that the code it interrupted holds
            assert interrupted % 2 and not jobs_in(unmade), run.said()
            run.process.kill()
            run.process.wait()
            unlocked(unmade)
        interrupted += 1
        if run.process.returncode > 0 and "[atlas] " in run.said():
            last = run.said().splitlines()[-1]
            assert "finished results are kept, go on with: " in last
            # a job that Ctrl-C met before its first line, or after its last one, is named; so is one that it met in
            # Matplotlib's compiled code, which makes an error of its own of it
            named = ("it did not begin", "it ended well, but not", "ValueError: Invalid bounding box")
            assert last.startswith("attention-atlas: interrupted; ") or any(map(run.said().count, named)), run.said()
    good(snakemake(unmade, *TARGETS))
    assert made(unmade) == undisturbed


def test_killed_job_is_named_at_the_end_and_the_same_command_goes_on(unmade, undisturbed):
    run = start(unmade)
    assert wait_until(lambda: jobs_in(unmade), run)
    os.kill(jobs_in(unmade)[0], signal.SIGKILL)
    assert run.process.wait(600) != 0
    head, *failures, last = run.said().splitlines()[-3:]
    assert head.startswith("[atlas] 1 job failed, ")
    # without a word where the log has its beginning, not begun where it is empty yet
    assert "it ended without a word, as a job does that is killed" in failures[0] or "it did not begin" in failures[0]
    assert "details in logs/" in failures[0]
    assert last.startswith("[atlas] finished results are kept, go on with: ")
    good(snakemake(unmade, *TARGETS))
    assert made(unmade) == undisturbed


def test_two_runs_at_once(unmade, undisturbed):
    """The second is refused, and the first is not disturbed; what a killed one has locked says how to go on."""
    first = start(unmade)
    assert wait_until(lambda: jobs_in(unmade), first)
    refused = snakemake(unmade, *TARGETS)
    assert refused.returncode != 0
    assert "Directory cannot be locked" in refused.stderr
    assert "--unlock" in refused.stderr
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
    """The message names the file, which the same command makes again once it is deleted."""
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
    assert line.endswith("delete it and run the same command again")
    file.unlink()
    good(snakemake(unmade, target))
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
def test_full_disk(tmp_path, undisturbed, kilobytes):
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
            # Snakemake itself meets it where it clears the place, else a job
            assert "Read-only file system" in line
            assert "check the permissions" in line or "check that the results can be read and written there" in line
    good(snakemake(tmp_path, "spheres_fig7"))
    here, there = digests(tmp_path, "spheres/*/fig7.*"), digests(small_run, "spheres/*/fig7.*")
    assert here and here == there


def test_folder_on_a_read_only_disk(tmp_path):
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "ro", "tmpfs") as folder:
        line = complaint(snakemake(folder, "spheres_fig7"))
        assert f"{folder} cannot be written; check its permissions, or work in another folder with --directory" in line
