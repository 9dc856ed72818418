"""What can go wrong on a cluster: a cancelled job, a lost node, too little memory, a killed Snakemake."""

import signal
import subprocess

import pytest
from cluster_runs import ClusterRun, outcomes, result_files, running, wait_for
from runs import HOME

pytestmark = pytest.mark.slow


def same_results(folder, small_run):
    """The results are those of the run on one machine, and there are some."""
    here, there = result_files(folder), result_files(small_run)
    assert here
    assert [name for name in here if there.get(name) != here[name]] == []


def completed_once(states):
    """Each job of Snakemake has one Slurm job that completed, its last."""
    return all(line.count("COMPLETED") == 1 and line[-1] == "COMPLETED" for line in states.values())


def test_cancelled_job_lost_node_and_too_little_memory(slurm, small_run, tmp_path):
    # the third fault: the first attempt of this rule asks for less than it needs and is killed by Slurm
    run = ClusterRun(
        slurm,
        tmp_path / "run",
        ["spheres_fig2", "metastability_plateau_histogram", "metastability_exit_time"],
        "--set-resources",
        "metastability_exit_time_compute:mem_mb=attempt * attempt * 250",
    )
    victim = wait_for(lambda: running(slurm, "spheres_fig2_compute"))[0]
    slurm.command("scancel", victim["id"])
    node = wait_for(lambda: running(slurm, "metastability_plateau_histogram_compute"))[0]["node"]
    slurm.command("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
    lost = wait_for(lambda: [job for job in slurm.finished() if job["JobState"] == "NODE_FAIL"])
    slurm.command("scontrol", "update", f"NodeName={node}", "State=RESUME")
    run.finish(900)
    same_results(run.folder, small_run)
    states = outcomes(slurm, run)
    assert completed_once(states)
    assert states[run.submissions()[victim["id"]]] == ["CANCELLED", "COMPLETED"]
    assert lost
    text = run.console()
    assert "SLURM status is: 'NODE_FAIL'" in text
    assert "SLURM status is: 'CANCELLED'" in text
    # killed by Slurm for its memory, then given four times as much
    memory = [job for job in slurm.finished() if "mem=250M" in job["Tres"] and job["Name"] == run.name()]
    more = [job for job in slurm.finished() if "mem=1000M" in job["Tres"] and job["Name"] == run.name()]
    assert [job["JobState"] for job in memory] == ["FAILED"]
    assert more


def test_killed_snakemake_leaves_jobs_that_one_command_cancels(slurm, small_run, tmp_path):
    folder = tmp_path / "run"
    first = ClusterRun(slurm, folder, ["spheres_fig2"])
    wait_for(lambda: running(slurm, "spheres_fig2_compute"))
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    # they would write the same files as those of a new run
    assert slurm.queue()
    cancel = subprocess.run(
        [HOME / "atlas", "cancel", "--directory", folder], capture_output=True, text=True, check=False
    )
    assert cancel.returncode == 0, cancel.stderr
    assert "jobs cancelled" in cancel.stdout
    assert slurm.queue() == []
    second = ClusterRun(slurm, folder, [], "--unlock")
    second.finish(60)
    third = ClusterRun(slurm, folder, ["spheres_fig2"])
    third.finish(600)
    same_results(folder, small_run)
    assert completed_once(outcomes(slurm, third))


def test_interrupted_snakemake_cancels_its_jobs(slurm, tmp_path):
    run = ClusterRun(slurm, tmp_path / "run", ["spheres_fig2"])
    wait_for(lambda: running(slurm, "spheres_fig2_compute"))
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(120) != 0
    wait_for(lambda: not slurm.queue(), 60)
