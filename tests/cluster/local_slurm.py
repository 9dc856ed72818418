"""A real Slurm on the loopback for the time of the tests: munged, slurmctld and two slurmd in a folder of their own.

Needs root and the Debian packages ``slurm-wlm`` and ``munge``; ``install`` gets them where apt is. No accounting database:
``jobcomp/filetxt`` writes a line for each job that ended, which is how the tests know what ran.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from runs import surroundings

PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
# In the environment of all jobs, so that ``stop`` knows what is left of them: without control groups Slurm loses processes
# whose parent it killed.
MARK = "ATLAS_TEST_CLUSTER"
# where every Slurm program looks when no variable names another file; the plugin removes such variables
SYSTEM_FILE = Path("/etc/slurm/slurm.conf")
NODES = ("atlas1", "atlas2")

SLURM_CONF = """
ClusterName=atlas
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
# the loopback has no control groups of its own
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
# memory is looked at every second; a step over what it asked for is killed
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/finished.txt
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=1,sched_interval=5,sched_min_interval=100000
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
# a node that was set down stays down until it is resumed
ReturnToService=0
# squeue shows ended jobs for so many seconds
MinJobAge=900
KillWait=3
SlurmdTimeout=60
InactiveLimit=0
DefMemPerCPU=1000
# believe the sizes below: more processors than the machine has, so that short jobs wait for each other less
SlurmdParameters=config_overrides
{nodes}
PartitionName=main Nodes={names} Default=YES State=UP MaxTime=INFINITE
"""


class SlurmError(RuntimeError):
    """Slurm cannot be had here; the message says why."""


def missing() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


def install() -> None:
    """Install Slurm if it is not there.

    Raises
    ------
    SlurmError
        No root, no apt, or apt failed.
    """
    if os.geteuid() != 0:
        raise SlurmError("a Slurm for tests can be started by root only")
    if not missing():
        return
    if shutil.which("apt-get") is None:
        raise SlurmError(f"Slurm is not installed ({', '.join(missing())}) and there is no apt-get")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "slurm-wlm", "munge"]):
        run = subprocess.run(
            ["apt-get", "-qq", *words], env=environment, capture_output=True, text=True, check=False, timeout=300
        )
    if run.returncode or missing():
        raise SlurmError(f"apt-get install slurm-wlm munge failed: {(run.stdout + run.stderr)[-500:]}")


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def program_of(pid: int) -> str:
    """Name of a running program, or nothing."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def end_killed_test(folder: Path) -> bool:
    """Whether the test that started the Slurm of ``folder`` is dead; then its daemons are ended."""
    pids = folder / "pids"
    owner, *daemons = [int(word) for word in pids.read_text().split()] if pids.is_file() else [0]
    if owner and program_of(owner):
        return False
    for pid in daemons:
        if program_of(pid) in PROGRAMS:
            os.kill(pid, signal.SIGKILL)
    return True


def wait_for_system_file(timeout: float = 3600.0) -> None:
    """Wait until no other test uses the system's slurm.conf, and clear away what a killed test left.

    Raises
    ------
    SlurmError
        It is a file, of a real cluster, or another test does not end.
    """
    end = time.monotonic() + timeout
    while SYSTEM_FILE.is_symlink():
        if end_killed_test(SYSTEM_FILE.readlink().parent):
            SYSTEM_FILE.unlink(missing_ok=True)
        elif time.monotonic() > end:
            raise SlurmError(f"another test still uses {SYSTEM_FILE}; end it first")
        else:
            time.sleep(1)
    if SYSTEM_FILE.exists():
        raise SlurmError(f"{SYSTEM_FILE} exists: this machine belongs to a cluster, where tests start no Slurm")


class LocalSlurm:
    """Start with ``start``, ask with ``command``, end with ``stop``."""

    def __init__(self, folder: Path, cpus: int = 2, memory_mb: int = 64000):
        self.folder = folder
        self.cpus = cpus
        self.memory_mb = memory_mb
        self.daemons: list[subprocess.Popen] = []
        self.linked = False

    def start(self) -> None:
        wait_for_system_file()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        (self.folder / "state").mkdir()
        for node in NODES:
            (self.folder / f"spool-{node}").mkdir()
        ports = free_ports(1 + len(NODES))
        nodes = "\n".join(
            f"NodeName={node} NodeHostname={socket.gethostname()} NodeAddr=127.0.0.1 Port={port} "
            f"CPUs={self.cpus} RealMemory={self.memory_mb}"
            for node, port in zip(NODES, ports[1:], strict=True)
        )
        names = ",".join(NODES)
        text = SLURM_CONF.format(host=socket.gethostname(), ports=ports, folder=self.folder, nodes=nodes, names=names)
        (self.folder / "slurm.conf").write_text(text)
        (self.folder / "pids").write_text(f"{os.getpid()}\n")
        SYSTEM_FILE.parent.mkdir(exist_ok=True)
        SYSTEM_FILE.symlink_to(self.folder / "slurm.conf")
        self.linked = True
        self._start_munge()
        self._daemon("slurmctld", "-D", "-i")
        for node in NODES:
            self._daemon("slurmd", "-D", "-N", node)
        self._wait_for("idle", NODES)

    def _daemon(self, *words: str) -> None:
        log = (self.folder / f"{words[0]}.out").open("ab")
        self.daemons.append(
            subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        )
        with (self.folder / "pids").open("a") as stream:
            stream.write(f"{self.daemons[-1].pid}\n")

    def _start_munge(self) -> None:
        key = self.folder / "munge.key"
        subprocess.run(["mungekey", "--create", f"--keyfile={key}"], check=True, capture_output=True)
        self._daemon(
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={self.folder}/munge.socket",
            f"--pid-file={self.folder}/munged.pid",
            f"--log-file={self.folder}/munged.log",
            f"--seed-file={self.folder}/munge.seed",
        )
        end = time.monotonic() + 20
        while not (self.folder / "munge.socket").exists():
            if time.monotonic() > end:
                raise SlurmError(f"munged did not start, see {self.folder}/munged.log")
            time.sleep(0.05)

    def command(self, *words: str, check: bool = True) -> str:
        run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        if check and run.returncode:
            raise SlurmError(f"{' '.join(words)}: {run.stderr.strip()}")
        return run.stdout

    def states(self) -> dict[str, str]:
        """Node -> state."""
        lines = self.command("sinfo", "-N", "-h", "-o", "%N %t", check=False).split("\n")
        return dict(line.split() for line in lines if line)

    def _wait_for(self, state: str, nodes: tuple[str, ...]) -> None:
        end = time.monotonic() + 60
        while any(self.states().get(node, "") != state for node in nodes):
            if time.monotonic() > end:
                raise SlurmError(f"nodes are not {state}: {self.states()}, see {self.folder}/*.log")
            time.sleep(0.2)

    def queue(self) -> list[dict[str, str]]:
        """Jobs that wait or run: id, state, name (of the run), comment (of the job), node."""
        text = self.command("squeue", "-h", "-r", "-t", "PD,R,CG,CF", "-o", "%i|%T|%j|%k|%N")
        return [dict(zip(("id", "state", "name", "comment", "node"), line.split("|"))) for line in text.splitlines()]

    def finished(self) -> list[dict[str, str]]:
        """Jobs that ended, from jobcomp/filetxt, in their order: JobId, JobState, Name, NodeList, ..."""
        path = self.folder / "finished.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        return [dict(word.split("=", 1) for word in line.split(" ") if "=" in word) for line in lines]

    def environment(self) -> dict[str, str]:
        """For a Snakemake that sends jobs to this Slurm."""
        return surroundings() | {MARK: str(self.folder)}

    def _end_what_is_left(self) -> None:
        mark = f"{MARK}={self.folder}".encode()
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    os.kill(int(path.parent.name), signal.SIGKILL)
            except OSError:
                continue

    def stop(self) -> None:
        """Cancel all jobs, end the daemons that ``start`` started, remove the link."""
        try:
            if self.daemons:
                self.command("scancel", "--signal=KILL", *(job["id"] for job in self.queue()), check=False)
                self.command("scancel", "--user=root", check=False)
        except (SlurmError, subprocess.TimeoutExpired):
            pass
        self._end_what_is_left()
        # munged, started first, ends last: the others talk through it
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait(20)
        self.daemons.clear()
        if self.linked:
            SYSTEM_FILE.unlink(missing_ok=True)
            self.linked = False
