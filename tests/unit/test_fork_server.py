"""Jobs as forks of a server: the same answers, ends and bytes as without; what is killed is gone."""

import os
import re
import signal
import subprocess
import sys
import time

# makes the cache of fonts on a fresh machine, of which Matplotlib tells whoever loads it first
import matplotlib.font_manager  # noqa: F401
import psutil
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the server is for Linux")

JOB = """
snakemake = None  # which Snakemake puts into a script
import sys
sys.path.append({scripts!r})
import os
before = os.getpid()
import _library
{work}
"""


@pytest.fixture
def ask(tmp_path, home):
    """ask(work, ...): the finished command that started the server and, in its shell, one job that does ``work``."""

    def start(work, command='{python} {script}', wait=True, **environment):  # fmt: skip
        script = tmp_path / "job.py"
        script.write_text(JOB.format(scripts=str(home / "scripts"), work=work))
        words = command.format(python=sys.executable, script=script)
        server = [sys.executable, "-m", "attention_atlas.fork_server", "bash", "-c", words]
        process = subprocess.Popen(
            server,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(home / "src"), "TMPDIR": str(tmp_path)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if not wait:
            return process
        out, error = process.communicate(timeout=120)
        return subprocess.CompletedProcess(server, process.returncode, out, error)

    return start


def forks(folder):
    """Processes of the server, itself included."""
    return [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if "attention_atlas.fork_server" in (one.info["cmdline"] or []) and str(folder) in " ".join(one.info["cmdline"])
    ]


def gone(folder):
    """Whether the server and its forks end within some seconds."""
    until = time.monotonic() + 20
    while forks(folder) and time.monotonic() < until:
        time.sleep(0.1)
    return forks(folder) == []


def test_a_job_runs_in_a_fork_with_the_libraries_in_its_own_surroundings(ask, tmp_path):
    work = "print(os.getppid() != int(os.environ['SHELL_PID']), 'matplotlib.pyplot' in sys.modules, os.getcwd(), sys.argv, sep='|')"
    command = "mkdir -p in; cd in; export SHELL_PID=$$ WORD=é; {python} {script}; echo; env | grep -c WORD"
    run = ask(work + "\nprint(os.environ['WORD'], 'ATLAS_FORK_SERVER' in os.environ)", command)
    lines = run.stdout.split("\n")
    assert lines[0] == f"True|True|{tmp_path}/in|['{tmp_path}/job.py']"
    assert lines[1] == "é False"
    assert run.stderr == ""
    assert gone(tmp_path)
    assert list(tmp_path.glob("attention-atlas-*")) == []


@pytest.mark.parametrize(
    ("work", "status", "error"),
    [
        ("pass", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('no such figure')", 1, "no such figure\n"),
        ("raise ValueError('odd')", 1, r"(?s)Traceback.*ValueError: odd\n"),
        ("os.kill(os.getpid(), 9)", 137, ""),
        ("raise KeyboardInterrupt", 130, ""),
    ],
)
def test_it_ends_as_a_process_of_its_own_would(ask, work, status, error):
    run = ask(work)
    assert run.returncode == status
    assert re.fullmatch(error, run.stderr)


def test_one_job_leaves_nothing_to_the_next(ask):
    work = (
        "import numpy\nprint(hasattr(numpy, 'mark'), numpy.random.rand() if len(sys.argv) > 1 else '')\nnumpy.mark = 1"
    )
    run = ask(work, "{python} {script}; {python} {script}")
    assert run.stdout.split() == ["False", "False"]


def test_killing_the_process_that_snakemake_knows_ends_the_fork(ask, tmp_path):
    work = "import time\nopen('began', 'w').close()\ntime.sleep(60)\nopen('ended', 'w').close()"
    run = ask(work, "{python} {script} & job=$!; while [ ! -e began ]; do sleep 0.1; done; kill -9 $job; sleep 1")
    assert run.returncode == 0
    assert gone(tmp_path)
    assert not (tmp_path / "ended").exists()


def test_a_fork_outlives_a_killed_snakemake_as_any_job_does(ask, tmp_path):
    work = "import time\nopen('began', 'w').close()\ntime.sleep(3)\nopen('ended', 'w').close()"
    process = ask(work, "{python} {script}; true", wait=False)
    while not (tmp_path / "began").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 20
    while not (tmp_path / "ended").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert (tmp_path / "ended").exists()
    assert gone(tmp_path)


@pytest.mark.parametrize("address", ["{prefix}:/nowhere/jobs", "/another/python:/nowhere/jobs"])
def test_without_a_server_or_with_another_python_a_job_runs_as_ever(ask, address):
    place = address.format(prefix=sys.prefix)
    run = ask(
        "print(before == os.getpid(), 'pandas' in sys.modules)", f"ATLAS_FORK_SERVER={place} {{python}} {{script}}"
    )
    assert run.stdout == "True False\n"
    assert run.stderr == ""


def test_a_job_that_snakemake_has_not_started_itself_runs_as_ever(ask, tmp_path):
    # as a job of a cluster on this very machine: setsid leaves it to the system
    command = "(setsid {python} {script} > said 2>&1 &) ; while ! grep -q . said; do sleep 0.1; done"
    assert ask("print(before == os.getpid(), flush=True)", command).returncode == 0
    assert (tmp_path / "said").read_text() == "True\n"


def test_the_command_runs_without_a_server_where_no_socket_can_be_made(ask, tmp_path):
    folder = tmp_path / ("long" * 20) / ("long" * 20)  # longer than the name of a socket may be
    folder.mkdir(parents=True)
    run = ask("print(before == os.getpid())", TMPDIR=str(folder))
    assert run.stdout == "True\n"
    assert run.stderr == ""
    assert list(folder.iterdir()) == []
