"""Everything in small on a real Slurm: every file as on one machine, every job once; a quarter of an hour on two cores."""

import pytest
from cluster_runs import ClusterRun, outcomes, result_files

pytestmark = pytest.mark.slow


def test_every_result_is_the_same_as_on_one_machine(slurm, small_run, tmp_path):
    run = ClusterRun(slurm, tmp_path / "run", ["all"])
    run.finish(2400)
    here, there = result_files(run.folder), result_files(small_run)
    assert set(here) == set(there)
    assert [name for name in here if here[name] != there[name]] == []
    assert len([name for name in here if "/figures/" in name]) > 100
    # nothing failed, nothing ran twice
    assert set(run.submissions().values()) == set(outcomes(slurm, run))
    assert {tuple(states) for states in outcomes(slurm, run).values()} == {("COMPLETED",)}
    # small jobs travel together
    # 417 jobs
    assert len(run.submissions()) < 200
    assert slurm.queue() == []
