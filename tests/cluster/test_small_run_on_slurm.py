"""Three papers in small on a real Slurm, with their claims: every file as on one machine, every job once; six minutes on two cores.

Images and phase diagrams in slabs, films, and the rules that ``workflow/figures`` makes of its tables; the other papers ask Slurm in the
same words (``workflow/rules/common.smk``).
"""

import pytest
from cluster_runs import ClusterRun, outcomes, result_files
from runs import HOME, SMALL

TOUR = HOME / "resources" / "configurations" / "tour.yaml"

PAPERS = ["art", "perspective", "studies"]

pytestmark = pytest.mark.slow


def test_every_result_is_the_same_as_on_one_machine(slurm, small_run, tmp_path):
    run = ClusterRun(slurm, tmp_path / "run", PAPERS, configs=(SMALL, TOUR))
    run.finish(2400)
    here, there = result_files(run.folder), result_files(small_run)
    assert [name for name in here if here[name] != there[name]] == []
    assert {f"{paper}/claims/claims.csv" for paper in PAPERS} <= set(here)
    assert len([name for name in here if "/figures/" in name]) > 30
    # nothing failed, nothing ran twice
    assert set(run.submissions().values()) == set(outcomes(slurm, run))
    assert {tuple(states) for states in outcomes(slurm, run).values()} == {("COMPLETED",)}
    # 92 jobs, of which small ones travel together
    assert len(run.submissions()) < 70
    assert slurm.queue() == []
