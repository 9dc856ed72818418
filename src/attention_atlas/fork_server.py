"""Jobs of a small run as forks of one process that has loaded the libraries.

    python -m attention_atlas.fork_server snakemake --cores all ...

A job that draws one figure of the tour works for half a second, and loads NumPy, pandas, matplotlib and Numba for another. Here
Snakemake starts its jobs as always; a job (``scripts/_fork_client.py``) then asks this server for a fork of itself to run the
script, with the job's own files, folder, environment and streams, and waits until that has ended. So Snakemake sees, times and
stops the process it has started. Killing that process kills the fork; where the server does not answer, a job runs as ever.
Each fork is used once: nothing of one job is left for the next.
"""

import contextlib
import fcntl
import gc
import importlib
import io
import json
import os
import runpy
import shutil
import signal
import socket
import socketserver
import struct
import sys
import tempfile
from typing import Any, NoReturn

__all__ = ["ADDRESS", "main"]

# Environment variable: prefix of this Python and the socket.
ADDRESS = "ATLAS_FORK_SERVER"
LIBRARIES = [
    "numpy", "pandas", "numba", "scipy.special", "scipy.linalg", "scipy.optimize", "matplotlib.pyplot",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_pdf", "fontTools.subset", "PIL.PngImagePlugin",
    "snakemake.iocontainers", "snakemake.logging",
]  # fmt: skip


def _receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What the job has sent: its surroundings, and its three streams."""
    head, streams, _, _ = socket.recv_fds(channel, 8, 3)
    with channel.makefile("rb") as body:
        return json.loads(body.read(int.from_bytes(head, "big"))), streams


def _die_with(channel: socket.socket) -> None:
    """When the other end is closed, the process that Snakemake knows is gone: the kernel ends this one, whatever it does."""
    fcntl.fcntl(channel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(channel, fcntl.F_SETFL, fcntl.fcntl(channel, fcntl.F_GETFL) | os.O_ASYNC)


def _enter(job: dict[str, Any], streams: list[int]) -> None:
    """The folder, environment, path and streams of the job."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.argv, sys.path = job["arguments"], job["path"]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _status_of(script: str) -> int:
    """Run a script as Python itself would; its exit status."""
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        print(leaving.code, file=sys.stderr)
        return 1
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    return 0


class _Job(socketserver.BaseRequestHandler):
    """Runs in the fork, one job, and ends it."""

    server: "_Server"

    def handle(self) -> NoReturn:
        self.server.socket.close()  # who asks after the server has ended must not wait for this job
        job, streams = _receive(self.request)
        self.request.sendall(b"%d\n" % os.getpid())
        _die_with(self.request)
        _enter(job, streams)
        status = _status_of(job["arguments"][0])
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        fcntl.fcntl(self.request, fcntl.F_SETFL, 0)
        self.request.sendall(b"%d\n" % status)
        os._exit(status)


def _parent_of(process: int) -> int:
    """Process that has started ``process``; 0 where there is none."""
    try:
        with open(f"/proc/{process}/stat") as state:
            return int(state.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    request_queue_size = 128  # jobs that come while the libraries are loaded wait here

    def __init__(self, address: str, parent: int) -> None:
        super().__init__(address, _Job)
        self.parent = parent

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Only for what Snakemake has started itself: a job of a cluster stays within its limits, even on this machine."""
        (process,) = struct.unpack("i", request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4))
        while process not in (0, self.parent):
            process = _parent_of(process)
        return process == self.parent

    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self.parent:  # Snakemake has ended
            raise SystemExit(0)


def _draw_something() -> None:
    """Fonts, the grammar of formulas and the writers of both formats are loaded by the first figure."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(layout="constrained")
    axes.set(xlabel=r"$\beta^2$", ylabel="y")
    for suffix in ("png", "pdf"):
        figure.savefig(io.BytesIO(), format=suffix)
    plt.close(figure)


def _load_libraries() -> None:
    """Load what the jobs load, but nothing of this package: a job reads its own."""
    for name in LIBRARIES:
        importlib.import_module(name)
    from numba.core.registry import cpu_target

    cpu_target.target_context.refresh()
    _draw_something()
    for name in [name for name in sys.modules if name.split(".")[0] == "attention_atlas"]:
        del sys.modules[name]
    # shared by all forks, and no garbage
    gc.freeze()


def _serve(server: _Server, folder: str) -> NoReturn:
    # Ctrl-C is for Snakemake and for the jobs; the server leaves when Snakemake has
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _load_libraries()
        server.serve_forever(poll_interval=0.5)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def main(command: list[str]) -> NoReturn:
    """Become ``command``, with the server as its child.

    Where no socket can be made, or not on Linux, the command runs without a server.
    """
    # as in workflow/rules/common.smk: read when the libraries are loaded
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # elsewhere a fork of a process with the system's mathematics loaded may hang
    if sys.platform == "linux":
        _start()
    os.execvp(command[0], command)


def _start() -> None:
    """Start the server as a child of this process, and say in the environment where it listens."""
    folder = ""
    try:
        folder = tempfile.mkdtemp(prefix="attention-atlas-")
        address = os.path.join(folder, "jobs")
        server = _Server(address, os.getpid())
    except OSError:  # no room, or a name too long for a socket
        shutil.rmtree(folder, ignore_errors=True)
        return
    if os.fork() == 0:
        _serve(server, folder)
    server.server_close()
    os.environ[ADDRESS] = os.pathsep.join([sys.prefix, address])


if __name__ == "__main__":
    main(sys.argv[1:])
