"""Bad input ends in one clear line, before hours of work, and loses nothing."""

import pandas as pd
import pytest
from runs import SMALL, complaint, good, overlay, snakemake

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
    line = complaint(snakemake(tmp_path, "spheres_fig7", configs=(tmp_path / "none.yaml",)))
    assert "none.yaml" in line
    assert "No such file" in line


def test_results_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "results").write_text("a file where the folder should be")
    line = complaint(snakemake(tmp_path, "spheres_fig7"))
    assert "Not a directory: 'results" in line


def test_dry_run_lists_every_job_with_its_reason_and_makes_nothing(tmp_path):
    run = good(snakemake(tmp_path, "-n", "spheres_fig7"))
    assert "rule spheres_fig7_compute:" in run.stdout
    assert "reason: Missing output files: results/spheres/data/fig7.csv" in run.stdout
    assert not (tmp_path / "results").exists()


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
