"""Runs of the workflow through the Slurm profile, and what Slurm says of them."""

import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from local_slurm import LocalSlurm
from runs import HOME, SMALL

SUBMITTED = re.compile(r"Job (\S+) has been submitted with SLURM jobid (\d+)")
RUN_NAME = re.compile(r"SLURM run ID: (\S+)")


class ClusterRun:
    """Snakemake in ``folder`` with profiles/slurm, checks from four seconds on, groups of two processors (the nodes have no more)."""

    def __init__(
        self, slurm: LocalSlurm, folder: Path, targets: Sequence[str], *options: str, configs: Sequence[Path] = (SMALL,)
    ):
        words = [sys.executable, "-m", "snakemake", *targets, "--snakefile", str(HOME / "Snakefile")]
        words += ["--workflow-profile", str(HOME / "profiles" / "slurm"), "--cores", "2", "--directory", str(folder)]
        words += ["--slurm-init-seconds-before-status-checks", "4", *options, "--configfile", *map(str, configs)]
        self.folder = folder
        self.shown = folder / f"console_{time.monotonic_ns()}.txt"
        self.earlier = set(self.logs())
        folder.mkdir(parents=True, exist_ok=True)
        with self.shown.open("wb") as stream:
            self.process = subprocess.Popen(
                words, cwd=HOME, env=slurm.environment(), stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
            )

    def console(self) -> str:
        return self.shown.read_text(errors="replace")

    def logs(self) -> list[Path]:
        return sorted((self.folder / ".snakemake" / "log").glob("*.log"))

    def log(self) -> str:
        """All that Snakemake said in this run: the console shows less."""
        return "".join(path.read_text(errors="replace") for path in self.logs() if path not in self.earlier)

    def name(self) -> str:
        """Name of all Slurm jobs of the run, which the console tells."""
        found = RUN_NAME.search(self.console())
        return found.group(1) if found else ""

    def finish(self, timeout: float) -> None:
        """Wait for the end, which must be a good one."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"not finished after {timeout} s\n{self.console()[-4000:]}") from None
        assert code == 0, self.console()[-4000:]

    def submissions(self) -> dict[str, str]:
        """Slurm job -> Snakemake's number of the job or of the group."""
        return {slurm_id: number for number, slurm_id in SUBMITTED.findall(self.log())}


def outcomes(slurm: LocalSlurm, run: ClusterRun) -> dict[str, list[str]]:
    """Snakemake's job -> the states in which its Slurm jobs ended, in their order."""
    jobs, states = run.submissions(), defaultdict(list)
    for record in slurm.finished():
        if record["Name"] == run.name():
            states[jobs[record["JobId"]]].append(record["JobState"])
    return dict(states)


def wait_for(condition: Callable, timeout: float = 600.0, every: float = 0.2):
    """What ``condition`` returns as soon as it is true."""
    end = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(every)
    return value


def running(slurm: LocalSlurm, rule: str) -> list[dict[str, str]]:
    """Jobs of a rule that run now."""
    return [job for job in slurm.queue() if job["state"] == "RUNNING" and job["comment"].startswith(f"rule_{rule}")]


def result_files(folder: Path, pattern: str = "**/*") -> dict[str, bytes]:
    """Contents of all results by name, without provenance and the atlas, which say when and where a job ran."""
    results = folder / "results"
    files = (path for path in results.glob(pattern) if path.is_file())
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in files
        if path.relative_to(results).parts[0] not in ("provenance", "atlas")
    }
