"""What can go wrong on a cluster: a cancelled job, a lost node, too little memory, a killed Snakemake."""

import signal

import pytest
from cluster_runs import ClusterRun, outcomes, result_files, running, wait_for

pytestmark = pytest.mark.slow


def same_results(folder, small_run):
    """The results are those of the run on one machine, and there are some."""
    here, there = result_files(folder), result_files(small_run)
    assert here
    assert [name for name in here if there.get(name) != here[name]] == []


def completed_once(states):
    """Each job of Snakemake has one Slurm job that completed, its last."""
    return all(line.count("COMPLETED") == 1 and line[-1] == "COMPLETED" for line in states.values())


def test_cancelled_job_and_lost_node(slurm, small_run, tmp_path):
    run = ClusterRun(slurm, tmp_path / "run", ["spheres_fig2", "metastability_plateau_histogram"])
    victim, node = None, None

    def strike():
        """One job of the one figure is cancelled, a node under the other is lost, whichever runs first."""
        nonlocal victim, node
        if victim is None and (jobs := running(slurm, "spheres_fig2_compute")):
            victim = jobs[0]["id"]
            slurm.command("scancel", victim)
        if node is None and (jobs := running(slurm, "metastability_plateau_histogram_compute")):
            node = jobs[0]["node"]
            slurm.command("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
        return victim and node

    wait_for(strike)
    wait_for(lambda: [job for job in slurm.finished() if job["JobState"] == "NODE_FAIL"])
    # the other node takes over before this one comes back
    wait_for(lambda: [job for job in slurm.queue() if job["state"] == "RUNNING" and job["node"] != node])
    slurm.command("scontrol", "update", f"NodeName={node}", "State=RESUME")
    run.finish(900)
    same_results(run.folder, small_run)
    states = outcomes(slurm, run)
    assert completed_once(states)
    assert "CANCELLED" in states[run.submissions()[victim]]
    assert {state for line in states.values() for state in line} == {"COMPLETED", "CANCELLED", "NODE_FAIL"}
    assert "SLURM status is: 'NODE_FAIL'" in run.log()
    assert "SLURM status is: 'CANCELLED'" in run.log()


def test_job_out_of_memory_gets_more(slurm, small_run, tmp_path):
    """The first attempt asks for less than the job needs, and Slurm kills it; the second for four times as much.

    Less than the two Snakemake processes around the script need: Slurm looks once a second, and the script may be over in less.
    """
    run = ClusterRun(
        slurm,
        tmp_path / "run",
        ["metastability_exit_time"],
        "--set-resources",
        "metastability_exit_time_compute:mem_mb=attempt * attempt * 150",
    )
    run.finish(900)
    same_results(run.folder, small_run)
    states = outcomes(slurm, run)
    assert completed_once(states)
    memory = [(job["JobState"], job["Tres"]) for job in slurm.finished() if job["Name"] == run.name()]
    assert [state for state, asked in memory if "mem=150M" in asked] == ["FAILED"]
    assert sorted(states.values())[-1] == ["FAILED", "COMPLETED"]
    assert "COMPLETED" in [state for state, asked in memory if "mem=600M" in asked]
    step = "exceeded memory limit"
    logs = (run.folder / ".snakemake" / "slurm_logs").rglob("*.log")
    assert any(step in path.read_text(errors="replace") for path in logs)


def test_killed_snakemake_leaves_jobs_that_are_cancelled_by_the_name_of_the_run(slurm, small_run, tmp_path):
    folder = tmp_path / "run"
    first = ClusterRun(slurm, folder, ["spheres_fig2"])
    wait_for(lambda: running(slurm, "spheres_fig2_compute"))
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    # they would do the work of a new run's again
    assert slurm.queue()
    slurm.command("scancel", f"--name={first.name()}")
    wait_for(lambda: not slurm.queue(), 60)
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
