"""The tour on a real Slurm, with all claims and what they need: every file as on one machine, every job once; ten minutes on two cores.

The drawings that the tour leaves out go through the same rule, which the run on one machine and its tests look at.
"""

import pytest
from cluster_runs import ClusterRun, outcomes, result_files
from runs import HOME, SMALL

TOUR = HOME / "resources" / "configurations" / "tour.yaml"

pytestmark = pytest.mark.slow


def test_every_result_is_the_same_as_on_one_machine(slurm, small_run, tmp_path):
    run = ClusterRun(slurm, tmp_path / "run", ["all"], configs=(SMALL, TOUR))
    run.finish(2400)
    here, there = result_files(run.folder), result_files(small_run)
    assert [name for name in here if here[name] != there[name]] == []
    assert {name for name in there if "/claims/" in name} <= set(here)
    assert len([name for name in here if "/figures/" in name]) > 80
    # nothing failed, nothing ran twice
    assert set(run.submissions().values()) == set(outcomes(slurm, run))
    assert {tuple(states) for states in outcomes(slurm, run).values()} == {("COMPLETED",)}
    # small jobs travel together
    # 245 jobs
    assert len(run.submissions()) < 150
    assert slurm.queue() == []
