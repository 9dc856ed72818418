"""The mean-field map in small: its files, and numbers that depend neither on slabs nor on threads."""

import numpy as np
import pandas as pd
import pytest
from runs import SMALL, complaint, digests, good, overlay, snakemake

pytestmark = pytest.mark.slow

SLABS = """threads: 2
mean_field:
  bifurcation: {slabs: 3}
  bifurcation_zoom: {slabs: 1}
  continuation: {full: {slabs: 1}}
  phase_diagram: {slabs: 5}
  coexistence: {slabs: 1}
"""
TARGETS = [
    "mean_field_bifurcation",
    "mean_field_lyapunov_zoom",
    "mean_field_continuation",
    "mean_field_phase_diagram",
    "mean_field_coexistence",
]


def test_files_of_the_contract(small_run):
    data = small_run / "results" / "mean_field" / "data"
    exponents = [f"lyapunov_{k}" for k in range(1, 13)]
    for name in ("lyapunov", "lyapunov_zoom"):
        columns = list(pd.read_csv(data / f"{name}.csv").columns)
        assert columns[:16] == ["beta", *exponents, "class", "period", "status"]
    start = pd.read_csv(data / "start_window.csv")
    assert start["A_1"].to_numpy() == pytest.approx([-0.22889904, -0.23496112, -0.24761087, 0.30752717], abs=1e-7)
    assert start[["bit_1", "bit_2"]].to_numpy().tolist() == [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    assert list(pd.read_csv(data / "finite_size.csv").columns[:2]) == ["spins", "observable"]
    with np.load(data / "phase_diagram.npz", allow_pickle=False) as arrays:
        assert arrays["distinct_slice"].shape == (arrays["beta"].size, arrays["beta_att"].size) == (16, 16)
    with np.load(data / "trajectories.npz", allow_pickle=False) as arrays:
        assert arrays["observables"].shape == (6, 6000, 3)


def test_numbers_do_not_depend_on_slabs_threads_or_order(small_run, tmp_path):
    changed = overlay(tmp_path, SLABS)
    good(snakemake(tmp_path, *TARGETS, configs=(SMALL, changed)))
    here = digests(tmp_path, "mean_field/data/*.*")
    there = digests(small_run, "mean_field/data/*.*")
    assert {"results/mean_field/data/lyapunov.csv", "results/mean_field/data/phase_diagram.npz"} <= set(here)
    assert {name: there[name] for name in here} == here


def test_a_damaged_start_file_is_one_clear_line(tmp_path):
    (tmp_path / "start.csv").write_text("age,A_1,A_2,A_3,bit_1,bit_2\n0,0.1,0.2,0.3,1,1\n1,0.1,")
    changed = overlay(tmp_path, f"mean_field:\n  start: {{file: {tmp_path}/start.csv}}\n")
    run = snakemake(tmp_path, "mean_field_bifurcation", configs=(SMALL, changed))
    assert run.returncode != 0
    line = next(line for line in run.stderr.splitlines() if line.startswith("attention-atlas: "))
    assert "start.csv: holds entries of age [0, 1], the window has 4; mend it" in line
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mean_field:\n  model: {patterns: 4}\n", ["mean_field.model.patterns", "4", "≤ 3"]),
        ("mean_field:\n  model: {context: 9}\n", ["mean_field.model.context", "9", "4 tokens"]),
        (
            "mean_field:\n  bifurcation: {alignment: 5000}\n",
            ["mean_field.bifurcation.alignment", "5000", "transient of 2000"],
        ),
    ],
)
def test_bad_values_are_named_before_any_rule(tmp_path, text, words):
    line = complaint(snakemake(tmp_path, "mean_field_bifurcation", configs=(SMALL, overlay(tmp_path, text))))
    for word in words:
        assert word in line
