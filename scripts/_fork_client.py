"""Has a job run by a fork of the server of ``attention_atlas.fork_server``, in a process with the libraries loaded."""

import json
import os
import signal
import socket
import sys

__all__ = ["hand_over"]

KILLED = 128 + signal.SIGKILL


def hand_over() -> None:
    """Run this script in a fork of the server and leave with its exit status; return where there is no server.

    A server with another Python (the job has an environment of its own) is none.
    """
    prefix, _, address = os.environ.pop("ATLAS_FORK_SERVER").rpartition(os.pathsep)
    channel = socket.socket(socket.AF_UNIX)
    try:
        if prefix != sys.prefix:
            return
        channel.connect(address)
        job = {"arguments": sys.argv, "path": sys.path, "folder": os.getcwd(), "environment": dict(os.environ)}
        request = json.dumps(job).encode()
        socket.send_fds(channel, [len(request).to_bytes(8, "big")], [0, 1, 2])
        channel.sendall(request)
        answers = channel.makefile()
        worker = answers.readline()
    except OSError:
        return
    if worker:
        # the fork gets Ctrl-C as well and ends in its own way; what only this process is told is passed on
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: os.kill(int(worker), signal.SIGTERM))
        os._exit(int(answers.readline() or KILLED))
