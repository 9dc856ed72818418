"""Who is at work in a folder: jobs of a killed run are waited for, a live run is named, others are left alone."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from attention_atlas.files import half_made
from attention_atlas.pipeline.recovery import at_work, main, wait_for_jobs

SLEEP = "import sys, time; print('ready', flush=True); time.sleep(float(sys.argv[-1]))"


@pytest.fixture
def start(tmp_path):
    """Start a Python that waits in ``tmp_path`` under a command line of its own; ended after the test."""
    started = []

    def begin(path: Path, seconds: float, folder: Path = tmp_path) -> subprocess.Popen:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SLEEP)
        process = subprocess.Popen([sys.executable, str(path), str(seconds)], cwd=folder, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def script(folder: Path) -> Path:
    return folder / ".snakemake" / "scripts" / "tmpabc.compute_spheres_split.py"


def test_jobs_and_runs_are_told_apart(tmp_path, start):
    job = start(script(tmp_path), 60)
    run = start(tmp_path / "bin" / "snakemake", 60)
    start(tmp_path / "other.py", 60)
    found = at_work(tmp_path)
    assert found.jobs == [(job.pid, "compute_spheres_split.py")]
    assert found.runs == [run.pid]


def test_other_folders_do_not_matter(tmp_path, start):
    other = tmp_path / "other"
    other.mkdir()
    start(script(other), 60, folder=other)
    assert at_work(tmp_path) == ([], [])


def test_recovering_waits_for_the_last_jobs_and_names_them(tmp_path, start, capsys):
    job = start(script(tmp_path), 1.5)
    begun = time.monotonic()
    main(["--directory", str(tmp_path), "spheres_fig2", "--configfile", "some.yaml"])
    assert time.monotonic() - begun > 1.0
    assert job.poll() is not None or at_work(tmp_path).jobs == []
    said = capsys.readouterr().err
    assert said.count("attention-atlas: waiting for compute_spheres_split.py") == 1
    assert f"kill {job.pid}" in said


def test_recovering_refuses_where_a_run_is_alive(tmp_path, start):
    run = start(tmp_path / "bin" / "snakemake", 60)
    with pytest.raises(SystemExit, match=f"another run \\(process {run.pid}\\) is at work in {tmp_path}"):
        main(["-d", str(tmp_path)])


def test_nothing_to_wait_for(tmp_path, capsys):
    wait_for_jobs(tmp_path)
    main(["--directory", str(tmp_path)])
    assert capsys.readouterr() == ("", "")


def test_half_made_files_of_this_machine_are_removed(tmp_path):
    results = tmp_path / "results" / "spheres"
    results.mkdir(parents=True)
    kept = [results / "fig2.png", results / ".fig2.csv.sha256", results / ".fig2.another-12.part.png"]
    for path in [*kept, half_made(results / "fig2.png"), half_made(results / "film.mp4")]:
        path.write_text("half")
    folder = half_made(tmp_path / "results" / "atlas")
    (folder / "pages").mkdir(parents=True)
    main(["--directory", str(tmp_path)])
    assert sorted(path for path in results.iterdir()) == sorted(kept)
    assert not folder.exists()
