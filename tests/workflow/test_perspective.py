"""The perspective in small: its files, and diagrams that depend neither on slabs nor on threads."""

import numpy as np
import pandas as pd
import pytest
from runs import SMALL, complaint, digests, good, overlay, snakemake

pytestmark = pytest.mark.slow


def test_files_of_the_contract(small_run):
    data = small_run / "results" / "perspective" / "data"
    for flow in ("sa", "usa"):
        with np.load(data / f"phase_{flow}_d2.npz", allow_pickle=False) as arrays:
            assert {"beta", "time", "probability"} <= set(arrays.files)
            assert arrays["probability"].shape == (len(arrays["beta"]), len(arrays["time"])) == (8, 30)
            assert (np.diff(arrays["probability"][0]) >= 0).all()
    assert list(pd.read_csv(data / "phase_curve.csv").columns) == ["time", "beta"]
    assert list(pd.read_csv(data / "deep_limit.csv").columns) == ["model", "layers", "error"]
    energy = pd.read_csv(data / "energy.csv")
    assert {"flow", "time", "energy"} <= set(energy.columns)
    figures = small_run / "results" / "perspective" / "figures"
    for name in ("particles_2d_a.gif", "particles_2d_a.mp4", "particles_3d_e.html", "hypersphere.html"):
        assert (figures / name).stat().st_size < 5_000_000


def test_diagrams_do_not_depend_on_slabs_or_threads(small_run, tmp_path):
    changed = overlay(tmp_path, "threads: 2\nperspective:\n  phase:\n    slabs: 3\n  phase_random:\n    slabs: 2\n")
    targets = ("perspective_phase_sa_d2", "perspective_phase_usa_d2", "perspective_phase_random_d4")
    good(snakemake(tmp_path, *targets, configs=(SMALL, changed)))
    here = digests(tmp_path, "perspective/*/phase_*.*")
    there = digests(small_run, "perspective/*/phase_*.*")
    assert {"results/perspective/data/phase_usa_d2.npz", "results/perspective/figures/phase_sa_d2.png"} <= set(here)
    assert {name: there[name] for name in here} == here


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("perspective:\n  phase:\n    slabs: 1000\n", ["perspective.phase.slabs", "1000"]),
        ("perspective:\n  phase:\n    beta: [1.0]\n", ["perspective.phase.beta", "did you mean betas?"]),
    ],
)
def test_bad_values_are_one_line(tmp_path, text, words):
    line = complaint(snakemake(tmp_path, "perspective", configs=(overlay(tmp_path, text),)))
    assert all(word in line for word in words)
