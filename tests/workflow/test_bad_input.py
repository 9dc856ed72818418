"""Bad input ends in one clear line, before hours of work, and loses nothing."""

import os
import signal
import subprocess
import time

import pandas as pd
import pytest
from runs import HOME, SMALL, command, complaint, digests, good, overlay, snakemake

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spheres:\n  fig4:\n    stepps: 3\n", ["spheres.fig4.stepps", "unknown key", "steps"]),
        ("spheres:\n  fig4:\n    steps: three\n", ["spheres.fig4.steps", "'three'", "whole number"]),
        ("spheres:\n  fig2:\n    D: [[0.0, 1.0], [2.0, 1.0]]\n", ["spheres.fig2.D", "not symmetric"]),
    ],
)
def test_configuration_is_checked_before_any_rule(tmp_path, text, words):
    line = complaint(snakemake(tmp_path, "spheres_fig2", configs=(overlay(tmp_path, text),)))
    for word in words:
        assert word in line
    assert not (tmp_path / "results").exists()


def test_missing_configuration_file(tmp_path):
    words = ["sh", str(HOME / "atlas"), "build", "--configfile", str(tmp_path / "none.yaml")]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "none.yaml does not exist" in complaint(run)


def test_results_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "results").write_text("a file where the folder should be")
    line = complaint(snakemake(tmp_path, "spheres_fig7"))
    assert "the folder results cannot be written" in line


def test_steps_that_are_too_long_are_a_status(tmp_path):
    """tau so large that the descent climbs, and D so large that numbers overflow: rows of the table, not crashes."""
    text = """
spheres:
  fig3:
    panels:
      a: {D: [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 8.0]], step_size: 50.0}
      b: {D: [[1000.0, 0, 0], [0, 900.0, 0], [0, 0, 1.0]], step_size: 0.5}
"""
    good(snakemake(tmp_path, "spheres_fig3a", "spheres_fig3b", configs=(SMALL, overlay(tmp_path, text))))
    runs = pd.read_csv(tmp_path / "results" / "spheres" / "data" / "fig3_runs.csv").set_index("panel")
    assert runs.loc["a", "status"] == "energy_blew_up"
    assert runs.loc["a", "step_size"] == 50.0
    assert runs.loc["b", "status"] == "blew_up"
    assert runs.loc["b", "failed_step"] >= 0
    assert runs.loc["c", "status"] == "ok"
    drawn = pd.read_csv(tmp_path / "results" / "spheres" / "data" / "fig3.csv")
    assert set(drawn["panel"]) == {"c", "d"}
    assert drawn[["x", "y", "z"]].notna().to_numpy().all()


def test_truncated_file_between_rules(tmp_path):
    good(snakemake(tmp_path, "spheres_fig2"))
    before = digests(tmp_path, "spheres/*/*.*")
    table = tmp_path / "results" / "spheres" / "data" / "fig2.csv"
    table.write_bytes(table.read_bytes()[:-40])
    figure = tmp_path / "results" / "spheres" / "figures" / "fig2.png"
    figure.unlink()
    run = snakemake(tmp_path, "spheres_fig2")
    assert run.returncode != 0
    assert "results/spheres/data/fig2.csv: is not the file that was written" in run.stderr
    assert "delete it and run the same command again" in run.stderr
    table.unlink()
    good(snakemake(tmp_path, "spheres_fig2"))
    assert digests(tmp_path, "spheres/*/*.*") == before


def test_killed_run_continues_and_equals_an_undisturbed_one(tmp_path, small_run):
    """kill -9 of everything in the middle of a run; the documented recovery; the same bytes."""
    targets = ["spheres_fig2", "spheres_fig3a"]
    with open(tmp_path / "output", "w") as output:
        run = subprocess.Popen(
            command(tmp_path, *targets), cwd=HOME, stdout=output, stderr=output, start_new_session=True
        )
        deadline = time.monotonic() + 300
        while not list(tmp_path.glob("results/spheres/runs/**/*.npz")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    good(snakemake(tmp_path, "--unlock", *targets))
    good(snakemake(tmp_path, *targets))
    here, there = digests(tmp_path, "spheres/*/*.*"), digests(small_run, "spheres/*/*.*")
    assert {"results/spheres/data/fig2.csv", "results/spheres/figures/fig3a.png"} <= set(here)
    assert {name: there[name] for name in here} == here
